// The server's stream of events (Server-Sent Events), read with fetch: unlike EventSource that shows heartbeats and
// statuses, lets each wait be ours, and names the last event again after any kind of loss.

const URL = '/api/stream';
/** The server says something at least every 15 s; twice that long without a byte, and the line is dead. */
const SILENT_MS = 35_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/**
 * Keeps the stream open until the signal aborts. `heard(type, data)` gets each event, `opened()` is told whenever it is
 * there again, `lost()` when it no longer is. A server that refuses it for good (no such call, not signed in) is not
 * asked again.
 */
export async function follow({ heard, opened, lost }, lastId, signal) {
  const position = { id: lastId };
  let failures = 0;
  while (!signal.aborted) {
    const line = new AbortController();
    const both = AbortSignal.any([signal, line.signal]);
    try {
      const response = await fetch(URL, {
        headers: { Accept: 'text/event-stream', ...(position.id && { 'Last-Event-ID': position.id }) },
        signal: both,
        cache: 'no-store',
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        return;
      }
      if (response.ok && response.body) {
        failures = 0;
        opened();
        await readAll(response.body, line, position, heard);
      }
    } catch {
      // Away, or cut off: both end here, and it is asked for again.
    }
    line.abort();
    if (!signal.aborted) {
      lost();
      failures += 1;
      await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2), signal);
    }
  }
}

async function readAll(body, line, position, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = parser((type, data, id) => {
    if (id !== null) {
      position.id = id;
    }
    if (type !== null) {
      heard(type, data, position.id);
    }
  });
  for (;;) {
    const alarm = setTimeout(() => line.abort(), SILENT_MS);
    try {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      parse(value);
    } finally {
      clearTimeout(alarm);
    }
  }
}

/** Takes the stream piece by piece, wherever it was cut; `tell(type, data, id)` gets each whole event (type null: none, only an identifier). */
export function parser(tell) {
  let rest = '';
  let type = '';
  let data = [];
  let id = null;
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        // An identifier alone is no event, and yet the place to come back to.
        tell(data.length > 0 ? type || 'message' : null, data.join('\n'), id);
        type = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'event') {
        type = value;
      } else if (name === 'data') {
        data.push(value);
      } else if (name === 'id') {
        id = value;
      }
    }
  };
}

function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
