// One delivery: what happened, why, what next.

import * as api from '../api.js';
import { timeAgo, timeUntil } from '../clock.js';
import { curl } from '../curl.js';
import * as directory from '../directory.js';
import { copy, el, fill, region, toast } from '../dom.js';
import { count, milliseconds, shortId, words } from '../format.js';
import { icon } from '../icons.js';
import { poll } from '../live.js';
import { actionRow, button, closeButton, empty, heading, idChip, loading, refusal } from '../parts/common.js';
import { exchange } from '../parts/exchange.js';
import { attemptSucceeded, deliveryBadge, deliveryView, webhookView } from '../parts/status.js';
import { isRendered, requestBody } from '../request-body.js';
import { href } from '../router.js';
import { sendElsewhere } from './send-elsewhere.js';

const REASONS = {
  attempts_exhausted: 'Every attempt of its budget failed.',
  gone: 'The receiver answered 410 Gone: it will never want this again, so the webhook was disabled.',
  expired: 'It waited longer than the server lets a delivery wait.',
  shadow: 'It was not sent: its webhook was a shadow.',
};

export function deliveryPanel(id, pageSignal, { onClose, onChange }) {
  const controller = new AbortController();
  const signal = AbortSignal.any([pageSignal, controller.signal]);
  let delivery = null;
  /** The body that a webhook with a format of its own makes of the event; null when it sends the payload. */
  let rendered = null;
  /** The attempt that the user picked; until then the latest is shown, also when a new one arrives. */
  let pickedAttempt = null;

  const head = region('div', { class: 'panel-head' }, drawHead);
  const failure = el('div', {});
  const state = region('div', {}, drawState);
  const timeline = region('div', {}, drawTimeline);
  const both = region('div', {}, drawExchange);
  const node = el('div', { class: 'panel' }, head.node, failure, state.node, timeline.node, both.node);
  head.show({ loading: true });

  const refresh = poll(load, signal, ({ type, data }) => type === 'delivery' && data.id === id);
  return { node, retry: () => act('retry'), close: () => controller.abort() };

  async function load() {
    try {
      [delivery] = await Promise.all([api.delivery(id, signal), directory.refresh(signal)]);
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      delivery = null;
      node.classList.add('missing');
      head.show({ missing: problem.message });
      return;
    }
    signal.throwIfAborted();
    node.classList.remove('missing');
    show();
    if (rendered === null && isRendered(directory.find(delivery.webhook_id))) {
      rendered = await requestBody(delivery, directory.find(delivery.webhook_id), signal).catch(() => null);
      signal.throwIfAborted();
      show();
    }
  }

  function show() {
    const webhook = directory.find(delivery.webhook_id);
    const attempts = delivery.attempts ?? [];
    const attempt = attempts.find((one) => one.id === pickedAttempt) ?? attempts.at(-1) ?? null;
    head.show({ delivery: summary(delivery), url: webhook?.url ?? null });
    state.show({ delivery: summary(delivery), webhook: webhook ?? null, last: attempts.at(-1) ?? null });
    timeline.show({
      attempts,
      chosen: attempt?.id ?? null,
      next: nextAttemptAt(delivery),
      number: delivery.attempt_count + 1,
    });
    both.show({ attempt, body: rendered ?? delivery.payload, headers: delivery.request_headers ?? null });
  }

  function drawHead({ delivery: shown, url, missing, loading: isLoading }) {
    const close = closeButton('Close the delivery', onClose);
    if (isLoading) {
      return [heading(2, shortId(id), { class: 'muted' }), close, loading()];
    }
    if (missing) {
      return [
        heading(2, 'Not shown'),
        close,
        empty(missing, 'It may have been removed by retention, or the link is wrong.'),
      ];
    }
    return [
      heading(2, shown.event, { title: shown.event }),
      close,
      el(
        'p',
        { class: 'panel-sub' },
        el(
          'span',
          {},
          'to ',
          url
            ? el(
                'a',
                { class: 'url', title: url, href: href(['webhooks', shown.webhook_id]), dataset: { focus: 'webhook' } },
                url,
              )
            : `${shortId(shown.webhook_id)} (deleted or not listed)`,
        ),
        el('span', {}, 'Delivery ', idChip(shown.id)),
        el(
          'span',
          {},
          'Event ',
          idChip(shown.event_id),
          ' ',
          el(
            'a',
            { href: href(['deliveries'], { event_id: shown.event_id }), dataset: { focus: 'event' } },
            'all its deliveries',
          ),
        ),
        el('span', {}, 'Created ', timeAgo(shown.created_at)),
        shown.tenant !== 'default' && el('span', {}, `Tenant ${shown.tenant}`),
      ),
    ];
  }

  function drawState({ delivery: shown, webhook, last }) {
    const view = deliveryView(shown);
    return el(
      'div',
      { class: `state ${view}` },
      el(
        'div',
        { class: 'state-text' },
        el('p', { class: 'state-line' }, deliveryBadge(shown), el('strong', {}, headline(view, shown, webhook))),
        why(view, shown, last).map((text) => el('p', {}, text)),
      ),
      actionRow(button('Retry now', () => act('retry'), { iconName: 'retry', 'aria-keyshortcuts': 'r' }), [
        shown.status === 'pending' && button('Cancel', () => act('cancel'), { iconName: 'slash' }),
        webhook && button('Copy as curl', () => copyCurl(webhook), { iconName: 'copy' }),
        button('Send to another URL…', () => sendElsewhere(delivery), { iconName: 'send' }),
      ]),
    );
  }

  function drawTimeline({ attempts, chosen, next, number }) {
    const longest = Math.max(1, ...attempts.map((attempt) => attempt.duration_ms));
    return [
      el('h3', { class: 'section-title' }, 'Attempts'),
      attempts.length === 0 && !next && el('p', { class: 'muted' }, 'None was made.'),
      el(
        'ol',
        { class: 'timeline' },
        attempts.map((attempt) => el('li', {}, attemptButton(attempt, attempt.id === chosen, longest))),
        next &&
          el(
            'li',
            { class: 'attempt upcoming' },
            icon('clock'),
            el('span', {}, `#${number}`),
            el('span', {}, timeUntil(next)),
          ),
      ),
    ];
  }

  function attemptButton(attempt, isChosen, longest) {
    const good = attemptSucceeded(attempt);
    const bar = el('span', { class: 'bar' });
    // Set through the CSSOM: the page's content security policy allows that, unlike a style attribute.
    bar.style.setProperty('--share', String(attempt.duration_ms / longest));
    return el(
      'button',
      {
        type: 'button',
        class: `attempt ${good ? 'good' : 'bad'}`,
        'aria-pressed': String(isChosen),
        dataset: { focus: attempt.id },
        onclick: () => {
          pickedAttempt = attempt.id;
          show();
        },
      },
      icon(good ? 'check' : 'cross'),
      el('span', {}, `#${attempt.attempt_number}`),
      el('span', { class: 'attempt-result' }, attemptAnswer(attempt)),
      el('span', { class: 'bar-box' }, bar),
      el('span', { class: 'attempt-duration' }, milliseconds(attempt.duration_ms)),
      el('span', { class: 'attempt-when' }, timeAgo(attempt.timestamp)),
    );
  }

  function drawExchange({ attempt, body, headers }) {
    const request = {
      status: attempt ? `attempt ${attempt.attempt_number}` : 'as it will be sent',
      headers: attempt?.request_headers ?? headers,
      body: body ?? null,
    };
    if (!attempt) {
      return exchange(request, { note: 'Nothing was sent yet.' });
    }
    const answered = Boolean(attempt.response_code);
    return exchange(request, {
      status: answered
        ? `HTTP ${attempt.response_code} · ${milliseconds(attempt.duration_ms)}`
        : milliseconds(attempt.duration_ms),
      note: attempt.error_message ?? (answered ? null : attempt.shadow ? 'It was not sent.' : 'No answer came.'),
      headers: attempt.response_headers ?? null,
      body: answered ? (attempt.response_body ?? '') : null,
    });
  }

  /** As the chosen attempt was sent; before the first one, the body alone. */
  function copyCurl({ url }) {
    const attempts = delivery.attempts ?? [];
    const attempt = attempts.find((one) => one.id === pickedAttempt) ?? attempts.at(-1);
    const headers = attempt?.request_headers ?? delivery.request_headers ?? { 'Content-Type': 'application/json' };
    copy(curl({ url, headers, body: rendered ?? JSON.stringify(delivery.payload) }), 'curl command');
  }

  async function act(what) {
    if (node.classList.contains('missing')) {
      return;
    }
    fill(failure);
    try {
      await (what === 'retry' ? api.retryDelivery(id) : api.cancelDelivery(id));
      // The attempt that this brings is what the user wants to see next.
      pickedAttempt = null;
      toast(what === 'retry' ? 'Retry is under way' : 'Delivery cancelled');
    } catch (problem) {
      fill(failure, refusal(problem));
    }
    refresh();
    onChange();
  }
}

