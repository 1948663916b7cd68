// A form in the panel beside a list: what it is about is read once, and what was typed outlives a click elsewhere.

import { el, fill } from '../dom.js';
import { dropDraft, keepDraft } from '../drafts.js';
import { button, empty, loading, panelHead } from './common.js';
import { formError, onSubmit } from './form.js';

/**
 * The panel. `build` makes the form, of what `read` brings or, without it, of null; `unreadable` says that it did not. The
 * control marked `data-first` gets the focus.
 */
export function formPanel(title, { read = null, unreadable = '', build, signal, onClose }) {
  const holder = el('div', {});
  if (read === null) {
    fill(holder, build(null));
  } else {
    fill(holder, loading());
    load();
  }
  return el(
    'div',
    { class: 'panel' },
    panelHead(title, 'Close the form', onClose),
    holder,
  );

  /** Read once: the form belongs to the user from then on, whatever polling brings. */
  async function load() {
    try {
      fill(holder, build(await read()));
      holder.querySelector('[data-first]').focus();
    } catch (problem) {
      if (!signal.aborted) {
        fill(holder, empty(unreadable, problem.message, button('Try again', load)));
      }
    }
  }
}

/**
 * A form whose unsent text is kept under `draftKey`. `restored(form)` is called once a draft is back in place; `read(form)`
 * answers what to send, or null when it has marked what is wrong; `send` sends that, and its answer is what `onSaved` gets.
 */
export function draftedForm(draftKey, fields, { submit, restored, read, send, onSaved, onClose }) {
  const note = el('p', { class: 'hint', role: 'status' });
  const form = el(
    'form',
    { class: 'form' },
    note,
    fields,
    formError(),
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'submit', class: 'button primary' }, submit),
      button('Cancel', () => {
        dropDraft(draftKey);
        onClose();
      }),
    ),
  );
  if (keepDraft(form, draftKey)) {
    note.textContent = 'Your unsaved changes were put back. Cancel drops them.';
  }
  restored(form);
  onSubmit(form, async () => {
    const wanted = read(form);
    if (wanted === null) {
      form.querySelector('[aria-invalid]')?.focus();
      return;
    }
    const saved = await send(wanted, form);
    dropDraft(draftKey);
    // Whoever went elsewhere meanwhile is not pulled back.
    if (form.isConnected) {
      onSaved(saved);
    }
  });
  return form;
}
