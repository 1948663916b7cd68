// The catalogue of event types, for suggestions only: forms work without it, names can always be typed.

import * as api from './api.js';

/** `[{name, description, example, …}]`; empty when the server does not say. */
export async function loadEventTypes(signal) {
  try {
    const { data } = await api.eventTypes(signal);
    return data.filter(({ name }) => typeof name === 'string');
  } catch {
    return [];
  }
}
