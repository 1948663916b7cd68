// What a webhook's settings say, in words.

import { timeAgo } from '../clock.js';
import { el } from '../dom.js';
import { NONE, seconds, words } from '../format.js';
import { facts, idChip } from './common.js';
import { webhookView } from './status.js';

export const STATE_LINES = {
  active: 'Events are delivered as they come.',
  paused: 'Deliveries wait; new events go on being collected.',
  disabled: 'Deliveries wait; new events pass it by.',
  'circuit open': 'It failed too often. Nothing is sent but a probe now and then.',
  shadow: 'Requests are made and recorded, but not sent.',
  probing: 'One delivery is out to see whether it is back.',
};

export function stateLine(webhook) {
  return STATE_LINES[webhookView(webhook)];
}

export function disabledBecause(webhook) {
  return !webhook.active && webhook.disabled_reason ? `Longline disabled it: ${words(webhook.disabled_reason)}.` : null;
}

export function settingsFacts(webhook) {
  return facts([
    [
      'Events',
      el(
        'ul',
        { class: 'patterns' },
        webhook.events.map((pattern) => el('li', {}, el('code', {}, pattern))),
      ),
    ],
    [
      'Secret',
      webhook.secret_hint
        ? el('span', {}, 'ends in ', el('code', {}, webhook.secret_hint))
        : 'none: requests are not signed',
    ],
    ['Retries', retries(webhook)],
    ['Timeout', seconds(webhook.timeout)],
    ['Rate limit', webhook.rate_limit ? `${webhook.rate_limit} per second` : 'none'],
    ['At the same time', webhook.max_in_flight ? `${webhook.max_in_flight} at most` : 'the server’s default'],
    ['Tenant', webhook.tenant],
    ['Format', webhook.format ?? 'standard'],
    webhook.template && ['Template', expression(webhook.template)],
    webhook.filter && ['Filter', expression(webhook.filter)],
    webhook.transform && ['Transform', expression(webhook.transform)],
    webhook.shadow && ['Shadow', 'Nothing is sent: compare what would be with what another system sends'],
    ['Headers', pairs(webhook.headers)],
    ['Metadata', pairs(webhook.metadata)],
  ]);
}

function retries({ retry_schedule: schedule, retry_count: times, retry_delay: delay }) {
  if (schedule) {
    return `after ${schedule.map(seconds).join(', ')}`;
  }
  return times === 0 ? 'none' : `${times}, the first after ${seconds(delay)}, then doubling`;
}

function expression(text) {
  return el('span', { class: 'code setting-text' }, text);
}

function pairs(object) {
  const entries = Object.entries(object ?? {});
  return entries.length === 0
    ? NONE
    : el(
        'ul',
        { class: 'plain' },
        entries.map(([name, value]) =>
          el('li', {}, el('code', {}, `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)),
        ),
      );
}

/** The line under its URL: description, identifier, when it was registered and changed. */
export function whichWebhook(webhook) {
  return el(
    'p',
    { class: 'panel-sub' },
    webhook.description && el('span', {}, webhook.description),
    el('span', {}, 'Webhook ', idChip(webhook.id)),
    el('span', {}, 'Registered ', timeAgo(webhook.created_at)),
    el('span', {}, 'Changed ', timeAgo(webhook.updated_at)),
  );
}
