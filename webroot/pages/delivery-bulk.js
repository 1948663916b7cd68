// What is done with the chosen deliveries: a bar while some are chosen, and how far the work is.

import * as api from '../api.js';
import { el, fill } from '../dom.js';
import { count, number } from '../format.js';
import { button } from '../parts/common.js';
import { forEach, progressStrip } from '../parts/progress.js';

/** `picks` holds the choice; `onChange` is called when deliveries were changed, `onAll` to go on to all that match. */
export function deliveryBulk(picks, pageSignal, { onChange, onAll }) {
  const bar = el('div', { class: 'strip bulk', role: 'region', 'aria-label': 'Chosen deliveries', hidden: true });
  const strip = progressStrip();
  const node = el('div', { class: 'strips' }, bar, strip.node);
  return {
    node,
    strip,
    show(ids) {
      bar.hidden = ids.length === 0;
      if (ids.length > 0) {
        fill(
          bar,
          el('strong', {}, `${number(ids.length)} chosen`),
          button('Retry them', () => run('Retrying', ids, api.retryDelivery, 'retried'), {
            kind: 'primary',
            iconName: 'retry',
          }),
          button('Cancel them', () => run('Cancelling', ids, api.cancelDelivery, 'cancelled'), { iconName: 'slash' }),
          button('All that match…', onAll),
          button('Choose none', () => picks.clear()),
        );
      }
    },
  };

  async function run(label, ids, act, done) {
    picks.clear();
    const stop = new AbortController();
    strip.begin(label, () => stop.abort());
    const outcome = await forEach(ids, act, {
      onProgress: strip.show,
      signal: AbortSignal.any([pageSignal, stop.signal]),
    });
    onChange();
    if (pageSignal.aborted) {
      return;
    }
    strip.end(outcomeText(outcome, ids.length, done), outcome.refusals.length > 0 ? 'warn' : 'good');
  }
}

function outcomeText({ done, refusals }, total, word) {
  const succeeded = done - refusals.length;
  const parts = [`${count(succeeded, 'delivery', 'deliveries')} ${word}.`];
  if (refusals.length > 0) {
    const reasons = new Map();
    refusals.forEach(({ problem }) => reasons.set(problem.message, (reasons.get(problem.message) ?? 0) + 1));
    parts.push(`${number(refusals.length)} refused:`);
    parts.push([...reasons].map(([reason, times]) => `${reason} (${number(times)})`).join(' '));
  }
  if (done < total) {
    parts.push(`Stopped; ${number(total - done)} were left alone.`);
  }
  return parts.join(' ');
}
