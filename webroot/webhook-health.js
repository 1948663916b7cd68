// How the webhooks on the screen fare: read one by one, a few at a time, and kept for a moment.

import * as api from './api.js';
import { dayOf } from './series.js';

const FRESH_MS = 30_000;
const AT_ONCE = 3;
/** A bar of the sparkline. */
const BAR = '1h';

/** `onLoaded` is called, gathered, after some were read. */
export function webhookHealth(signal, onLoaded) {
  const known = new Map();
  const queue = new Set();
  let running = 0;
  return {
    /** `{day, stats}`, or null while it is not known. */
    of: (id) => known.get(id)?.value ?? null,
    /** Says which are on the screen: those not known lately are read. */
    want(ids) {
      const now = Date.now();
      for (const id of ids) {
        if (now - (known.get(id)?.at ?? 0) > FRESH_MS) {
          queue.add(id);
        }
      }
      while (running < AT_ONCE && queue.size > 0) {
        running += 1;
        work();
      }
    },
  };

  async function work() {
    while (queue.size > 0 && !signal.aborted) {
      const [id] = queue;
      queue.delete(id);
      const before = known.get(id)?.value ?? null;
      // Marked first: a call that fails is not repeated with every scroll.
      known.set(id, { at: Date.now(), value: before });
      try {
        const [stats, day] = await Promise.all([
          api.webhookStats(id, signal),
          dayOf(id, BAR, signal).catch(() => null),
        ]);
        known.set(id, { at: Date.now(), value: { day, stats } });
        onLoaded();
      } catch {
        // The list itself tells when the server is away.
      }
    }
    running -= 1;
  }
}
