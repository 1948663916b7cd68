// The calls of the HTTP API that the dashboard makes, one function each.

import { parseExact } from './json.js';

const ANSWER_WITHIN_MS = 15_000;
/** A test request may take as long as the timeout asked for, at most 300 s. */
const TEST_ANSWERS_WITHIN_MS = 310_000;
const JSON_BODY = { 'Content-Type': 'application/json' };

/** A call that did not succeed: the server's problem+json, or (`status` 0) no answer at all. */
export class ApiError extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }

  /** Whether nothing is known to be wrong with the call itself: the server is away, or says that it is in trouble. */
  get isOutage() {
    return this.status === 0 || this.status >= 500;
  }
}

/** Told of every call that was refused because nobody is signed in. */
export const signedOut = new EventTarget();

export const session = () => read('/api/session', {});
export const signIn = (key) => write('POST', '/api/session', { key });
export const signOut = () => call('DELETE', '/api/session');

export const stats = (signal) => read('/api/stats', {}, signal);
/** Up to so many event types; schemas and examples keep every digit of their numbers. */
export async function eventTypes(signal, most = 200) {
  const data = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({ limit: most - data.length, ...(cursor && { cursor }) });
    const page = parseExact(await call('GET', `/api/events?${query}`, { signal, as: 'text' }));
    data.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor && data.length < most);
  return { data };
}
export const eventType = async (name, signal) =>
  parseExact(await call('GET', eventTypePath(name), { signal, as: 'text' }));
/** Takes the body as text, so that what was typed reaches the server digit for digit. */
export const putEventType = (name, body) => call('PUT', eventTypePath(name), { body, headers: JSON_BODY });
export const archiveEventType = (name, tenant) =>
  call('DELETE', `${eventTypePath(name)}?${new URLSearchParams({ tenant })}`);

export const webhooks = (filters, signal) => read('/api/webhooks', filters, signal);
export const webhook = (id, signal) => read(webhookPath(id), {}, signal);
/** The webhook with `pending`: how many waiting deliveries deleting it would cancel. */
export const webhookWithPending = (id) => read(`${webhookPath(id)}?pending`, {});
export const createWebhook = (fields) => write('POST', '/api/webhooks', fields);
export const patchWebhook = (id, patch) => write('PATCH', webhookPath(id), patch);
export const deleteWebhook = (id) => call('DELETE', webhookPath(id));
/** What a webhook would send; the body is text, so that numbers keep their digits. Nothing is sent. */
export const previewWebhook = (body, signal) =>
  call('POST', '/api/webhooks/preview', { body, headers: JSON_BODY, signal });
/** Takes the body as text, as does {@link triggerEvent}: what the user typed reaches the server digit for digit. */
export const testWebhook = (body) =>
  call('POST', '/api/webhooks/test', {
    body,
    headers: JSON_BODY,
    withinMs: TEST_ANSWERS_WITHIN_MS,
  });

export const webhookSecret = (id) => read(`${webhookPath(id)}/secret`, {});
export const rotateSecret = (id, fields) => write('POST', `${webhookPath(id)}/secret/rotate`, fields);
/** Counts and latencies per step, for charts; `filters` name a `window` and whose they are. */
export const series = (filters, signal) => read('/api/stats/series', filters, signal);
export const webhookStats = (id, signal) => read(`${webhookPath(id)}/stats`, {}, signal);

export const startReplay = (fields, signal) =>
  call('POST', '/api/replays', { body: JSON.stringify(fields), headers: JSON_BODY, signal });
export const replay = (id, signal) => read(`/api/replays/${encodeURIComponent(id)}`, {}, signal);
export const replays = (filters, signal) => read('/api/replays', filters, signal);
export const stopReplay = (id) => call('DELETE', `/api/replays/${encodeURIComponent(id)}`);

export const recentEvents = (filters, signal) => read('/api/events/recent', filters, signal);
export const replayEvent = (id) => write('POST', `/api/events/${encodeURIComponent(id)}/replay`, {});

