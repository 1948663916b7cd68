// Keeping the page true: polling while somebody looks, and saying so when the server stops answering.

import { ApiError } from './api.js';

const EVERY_MS = 2000;
/** Calls slow down to this while the server is away, so that its return is still noticed at once. */
const SLOWEST_MS = 8000;

/** What the top bar shows: `connecting`, `live`, `paused` or `stale`. Dispatches `change`. */
class Connection extends EventTarget {
  #paused = false;
  /** Each poll in trouble and why: one call may fail while another is answered. */
  #troubles = new Map();
  lastAnswerAt = null;

  get state() {
    if (this.#troubles.size > 0) {
      return 'stale';
    }
    if (this.#paused) {
      return 'paused';
    }
    return this.lastAnswerAt === null ? 'connecting' : 'live';
  }

  /** Why the page is stale, in words; null when it is not. */
  get trouble() {
    return this.#troubles.values().next().value ?? null;
  }

  get isPaused() {
    return this.#paused;
  }

  togglePause() {
    this.#changing(() => {
      this.#paused = !this.#paused;
    });
  }

  answered(poll) {
    this.#changing(() => {
      this.lastAnswerAt = Date.now();
      this.#troubles.delete(poll);
    });
  }

  failed(poll, detail) {
    this.#changing(() => this.#troubles.set(poll, detail));
  }

  ended(poll) {
    this.#changing(() => this.#troubles.delete(poll));
  }

  #changing(change) {
    const before = `${this.state} ${this.trouble} ${this.#paused}`;
    change();
    if (before !== `${this.state} ${this.trouble} ${this.#paused}`) {
      this.dispatchEvent(new Event('change'));
    }
  }
}

export const connection = new Connection();

const wakeUps = new Set();
const wakeAll = () => wakeUps.forEach((wake) => wake());
document.addEventListener('visibilitychange', wakeAll);
connection.addEventListener('change', wakeAll);

/**
 * Runs `load` now and then every two seconds while the tab is visible and updates are not paused, until the signal
 * aborts. Runs never overlap. What `load` throws marks the page as stale; a refusal that the page can show in place
 * (no such delivery, a bad filter) is for `load` to catch. Returns a function that refreshes at once.
 */
export function poll(load, signal) {
  let timer = null;
  let running = false;
  let askedAgain = false;
  let failures = 0;

  const isWatched = () => !document.hidden && !connection.isPaused;

  async function refresh() {
    if (running) {
      askedAgain = true;
      return;
    }
    clearTimeout(timer);
    timer = null;
    running = true;
    failures = (await succeeds(refresh, load, signal)) ? 0 : failures + 1;
    running = false;
    if (signal.aborted) {
      return;
    }
    if (askedAgain) {
      askedAgain = false;
      refresh();
    } else {
      schedule();
    }
  }

  function schedule() {
    if (isWatched()) {
      timer = setTimeout(refresh, Math.min(EVERY_MS * 2 ** Math.max(0, failures - 1), SLOWEST_MS));
    }
  }

  function wake() {
    if (!isWatched()) {
      clearTimeout(timer);
      timer = null;
    } else if (timer === null && !running) {
      refresh();
    }
  }

  wakeUps.add(wake);
  signal.addEventListener('abort', () => {
    wakeUps.delete(wake);
    clearTimeout(timer);
    connection.ended(refresh);
  });
  refresh();
  return refresh;
}

async function succeeds(poll, load, signal) {
  try {
    await load(signal);
    if (!signal.aborted) {
      connection.answered(poll);
    }
    return true;
  } catch (problem) {
    if (signal.aborted) {
      return true;
    }
    if (!(problem instanceof ApiError)) {
      console.error(problem);
    }
    connection.failed(poll, problem.message);
    return false;
  }
}
