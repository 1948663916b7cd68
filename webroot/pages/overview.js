// Overview: is it working, what happened last, what needs somebody.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, region } from '../dom.js';
import { milliseconds, number, rate, seconds, share, words } from '../format.js';
import { icon } from '../icons.js';
import { poll } from '../live.js';
import { empty, linkButton, loading, pageHead } from '../parts/common.js';
import { deliveriesTable } from '../parts/deliveries-table.js';
import { webhookBadge, webhookView } from '../parts/status.js';
import { href } from '../router.js';
import { firstSteps } from './first-steps.js';

const LATEST = 15;

export function mount(root, _route, signal) {
  const steps = firstSteps();
  const figures = region('section', { class: 'figures', 'aria-label': 'Figures' }, drawFigures);
  const attention = region('section', { 'aria-label': 'Needs attention' }, drawAttention);
  const table = deliveriesTable((id) => href(['deliveries', id]));
  const nothing = region(
    'div',
    {},
    (isEmpty) =>
      isEmpty &&
      empty(
        'No deliveries yet',
        'A delivery is one event on its way to one webhook. Send an event that a webhook subscribes to.',
        linkButton('Send an event', href(['send'])),
      ),
  );
  const latest = el(
    'section',
    { class: 'card latest', 'aria-label': 'Latest deliveries', hidden: true },
    el(
      'header',
      { class: 'card-head' },
      el('h2', {}, 'Latest deliveries'),
      el('a', { href: href(['deliveries']) }, 'All deliveries'),
    ),
    table.node,
    nothing.node,
  );
  const wait = loading();
  root.append(pageHead('Overview'), steps.node, wait, figures.node, attention.node, latest);

  poll(async () => {
    const [stats, deliveries] = await Promise.all([
      api.stats(signal),
      api.deliveries({ limit: LATEST }, signal),
      directory.refresh(signal),
    ]);
    const isEmpty = deliveries.data.length === 0;
    steps.show({ webhooks: stats.webhooks.total, deliveries: deliveries.data });
    figures.show(stats);
    attention.show(
      directory
        .all()
        .filter(isTroubled)
        .map(({ id, url, active, paused, circuit, disabled_reason }) => ({
          id,
          url,
          active,
          paused,
          circuit,
          disabled_reason,
        })),
    );
    table.show(deliveries.data);
    table.node.hidden = isEmpty;
    nothing.show(isEmpty);
    latest.hidden = false;
    wait.remove();
  }, signal);
}

/** Disabled by Longline, or with a circuit that is not closed; what its owner disabled or paused is as they want it. */
function isTroubled(webhook) {
  return Boolean(webhook.disabled_reason) || ['circuit open', 'probing'].includes(webhookView(webhook));
}

function drawFigures({ webhooks, deliveries_24h: day, queue, rates }) {
  const since = { since: '24h' };
  return [
    figure(
      'Succeeded, 24 h',
      share(day.successful, day.total),
      `of ${number(day.total)} ended`,
      href(['deliveries'], { status: 'succeeded', ...since }),
    ),
    figure(
      'Failed, 24 h',
      number(day.failed),
      'given up',
      href(['deliveries'], { status: 'failed', ...since }),
      day.failed > 0 && 'bad',
    ),
    figure('Average attempt', milliseconds(day.avg_duration_ms), 'last 24 h'),
    figure(
      'Waiting',
      number(queue.pending),
      queue.pending > 0 ? `oldest ${seconds(queue.oldest_pending_s)}` : 'nothing waits',
      href(['deliveries'], { status: 'pending' }),
    ),
    figure(
      'Retrying',
      number(queue.retrying),
      'an attempt failed',
      href(['deliveries'], { status: 'retrying' }),
      queue.retrying > 0 && 'warn',
    ),
    figure('Accepted', `${rate(rates.accepted_per_s)} /s`, 'events'),
    figure('Delivered', `${rate(rates.delivered_per_s)} /s`, `${rate(rates.failed_per_s)} /s failed`),
    figure('Webhooks', number(webhooks.active), `active of ${number(webhooks.total)}`, href(['webhooks'])),
  ];
}

function figure(label, value, note, target = null, tone = null) {
  const content = [
    el('span', { class: 'figure-label' }, label),
    el('span', { class: `figure-value ${tone || ''}` }, tone && icon(tone === 'bad' ? 'cross' : 'retry'), value),
    el('span', { class: 'figure-note' }, note),
  ];
  return target
    ? el('a', { class: 'figure', href: target, dataset: { focus: label } }, content)
    : el('div', { class: 'figure' }, content);
}

function drawAttention(webhooks) {
  if (webhooks.length === 0) {
    return null;
  }
  return el(
    'div',
    { class: 'card' },
    el('header', { class: 'card-head' }, el('h2', {}, 'Needs attention')),
    el(
      'ul',
      { class: 'plain' },
      webhooks.map((webhook) =>
        el(
          'li',
          { class: 'attention' },
          webhookBadge(webhook),
          el('a', { href: href(['webhooks', webhook.id]), dataset: { focus: webhook.id } }, webhook.url),
          webhook.disabled_reason && el('span', { class: 'muted' }, `by Longline: ${words(webhook.disabled_reason)}`),
        ),
      ),
    ),
  );
}
