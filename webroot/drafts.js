// What was typed into a form and not yet sent, kept while the page lives: a click on another row must not cost it.

const drafts = new Map();

/**
 * Puts back what was typed into this form before, and remembers from now on. Controls marked `data-secret` are never
 * remembered. Returns whether anything was put back.
 */
export function keepDraft(form, key) {
  const restored = restore(form, drafts.get(key));
  form.addEventListener('input', () => drafts.set(key, values(form)));
  return restored;
}

export function dropDraft(key) {
  drafts.delete(key);
}

function values(form) {
  return new Map([...form.elements].filter(isKept).map((control) => [control.name, control.value]));
}

function restore(form, draft) {
  if (!draft) {
    return false;
  }
  for (const control of [...form.elements].filter(isKept)) {
    if (draft.has(control.name)) {
      control.value = draft.get(control.name);
    }
  }
  return true;
}

function isKept(control) {
  return control.name && !('secret' in control.dataset);
}
