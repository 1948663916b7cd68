// Overview: is it working, what needs somebody, what happened last.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, region } from '../dom.js';
import { milliseconds, number, rate, seconds, share, words } from '../format.js';
import { icon } from '../icons.js';
import { onStream, poll } from '../live.js';
import { loading, pageHead } from '../parts/common.js';
import { liveTail } from '../parts/live-tail.js';
import { seriesCharts } from '../parts/series-charts.js';
import { webhookBadge, webhookView } from '../parts/status.js';
import { href } from '../router.js';
import { firstSteps } from './first-steps.js';

export function mount(root, _route, signal) {
  const steps = firstSteps();
  const figures = region('section', { class: 'figures', 'aria-label': 'Figures' }, drawFigures);
  const attention = region('section', { 'aria-label': 'Needs attention' }, drawAttention);
  let latency = { p50: null, p95: null };
  let stats = null;
  /** Null until they were read: who has deliveries needs no first steps. */
  let latest = null;
  const tail = liveTail(signal, {
    title: 'Latest deliveries',
    allLink: href(['deliveries']),
    onRows: (rows) => {
      latest = rows;
      show();
    },
  });
  const charts = seriesCharts(signal, {
    onFigures: ({ p50, p95 }) => {
      latency = { p50: last(p50), p95: last(p95) };
      show();
    },
  });
  charts.node.hidden = true;
  const wait = loading();
  root.append(pageHead('Overview'), steps.node, wait, figures.node, attention.node, charts.node, tail.node);

  poll(
    async () => {
      [stats] = await Promise.all([api.stats(signal), directory.refresh(signal)]);
      show();
      attention.show(directory.all().filter(isTroubled).map(essentials));
      wait.remove();
    },
    signal,
    ({ type }) => type === 'webhook',
  );
  onStream(({ type, data }) => {
    if (type === 'stats' && data.queue && data.rates && data.deliveries_24h) {
      stats = { ...stats, ...data };
      show();
    }
  }, signal);

  function show() {
    if (stats?.webhooks) {
      figures.show({ ...stats, latency, uptime_s: null });
      charts.node.hidden = stats.webhooks.total === 0 && !latest?.length;
      if (latest !== null) {
        steps.show({ webhooks: stats.webhooks.total, deliveries: latest });
      }
    }
  }
}

/** Disabled by Longline, or with a circuit that is not closed; what its owner disabled or paused is as they want it. */
function isTroubled(webhook) {
  return Boolean(webhook.disabled_reason) || ['circuit open', 'probing'].includes(webhookView(webhook));
}

function essentials({ id, url, active, paused, circuit, shadow, disabled_reason }) {
  return { id, url, active, paused, circuit, shadow, disabled_reason };
}

function last(values) {
  return values.findLast((value) => value !== null) ?? null;
}

function drawFigures({ webhooks, deliveries_24h: day, queue, rates, latency }) {
  const since = { since: '24h' };
  return [
    figure('Accepted', `${rate(rates.accepted_per_s)} /s`, 'events', href(['events', 'recent'])),
    figure('Delivered', `${rate(rates.delivered_per_s)} /s`, `${rate(rates.failed_per_s)} /s failed`),
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
    figure('Latency p50', milliseconds(latency.p50), `p95 ${milliseconds(latency.p95)}`),
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
          el('a', { href: href(['webhook', webhook.id]), dataset: { focus: webhook.id } }, webhook.url),
          webhook.disabled_reason && el('span', { class: 'muted' }, `by Longline: ${words(webhook.disabled_reason)}`),
        ),
      ),
    ),
  );
}
