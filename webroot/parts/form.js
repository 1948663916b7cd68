// Forms: labelled fields with a hint and a place for the API's words, and problems shown beside what they name.

import { el, fill } from '../dom.js';
import { icon } from '../icons.js';

/** A label, its control, a hint, and room for what the API says about it. The name is the API's field name. */
export function field(label, control, { hint = null, aside = null } = {}) {
  const id = `field-${control.name}`;
  control.id = id;
  control.setAttribute('aria-describedby', `${hint ? `${id}-hint ` : ''}${id}-error`);
  return el(
    'div',
    { class: 'field', dataset: { field: control.name } },
    el('div', { class: 'field-head' }, el('label', { for: id }, label), aside),
    control,
    hint && el('p', { class: 'hint', id: `${id}-hint` }, hint),
    el('p', { class: 'field-error', id: `${id}-error`, 'aria-live': 'polite' }),
  );
}

export function textInput(name, attributes = {}) {
  const { value = '', ...rest } = attributes;
  const input = el('input', { name, type: 'text', autocomplete: 'off', spellcheck: 'false', ...rest });
  input.value = value ?? '';
  return input;
}

/** Not `type="number"`: that hides what cannot be read as a number, and the API should judge what was typed. */
export function numberInput(name, attributes = {}) {
  return textInput(name, { inputmode: 'numeric', class: 'short', ...attributes });
}

export function textArea(name, attributes = {}) {
  const { value = '', ...rest } = attributes;
  const area = el('textarea', { name, spellcheck: 'false', autocomplete: 'off', ...rest });
  area.value = value ?? '';
  return area;
}

/** Options are `[value, label]` pairs. */
export function select(name, options, attributes = {}) {
  const { value = '', ...rest } = attributes;
  const node = el(
    'select',
    { name, ...rest },
    options.map(([key, label]) => el('option', { value: key }, label)),
  );
  node.value = value;
  return node;
}

export function fold(summary, ...children) {
  return el(
    'details',
    { class: 'fold' },
    el('summary', {}, icon('chevron'), summary),
    el('div', { class: 'fold-body' }, children),
  );
}

/** A number as the API wants it; what is not one goes as it was typed, for the API to refuse in its words. */
export function numberOrText(text) {
  const trimmed = text.trim();
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** `Name: value` lines → object, or a complaint that names the line: `{value}` or `{error}`. */
export function parseHeaderLines(text) {
  const headers = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') {
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) {
      return { error: `Line ${index + 1} is not “Name: value”` };
    }
    const name = line.slice(0, colon).trim();
    if (Object.hasOwn(headers, name)) {
      return { error: `Line ${index + 1} repeats ${name}` };
    }
    headers[name] = line.slice(colon + 1).trim();
  }
  return { value: headers };
}

export function headerLines(headers) {
  return Object.entries(headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** Shows a complaint at a field, or takes it away (null). */
export function setFieldError(form, name, text) {
  const node = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!node) {
    return false;
  }
  fill(node.querySelector('.field-error'), text && icon('alert'), text);
  const control = form.elements[name];
  if (text) {
    control.setAttribute('aria-invalid', 'true');
    // A fault inside a closed fold would stay unseen.
    node.closest('details')?.setAttribute('open', '');
  } else {
    control.removeAttribute('aria-invalid');
  }
  return true;
}

export function clearErrors(form) {
  for (const node of form.querySelectorAll('[data-field]')) {
    setFieldError(form, node.dataset.field, null);
  }
  fill(form.querySelector('.form-error'));
}

/** Each fault beside the field its pointer names; what names no field goes to the form's own line. */
export function showProblem(form, problem) {
  const byField = new Map();
  const elsewhere = [];
  for (const { pointer = '', detail } of problem.errors ?? []) {
    const [name, ...deeper] = pointer.split('/').slice(1).map(unescapePointer);
    const text = deeper.length > 0 ? `${deeper.join(' › ')}: ${detail}` : detail;
    if (name && form.querySelector(`[data-field="${CSS.escape(name)}"]`)) {
      byField.set(name, [...(byField.get(name) ?? []), text]);
    } else {
      elsewhere.push(name ? `${name}: ${detail}` : detail);
    }
  }
  byField.forEach((texts, name) => setFieldError(form, name, texts.join('; ')));
  if (elsewhere.length > 0 || byField.size === 0) {
    fill(form.querySelector('.form-error'), icon('alert'), [problem.message, ...elsewhere].join(' '));
  }
  form.querySelector('[aria-invalid]')?.focus();
}

/** The line for what concerns the form as a whole. */
export function formError() {
  return el('p', { class: 'form-error', role: 'alert' });
}

/**
 * Runs `send` when the form is submitted, once at a time; `send` gets the form after all complaints were cleared, and
 * what it throws is shown.
 */
export function onSubmit(form, send) {
  const submit = form.querySelector('[type=submit]');
  form.noValidate = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) {
      return;
    }
    clearErrors(form);
    submit.disabled = true;
    submit.setAttribute('aria-busy', 'true');
    try {
      await send(form);
    } catch (problem) {
      showProblem(form, problem);
    } finally {
      submit.disabled = false;
      submit.removeAttribute('aria-busy');
    }
  });
}

function unescapePointer(segment) {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
