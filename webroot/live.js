// Keeping the page true. The stream says at once that something changed; what changed is read from the store, together for
// all that came meanwhile. A slow poll finds whatever the stream did not bring, and a quicker one stands in for it.

import { ApiError } from './api.js';
import { follow } from './stream.js';

const EVERY_MS = 2000;
const EVERY_MS_WITH_STREAM = 10_000;
/** The events that come within this are answered with one reading. */
const GATHER_MS = 80;
/** Between two readings for the stream's sake, however much it says. */
const AT_MOST_EVERY_MS = 1000;
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

/** What the stream brings, to those who want it: `{type, data}`. */
const listeners = new Set();
let streamIsOpen = false;
let lastEventId = null;
let following = null;

/** Follows the stream while somebody looks and updates are not paused, until the signal aborts. */
export function startStream(signal) {
  const adjust = () => {
    const isWanted = !signal.aborted && isWatched();
    if (isWanted && following === null) {
      following = new AbortController();
      follow({ heard, opened, lost }, lastEventId, following.signal);
    } else if (!isWanted && following !== null) {
      following.abort();
      following = null;
      streamIsOpen = false;
    }
  };
  document.addEventListener('visibilitychange', adjust, { signal });
  connection.addEventListener('change', adjust, { signal });
  signal.addEventListener('abort', () => {
    adjust();
    lastEventId = null;
  });
  adjust();
}

function opened() {
  streamIsOpen = true;
  // What came between the last reading and now is known to nobody but the store.
  refreshAll();
}

function lost() {
  if (streamIsOpen) {
    streamIsOpen = false;
    // Asking tells whether the server is away or only the stream.
    refreshAll();
  }
}

function heard(type, text, id) {
  lastEventId = id;
  if (type === 'reset') {
    refreshAll();
    return;
  }
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return;
  }
  listeners.forEach((listener) => listener({ type, data }));
}

/** Calls back with each of the stream's events until the signal aborts. */
export function onStream(listener, signal) {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}

/**
 * Gathers what comes and hands it over once a frame, and at most every `gapMs`: however many events a second, the page is
 * drawn a few times.
 */
export function gathered(deliver, gapMs, signal) {
  let waiting = [];
  let timer = null;
  signal.addEventListener('abort', () => clearTimeout(timer));
  const flush = () => {
    timer = null;
    const batch = waiting;
    waiting = [];
    requestAnimationFrame(() => !signal.aborted && deliver(batch));
  };
  return (item, limit) => {
    waiting.push(item);
    if (limit && waiting.length > limit) {
      waiting.shift();
    }
    timer ??= setTimeout(flush, gapMs);
  };
}

const refreshers = new Set();
const refreshAll = () => refreshers.forEach((refresh) => refresh());

function isWatched() {
  return !document.hidden && !connection.isPaused;
}

document.addEventListener('visibilitychange', wakeAll);
connection.addEventListener('change', wakeAll);

/**
 * Runs `load` now and then again and again while the tab is visible and updates are not paused, until the signal aborts:
 * soon after the stream brought something that `wants({type, data})`, and every few seconds. Runs never overlap. What `load`
 * throws marks the page as stale; a refusal that the page can show in place (no such delivery, a bad filter) is for `load`
 * to catch. Returns a function that refreshes at once.
 */
export function poll(load, signal, wants = null) {
  let timer = null;
  let running = false;
  /** What was asked for while a run was under way: `now` by the user, `soon` by the stream. */
  let askedAgain = null;
  let failures = 0;
  let begunAt = 0;

  async function refresh() {
    if (signal.aborted) {
      return;
    }
    if (running) {
      askedAgain = 'now';
      return;
    }
    clearTimeout(timer);
    timer = null;
    running = true;
    begunAt = performance.now();
    failures = (await succeeds(refresh, load, signal)) ? 0 : failures + 1;
    running = false;
    if (signal.aborted) {
      return;
    }
    const again = failures === 0 ? askedAgain : null;
    askedAgain = null;
    if (again === 'now') {
      refresh();
    } else {
      schedule(again === 'soon' ? Math.max(GATHER_MS, begunAt + AT_MOST_EVERY_MS - performance.now()) : usualWait());
    }
  }

  function usualWait() {
    const every = streamIsOpen && failures === 0 ? EVERY_MS_WITH_STREAM : EVERY_MS;
    return Math.min(every * 2 ** Math.max(0, failures - 1), Math.max(every, SLOWEST_MS));
  }

  let dueAt = Infinity;
  function schedule(waitMs) {
    clearTimeout(timer);
    timer = null;
    if (isWatched()) {
      dueAt = performance.now() + waitMs;
      timer = setTimeout(refresh, waitMs);
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

  function changed(event) {
    if (!wants(event) || failures > 0) {
      return;
    }
    if (running) {
      askedAgain ??= 'soon';
      return;
    }
    const waitMs = Math.max(GATHER_MS, begunAt + AT_MOST_EVERY_MS - performance.now());
    if (performance.now() + waitMs < dueAt || timer === null) {
      schedule(waitMs);
    }
  }

  if (wants) {
    onStream(changed, signal);
  }
  wakeUps.add(wake);
  refreshers.add(refresh);
  signal.addEventListener('abort', () => {
    wakeUps.delete(wake);
    refreshers.delete(refresh);
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
