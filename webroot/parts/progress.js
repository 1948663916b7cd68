// Work that takes a while: how far it is, how it went, and a way to stop it.

import { el, fill } from '../dom.js';
import { number } from '../format.js';
import { icon } from '../icons.js';
import { button } from './common.js';

/**
 * A strip above a list. `begin(label, onStop)` shows it; `show({done, total, note})` moves it; `end(text, tone)` leaves the
 * outcome until it is put away.
 */
export function progressStrip() {
  const node = el('div', { class: 'strip', role: 'status', hidden: true });
  const bar = el('progress', { 'aria-label': 'Progress' });
  const text = el('span', { class: 'strip-text' });

  return {
    node,
    begin(label, onStop) {
      bar.removeAttribute('value');
      text.textContent = '';
      fill(
        node,
        el('strong', {}, label),
        bar,
        text,
        button('Stop', (event) => {
          event.currentTarget.disabled = true;
          onStop();
        }),
      );
      node.hidden = false;
    },
    show({ done, total }) {
      if (total !== null) {
        bar.max = Math.max(1, total);
        bar.value = done;
      }
      text.textContent = total === null ? number(done) : `${number(done)} of ${number(total)}`;
    },
    end(outcome, tone = 'good') {
      fill(
        node,
        el('span', { class: tone }, icon(tone === 'good' ? 'check' : 'alert')),
        el('span', { class: 'strip-text' }, outcome),
        button('Close', () => {
          node.hidden = true;
        }),
      );
    },
  };
}

/**
 * Does `act` for each item, a few at a time, until all are done or the signal aborts. Gives `{done, refusals}`: what was
 * refused, each with the server's words.
 */
export async function forEach(items, act, { onProgress, signal, atOnce = 4 }) {
  const waiting = [...items];
  const refusals = [];
  let done = 0;
  const worker = async () => {
    while (waiting.length > 0 && !signal.aborted) {
      const item = waiting.shift();
      try {
        await act(item);
      } catch (problem) {
        refusals.push({ item, problem });
      }
      done += 1;
      onProgress({ done, total: items.length });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { done, refusals };
}
