// Which webhook an id belongs to: delivery lists hold ids only, people know URLs.

import * as api from './api.js';
import { shortId } from './format.js';

const FRESH_MS = 10_000;
/** One page of the API at most; webhooks beyond it are shown by their id. */
const LIMIT = 500;

let known = new Map();
let loadedAt = 0;

/** Loads the webhooks unless that was done a moment ago. */
export async function refresh(signal) {
  if (Date.now() - loadedAt < FRESH_MS) {
    return;
  }
  const { data } = await api.webhooks({ limit: LIMIT }, signal);
  known = new Map(data.map((webhook) => [webhook.id, webhook]));
  loadedAt = Date.now();
}

/** To be called when a webhook was changed here. */
export function forget() {
  loadedAt = 0;
}

export function all() {
  return [...known.values()];
}

export function find(id) {
  return known.get(id);
}

/** The webhook's URL, or its short id when it is deleted or not known. */
export function nameOf(id) {
  return known.get(id)?.url ?? shortId(id);
}
