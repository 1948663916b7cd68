// Modal questions. The browser's own <dialog> keeps the focus inside and closes on Escape.

import { el, fill } from '../dom.js';
import { button } from './common.js';

/** Opens a dialog around `content`; removed from the page once closed. Returns the element. */
export function openDialog(title, ...content) {
  const heading = el('h2', { id: 'dialog-title' }, title);
  const dialog = el('dialog', { 'aria-labelledby': 'dialog-title' }, heading, content);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something that cannot be undone. `describe` is awaited first and gives `{text, action}`: what will happen
 * and the words on the button, so that nobody confirms before the consequence is known. `act` then does it.
 */
export function confirmDanger(title, describe, act) {
  const text = el('p', { 'aria-live': 'polite' }, 'Counting what this would cancel…');
  const failure = el('p', { class: 'form-error', role: 'alert' });
  const confirm = button('Delete', doIt, { kind: 'danger', disabled: true });
  const dialog = openDialog(
    title,
    text,
    failure,
    el(
      'div',
      { class: 'actions end' },
      button('Keep it', () => dialog.close(), { autofocus: true }),
      confirm,
    ),
  );

  async function doIt() {
    await attempt(act, () => dialog.close());
  }

  async function attempt(work, then) {
    confirm.disabled = true;
    fill(failure);
    try {
      then(await work());
    } catch (problem) {
      fill(failure, problem.message);
      confirm.disabled = work !== act;
    }
  }

  attempt(describe, (consequence) => {
    fill(text, consequence.text);
    fill(confirm, consequence.action);
    confirm.disabled = false;
  }).then(() => {
    if (confirm.disabled) {
      text.textContent = 'What this would cancel could not be counted. Close this and try again.';
    }
  });
}
