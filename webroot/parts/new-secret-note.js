// The secret of a webhook just registered, shown once and kept apart from what is redrawn: it stays until it is put away.

import { el, fill } from '../dom.js';
import { dropSecret, secretOf } from '../pages/new-secret.js';
import { shownOnce } from './shown-once.js';

export function newSecretNote(id, onStored) {
  const node = el('div', {});
  const value = secretOf(id);
  if (value) {
    fill(
      node,
      shownOnce(
        'Secret',
        value,
        'Give it to the receiver, which verifies with it what arrives; the webhook’s page has the code for that.',
        () => {
          dropSecret();
          fill(node);
          onStored();
        },
      ),
    );
  }
  return node;
}