/** The delivery without its long parts: what the head and the state depend on. */
function summary({ payload, request_headers, attempts, ...rest }) {
  return rest;
}

function nextAttemptAt(delivery) {
  return delivery.status === 'pending' && !delivery.held ? delivery.next_attempt_at : null;
}

function headline(view, delivery, webhook) {
  const attempts = count(delivery.attempt_count, 'attempt', 'attempts');
  switch (view) {
    case 'succeeded':
      return delivery.reason === 'shadow'
        ? ['Made, not sent, ', timeAgo(delivery.finished_at)]
        : [`Delivered with attempt ${delivery.attempt_count}, `, timeAgo(delivery.finished_at)];
    case 'failed':
      return [`Given up after ${attempts}, `, timeAgo(delivery.finished_at)];
    case 'cancelled':
      return [`Cancelled after ${attempts}, `, timeAgo(delivery.finished_at)];
    case 'held':
      return webhook ? `Waits: its webhook is ${heldBecause(webhook)}` : 'Waits: its webhook sends nothing now';
    case 'retrying':
      return [`${retryOf(delivery, webhook)} `, timeUntil(delivery.next_attempt_at)];
    default:
      return ['First attempt ', timeUntil(delivery.next_attempt_at)];
  }
}

function attemptAnswer({ shadow, response_code: code }) {
  return shadow ? 'not sent' : String(code ?? 'no answer');
}

function heldBecause(webhook) {
  const view = webhookView(webhook);
  const because = view === 'disabled' && webhook.disabled_reason ? ` (${words(webhook.disabled_reason)})` : '';
  return { 'circuit open': 'resting, its circuit is open', probing: 'being probed' }[view] ?? `${view}${because}`;
}

/** "Retry 2 of 3", or the attempt's number alone once retries by hand have gone past the webhook's own. */
function retryOf(delivery, webhook) {
  const retries = webhook?.retry_schedule?.length ?? webhook?.retry_count ?? 0;
  return delivery.attempt_count <= retries
    ? `Retry ${delivery.attempt_count} of ${retries}`
    : `Attempt ${delivery.attempt_count + 1}`;
}

function why(view, delivery, last) {
  const lines = [];
  if (view !== 'succeeded' && last && !attemptSucceeded(last)) {
    lines.push(
      last.error_message ??
        (last.response_code ? `The receiver answered ${last.response_code}.` : 'The receiver did not answer.'),
    );
  }
  if (delivery.reason) {
    lines.push(REASONS[delivery.reason] ?? `Reason: ${words(delivery.reason)}`);
  }
  if (view === 'held') {
    lines.push('Nothing is lost: it goes out when the webhook does.');
  }
  return lines;
}
