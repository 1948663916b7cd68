// Shown in place of every page while the server needs a key and nobody is signed in.

import * as api from '../api.js';
import { el } from '../dom.js';
import { heading } from '../parts/common.js';
import { field, formError, onSubmit, textInput } from '../parts/form.js';

/** Draws the form; `signedIn` is called once the server has taken a key. */
export function signInPage(signedIn) {
  const key = textInput('key', { type: 'password', autocomplete: 'current-password', required: true });
  const form = el(
    'form',
    { class: 'form card sign-in' },
    heading(1, 'Sign in'),
    el('p', {}, 'This server needs an API key. The browser keeps a session in its place, not the key itself.'),
    field('API key', key, { hint: 'It begins with llk_' }),
    formError(),
    el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'button primary' }, 'Sign in')),
  );
  onSubmit(form, async () => {
    await api.signIn(key.value.trim());
    key.value = '';
    signedIn();
  });
  return form;
}
