// What Longline's own receiver got: for a first webhook without a server of one's own.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { el, fill, keyedRows } from '../dom.js';
import { icon } from '../icons.js';
import { poll } from '../live.js';
import { codeBlock } from '../parts/code.js';
import { button, empty, facts, linkButton, loading } from '../parts/common.js';
import { exchange } from '../parts/exchange.js';
import { badge } from '../parts/status.js';
import { href } from '../router.js';

const SIGNATURES = {
  valid: { icon: 'check', tone: 'good' },
  invalid: { icon: 'cross', tone: 'bad' },
  missing: { icon: 'alert', tone: 'warn' },
  unknown: { icon: 'circle', tone: 'mute' },
};

export function builtInReceiver(signal) {
  const around = el('div', {}, loading());
  const list = el('div', {});
  const rows = keyedRows(list, keyOf, draw);
  const refresh = poll(
    async () => {
      const { data } = await api.received(signal);
      rows.show(data);
      fill(
        around,
        data.length === 0 &&
          empty(
            'Nothing arrived yet',
            'Register a webhook with the address above, then send an event that it subscribes to.',
            linkButton('Register it', href(['webhooks', 'new', 'receiver']), { kind: 'primary' }),
            linkButton('Send an event', href(['events', 'send'])),
          ),
      );
    },
    signal,
    ({ type, data }) => type === 'delivery' && data.attempt_count > 0,
  );
  const forget = async () => {
    await api.forgetReceived().catch(() => {});
    refresh();
  };
  const node = el(
    'div',
    { class: 'receiver-grid' },
    el(
      'section',
      { class: 'card explanation', 'aria-label': 'Its address' },
      el('header', { class: 'card-head' }, el('h2', {}, 'Its address')),
      el(
        'div',
        { class: 'card-body' },
        codeBlock(`${location.origin}/_receiver`, 'Address'),
        el('p', {}, 'It takes what webhooks send and shows it here: the last 100 requests, until the server stops.'),
        facts([
          [el('code', {}, '/_receiver/any-name'), 'tells webhooks apart'],
          [el('code', {}, '/_receiver?status=503'), 'fails, so that retries can be seen'],
          [el('code', {}, '/_receiver?delay_ms=2000'), 'answers slowly'],
        ]),
      ),
    ),
    el(
      'section',
      { class: 'card', 'aria-label': 'What arrived' },
      el('header', { class: 'card-head' }, el('h2', {}, 'What arrived'), button('Forget it all', forget)),
      list,
      around,
    ),
  );
  return { node };
}

function keyOf({ received_at: at, headers }) {
  return `${at} ${header(headers, 'x-webhook-delivery')} ${header(headers, 'x-webhook-attempt')}`;
}

function draw(request) {
  const { received_at: at, path, query, headers, body, signature, answered } = request;
  return el(
    'details',
    { class: 'received' },
    el(
      'summary',
      {},
      icon('chevron'),
      el('strong', {}, header(headers, 'x-webhook-event') || path),
      badge(`signature ${signature}`, SIGNATURES[signature]),
      el('span', { class: answered < 300 ? 'good' : 'bad' }, String(answered)),
      el('span', { class: 'when' }, timeAgo(at)),
    ),
    el('div', {}, exchange({ status: `POST ${path}${query ? `?${query}` : ''}`, headers, body }, { status: `HTTP ${answered}` })),
  );
}

function header(headers, name) {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}
