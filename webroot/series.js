// The server's figures over time, in the form that charts and strips draw.

import * as api from './api.js';

/** Windows that people choose from, and the step that makes each legible; steps also in seconds. */
export const WINDOWS = {
  '15m': { label: '15 min', step: '1m', seconds: 60 },
  '1h': { label: '1 h', step: '1m', seconds: 60 },
  '24h': { label: '24 h', step: '15m', seconds: 900 },
  '7d': { label: '7 d', step: '2h', seconds: 7200 },
};

/** The last step is under way; a rate over less than this would leap. */
const SHORTEST_S = 10;

/**
 * `{seconds, accepted, delivered, failed, p50, p95, p99}`: the times, and for each figure as many values; rates per second,
 * latencies in milliseconds, null where there is nothing to tell.
 */
export async function figuresOver(windowName, filters, signal) {
  const { step, seconds: length } = WINDOWS[windowName];
  const { data } = await api.series({ ...filters, window: windowName, step }, signal);
  const now = Date.now() / 1000;
  const rates = (name) =>
    data.map(({ at, [name]: value }) => {
      const passed = Math.min(length, Math.max(SHORTEST_S, now - Date.parse(at) / 1000));
      return value === null ? null : value / passed;
    });
  const values = (name) => data.map(({ [name]: value }) => value);
  return {
    seconds: data.map(({ at }) => Date.parse(at) / 1000),
    accepted: rates('accepted'),
    delivered: rates('succeeded'),
    failed: rates('failed'),
    p50: values('p50_duration_ms'),
    p95: values('p95_duration_ms'),
    p99: values('p99_duration_ms'),
  };
}

/** A webhook's attempts over the last day in steps such as `1h`: `{at, successful, failed}` for each. */
export async function dayOf(webhookId, step, signal) {
  const { data } = await api.series({ webhook_id: webhookId, window: '24h', step }, signal);
  return data.map(({ at, attempts, attempts_failed: failed }) => ({
    at,
    successful: (attempts ?? 0) - (failed ?? 0),
    failed: failed ?? 0,
  }));
}