export const sources = (filters, signal) => read('/api/sources', filters, signal);
export const source = (id, signal) => read(`/api/sources/${encodeURIComponent(id)}`, {}, signal);
export const createSource = (fields) => write('POST', '/api/sources', fields);
export const deleteSource = (id) => call('DELETE', `/api/sources/${encodeURIComponent(id)}`);

export const keys = (filters, signal) => read('/api/keys', filters, signal);
export const createKey = (fields) => write('POST', '/api/keys', fields);
export const revokeKey = (id) => call('DELETE', `/api/keys/${encodeURIComponent(id)}`);

export const audit = (filters, signal) => read('/api/audit', filters, signal);
/** What the built-in receiver got; only where no keys are needed. */
export const received = (signal) => read('/_receiver', {}, signal);
export const forgetReceived = () => call('DELETE', '/_receiver');
export const settings = (signal) => read('/api/settings', {}, signal);
/** The server's own checks; a server that is not ready answers 503 with the same body. */
export const readiness = (signal) => call('GET', '/health/ready', { signal, accepted: [503] });

export const deliveries = (filters, signal) => read('/api/deliveries', filters, signal);
export const retryDelivery = (id) => call('POST', `${deliveryPath(id)}/retry`);
export const cancelDelivery = (id) => call('POST', `${deliveryPath(id)}/cancel`);

/** One event with its deliveries; its payload keeps every digit of its numbers. */
export async function event(id, signal) {
  const text = await call('GET', `/api/events/${encodeURIComponent(id)}`, { signal, as: 'text' });
  return { ...JSON.parse(text), payload: parseExact(text).payload };
}

/** One delivery; its payload keeps every digit of its numbers. */
export async function delivery(id, signal) {
  const text = await call('GET', deliveryPath(id), { signal, as: 'text' });
  return { ...JSON.parse(text), payload: parseExact(text).payload };
}

export const triggerEvent = (body, idempotencyKey) =>
  call('POST', '/api/events/trigger', {
    body,
    headers: { ...JSON_BODY, 'Idempotency-Key': idempotencyKey },
  });

const webhookPath = (id) => `/api/webhooks/${encodeURIComponent(id)}`;
const eventTypePath = (name) => `/api/event-types/${encodeURIComponent(name)}`;
const deliveryPath = (id) => `/api/deliveries/${encodeURIComponent(id)}`;

function read(path, filters, signal) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value)).toString();
  return call('GET', query ? `${path}?${query}` : path, { signal });
}

function write(method, path, fields) {
  return call(method, path, { body: JSON.stringify(fields), headers: JSON_BODY });
}

async function call(method, path, { body, headers, signal, withinMs = ANSWER_WITHIN_MS, as = 'json', accepted = [] } = {}) {
  const limit = AbortSignal.timeout(withinMs);
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      body,
      headers: { Accept: 'application/json', ...headers },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
    });
    text = await response.text();
  } catch {
    throw new ApiError(
      0,
      limit.aborted ? `The server did not answer within ${withinMs / 1000} s.` : 'The server cannot be reached.',
    );
  }
  if (!response.ok && !accepted.includes(response.status)) {
    if (response.status === 401 && !(method === 'POST' && path === '/api/session')) {
      signedOut.dispatchEvent(new Event('signedout'));
    }
    throw problemFrom(response.status, text);
  }
  if (as === 'text' || text === '') {
    return text;
  }
  return parseAnswer(text);
}

function parseAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(502, 'The answer is not JSON: is something other than Longline answering at this address?');
  }
}

function problemFrom(status, text) {
  try {
    const problem = JSON.parse(text);
    const errors = Array.isArray(problem.errors) ? problem.errors : [];
    return new ApiError(status, problem.detail ?? problem.title ?? `The server answered ${status}.`, errors);
  } catch {
    // A proxy in front may answer with a page of its own.
    return new ApiError(status, `The server answered ${status}.`);
  }
}
