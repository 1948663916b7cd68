// A secret that its maker sees once.

import { copy, el } from '../dom.js';
import { icon } from '../icons.js';
import { button } from './common.js';

export function shownOnce(what, value, explanation, onStored) {
  return el(
    'section',
    { class: 'notice accent secret', 'aria-label': `${what}, shown once` },
    icon('alert'),
    el(
      'div',
      {},
      el('p', {}, el('strong', {}, `${what}: shown only now.`)),
      el(
        'p',
        { class: 'secret-line' },
        el('code', { tabindex: '0', role: 'textbox', 'aria-readonly': 'true', 'aria-label': what }, value),
        button(`Copy ${what.toLowerCase()}`, () => copy(value, what), { kind: 'primary', iconName: 'copy' }),
      ),
      el('p', {}, explanation),
      button('I have stored it', onStored),
    ),
  );
}
