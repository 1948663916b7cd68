// Times that count by themselves: "12 s ago" and "in 00:42" go on between two answers of the server.

import { el } from './dom.js';
import { ago, countdown, exactTime, NONE } from './format.js';

const READS = { ago, countdown };

/** `12 s ago`, with the exact time on hover. */
export function timeAgo(iso) {
  return time(iso, 'ago');
}

/** `in 00:42`, with the exact time on hover. */
export function timeUntil(iso) {
  return time(iso, 'countdown');
}

function time(iso, reads) {
  if (!iso) {
    return NONE;
  }
  return el('time', { datetime: iso, title: exactTime(iso), dataset: { reads } }, READS[reads](iso, Date.now()));
}

export function startClock() {
  setInterval(() => {
    if (document.hidden) {
      return;
    }
    const now = Date.now();
    for (const node of document.querySelectorAll('time[data-reads]')) {
      const text = READS[node.dataset.reads](node.dateTime, now);
      // Unchanged text is left alone: writing it would drop a selection.
      if (node.textContent !== text) {
        node.textContent = text;
      }
    }
  }, 1000);
}
