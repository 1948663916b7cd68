// One webhook: how it does, its settings, and what can be done with it.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { copy, el, fill, region, toast } from '../dom.js';
import { count, milliseconds, NONE, number, seconds, share, shortId, words } from '../format.js';
import { icon } from '../icons.js';
import { poll } from '../live.js';
import { button, closeButton, empty, facts, idChip, linkButton, loading, refusal } from '../parts/common.js';
import { confirmDanger } from '../parts/dialog.js';
import { webhookBadge, webhookView } from '../parts/status.js';
import { href } from '../router.js';
import { dropSecret, secretOf } from './new-secret.js';

export function webhookPanel(id, pageSignal, { editLink, onClose, onChange, onDeleted }) {
  const controller = new AbortController();
  const signal = AbortSignal.any([pageSignal, controller.signal]);
  let webhook = null;

  const head = region('div', { class: 'panel-head' }, drawHead);
  const failure = el('div', {});
  const secret = el('div', {});
  const state = region('div', {}, drawState);
  const health = region('div', {}, drawHealth);
  const settings = region('div', {}, drawSettings);
  const node = el('div', { class: 'panel' }, head.node, secret, failure, state.node, health.node, settings.node);
  head.show({ loading: true });
  showSecret();

  const refresh = poll(load, signal);
  return { node, close: () => controller.abort() };

  async function load() {
    try {
      webhook = await api.webhook(id, signal);
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      node.classList.add('missing');
      head.show({ missing: problem.message });
      return;
    }
    signal.throwIfAborted();
    node.classList.remove('missing');
    const { stats, ...rest } = webhook;
    head.show({ webhook: rest });
    state.show(rest);
    health.show(stats ?? {});
    settings.show(rest);
  }

  function drawHead({ webhook: shown, missing, loading: isLoading }) {
    const close = closeButton('Close the webhook', onClose);
    if (isLoading) {
      return [el('h2', { tabindex: '-1', class: 'muted' }, shortId(id)), close, loading()];
    }
    if (missing) {
      return [
        el('h2', { tabindex: '-1' }, 'Not shown'),
        close,
        empty(missing, 'It may have been deleted, or the link is wrong.'),
      ];
    }
    return [
      el('h2', { tabindex: '-1', title: shown.url }, shown.url),
      close,
      el(
        'p',
        { class: 'panel-sub' },
        shown.description && el('span', {}, shown.description),
        el('span', {}, 'Webhook ', idChip(shown.id)),
        el('span', {}, 'Registered ', timeAgo(shown.created_at)),
        el('span', {}, 'Changed ', timeAgo(shown.updated_at)),
      ),
    ];
  }

  /** Kept apart from what polling redraws: it stays until the user puts it away or reloads. */
  function showSecret() {
    const value = secretOf(id);
    if (!value) {
      return;
    }
    fill(
      secret,
      el(
        'section',
        { class: 'notice accent secret', 'aria-label': 'Signing secret' },
        icon('alert'),
        el(
          'div',
          {},
          el('p', {}, el('strong', {}, 'Webhook registered. Its signing secret is shown only now.')),
          el(
            'p',
            { class: 'secret-line' },
            el('code', { tabindex: '0', 'aria-label': 'Secret' }, value),
            button('Copy secret', () => copy(value, 'Secret'), { kind: 'primary', iconName: 'copy' }),
          ),
          el(
            'p',
            {},
            'Give it to the receiver: it checks X-Webhook-Signature, “sha256=” and the body’s HMAC-SHA256 in hex,' +
              ' with this secret as the key, exactly as it stands here.',
          ),
          button('I have stored it', () => {
            dropSecret();
            fill(secret);
            head.node.querySelector('h2').focus();
          }),
        ),
      ),
    );
  }

  function drawState(shown) {
    const view = webhookView(shown);
    return el(
      'div',
      { class: `state ${view.replace(' ', '-')}` },
      el(
        'div',
        { class: 'state-text' },
        el('p', { class: 'state-line' }, webhookBadge(shown), el('strong', {}, STATE_LINES[view])),
        !shown.active && shown.disabled_reason && el('p', {}, `Longline disabled it: ${words(shown.disabled_reason)}.`),
      ),
      el(
        'div',
        { class: 'actions' },
        linkButton('Edit', editLink()),
        shown.active &&
          (shown.paused
            ? button('Resume', () => change({ paused: false }, 'Webhook resumed'), { iconName: 'play' })
            : button('Pause', () => change({ paused: true }, 'Webhook paused'), { iconName: 'pause' })),
        shown.active
          ? button('Disable', () => change({ active: false }, 'Webhook disabled'), { iconName: 'slash' })
          : button('Enable', () => change({ active: true }, 'Webhook enabled'), { iconName: 'check', kind: 'primary' }),
        linkButton('Send a test', href(['test'], { webhook_id: shown.id })),
        linkButton('Its deliveries', href(['deliveries'], { webhook_id: shown.id })),
        button('Delete…', askToDelete, { kind: 'danger' }),
      ),
    );
  }

  function drawHealth(stats) {
    return [
      el('h3', { class: 'section-title' }, 'Attempts'),
      facts([
        ['Made', number(stats.total_attempts)],
        ['Succeeded', `${number(stats.successful)} (${share(stats.successful, stats.total_attempts)})`],
        ['Failed', number(stats.failed)],
        ['Average', milliseconds(stats.avg_duration_ms)],
        ['95 % within', milliseconds(stats.p95_duration_ms)],
        ['Last success', timeAgo(stats.last_success_at)],
        ['Last failure', timeAgo(stats.last_failure_at)],
        ['Waiting', count(stats.pending, 'delivery', 'deliveries')],
      ]),
    ];
  }

  function drawSettings(shown) {
    const schedule = shown.retry_schedule;
    return [
      el('h3', { class: 'section-title' }, 'Settings'),
      facts([
        [
          'Events',
          el(
            'ul',
            { class: 'patterns' },
            shown.events.map((pattern) => el('li', {}, el('code', {}, pattern))),
          ),
        ],
        [
          'Secret',
          shown.secret_hint
            ? el('span', {}, 'ends in ', el('code', {}, shown.secret_hint))
            : 'none: requests are not signed',
        ],
        schedule
          ? ['Retries', `after ${schedule.map(seconds).join(', ')}`]
          : [
              'Retries',
              shown.retry_count === 0
                ? 'none'
                : `${shown.retry_count}, the first after ${seconds(shown.retry_delay)}, then doubling`,
            ],
        ['Timeout', seconds(shown.timeout)],
        ['Rate limit', shown.rate_limit ? `${shown.rate_limit} per second` : 'none'],
        ['At the same time', shown.max_in_flight ? `${shown.max_in_flight} at most` : 'the server’s default'],
        ['Tenant', shown.tenant],
        ['Headers', pairs(shown.headers)],
        ['Metadata', pairs(shown.metadata)],
      ]),
    ];
  }

  async function change(patch, done) {
    fill(failure);
    try {
      await api.patchWebhook(id, patch);
      toast(done);
    } catch (problem) {
      fill(failure, refusal(problem));
    }
    refresh();
    onChange();
  }

  function askToDelete() {
    confirmDanger(
      'Delete this webhook?',
      async () => {
        const { pending } = await api.webhookWithPending(id);
        const waiting = count(pending, 'waiting delivery', 'waiting deliveries');
        return pending > 0
          ? {
              text: `${waiting} to ${webhook.url} will be cancelled. ${AFTERWARDS}`,
              action: `Delete and cancel ${number(pending)}`,
            }
          : {
              text: `No delivery to ${webhook.url} is waiting, so none will be cancelled. ${AFTERWARDS}`,
              action: 'Delete',
            };
      },
      async () => {
        await api.deleteWebhook(id);
        toast('Webhook deleted');
        onDeleted();
      },
    );
  }
}

const AFTERWARDS = 'It gets no further events. The history of its deliveries stays until retention removes it.';

const STATE_LINES = {
  active: 'Events are delivered as they come.',
  paused: 'Deliveries wait; new events go on being collected.',
  disabled: 'Deliveries wait; new events pass it by.',
  'circuit open': 'It failed too often. Nothing is sent but a probe now and then.',
  probing: 'One delivery is out to see whether it is back.',
};

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
