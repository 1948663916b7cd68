// A webhook's signing secret: hidden until asked for, rotated with an overlap that counts down.

import * as api from '../api.js';
import { timeUntil } from '../clock.js';
import { copy, el, fill, toast } from '../dom.js';
import { seconds } from '../format.js';
import { button, refusal } from './common.js';
import { openDialog } from './dialog.js';
import { field, formError, numberInput, numberOrText, onSubmit, textInput } from './form.js';

const DAY_S = 86_400;

/** `onChange` is called after a rotation. */
export function webhookSecret(id, onChange) {
  const node = el('div', { class: 'secret-card' });
  let hint = null;
  return {
    node,
    /** Draws it anew only when the webhook has another secret: what was revealed stays in sight. */
    show(webhook) {
      if (hint !== webhook.secret_hint || !node.hasChildNodes()) {
        hint = webhook.secret_hint;
        drawHidden(null);
      }
    },
  };

  function drawHidden(overlapEnds) {
    fill(
      node,
      hint === null
        ? el('p', { class: 'muted' }, 'None: requests are not signed. Edit the webhook to set one.')
        : el('p', {}, el('code', {}, `•••••••• ${hint}`)),
      overlap(overlapEnds),
      el(
        'div',
        { class: 'actions' },
        hint !== null && button('Reveal', reveal),
        button(hint === null ? 'Make one…' : 'Rotate…', askToRotate, { iconName: 'retry' }),
      ),
    );
  }

  function drawRevealed({ secret, public_key: publicKey, previous_secret_expires_at: overlapEnds }) {
    fill(
      node,
      el('p', { class: 'secret-line' }, el('code', { class: 'revealed', 'aria-label': 'Secret' }, secret)),
      publicKey && el('p', {}, 'Public key ', el('code', {}, publicKey)),
      overlap(overlapEnds),
      el(
        'div',
        { class: 'actions' },
        button('Copy secret', () => copy(secret, 'Secret'), { iconName: 'copy' }),
        button('Hide', () => drawHidden(overlapEnds)),
        button('Rotate…', askToRotate, { iconName: 'retry' }),
      ),
    );
  }

  function overlap(until) {
    return (
      until &&
      Date.parse(until) > Date.now() &&
      el('p', { class: 'hint', role: 'status' }, 'The old secret signs too; it ends ', timeUntil(until), '.')
    );
  }

  async function reveal() {
    try {
      drawRevealed(await api.webhookSecret(id));
    } catch (problem) {
      fill(node, refusal(problem), button('Try again', reveal));
    }
  }

  function askToRotate() {
    const form = el(
      'form',
      { class: 'form' },
      el('p', {}, 'A new secret is made. Until the old one ends both sign, so that the receiver can change over in peace.'),
      field('Old secret ends after', numberInput('expire_after', { value: String(DAY_S) }), {
        hint: `Seconds, at most ${seconds(7 * DAY_S)}; 0 ends it at once`,
      }),
      field('New secret', textInput('secret', { placeholder: 'made for you' }), { hint: 'Only to set one of your own' }),
      formError(),
      el(
        'div',
        { class: 'actions end' },
        button('Keep the old one', () => dialog.close()),
        el('button', { type: 'submit', class: 'button primary' }, 'Rotate'),
      ),
    );
    const dialog = openDialog('Rotate the signing secret', form);
    onSubmit(form, async () => {
      const { expire_after: after, secret } = form.elements;
      const rotated = await api.rotateSecret(id, {
        ...(after.value.trim() !== '' && { expire_after: numberOrText(after.value) }),
        ...(secret.value !== '' && { secret: secret.value }),
      });
      dialog.close();
      toast('Secret rotated');
      hint = rotated.secret.slice(-4);
      drawRevealed(rotated);
      onChange();
    });
  }
}
