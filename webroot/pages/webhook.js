// One webhook's own page: how it does over time, why it fails, its secret, and the code its receiver needs.

import * as api from '../api.js';
import { timeAgo, timeUntil } from '../clock.js';
import { curl } from '../curl.js';
import { el, region } from '../dom.js';
import { count, milliseconds, number, share, shortId } from '../format.js';
import { poll } from '../live.js';
import { codeBlock, tabs } from '../parts/code.js';
import { empty, facts, heading, linkButton, loading } from '../parts/common.js';
import { healthStrip } from '../parts/health.js';
import { liveTail } from '../parts/live-tail.js';
import { newSecretNote } from '../parts/new-secret-note.js';
import { seriesCharts } from '../parts/series-charts.js';
import { webhookBadge, webhookView } from '../parts/status.js';
import { webhookActions } from '../parts/webhook-actions.js';
import { webhookSecret } from '../parts/webhook-secret.js';
import { disabledBecause, settingsFacts, stateLine, whichWebhook } from '../parts/webhook-settings.js';
import { requestBody } from '../request-body.js';
import { go, href } from '../router.js';
import { dayOf } from '../series.js';
import { verifiers } from '../verifiers.js';
import { failureReasons } from './failure-reasons.js';

/** A cell of the strip. */
const CELL = '30m';

export function mount(root, route, signal) {
  const [id = ''] = route.rest;
  const failure = el('div', {});
  const head = region('div', {}, drawHead);
  const state = region('div', {}, drawState);
  const strip = region('div', {}, (day) => day && healthStrip(day));
  const figures = region('div', {}, drawFigures);
  const reasons = failureReasons(id, signal);
  const charts = seriesCharts(signal, { filters: { webhook_id: id }, without: ['accepted'] });
  const tail = liveTail(signal, {
    title: 'Its latest deliveries',
    filters: { webhook_id: id },
    without: ['webhook'],
    allLink: href(['deliveries'], { webhook_id: id }),
    onRows: (rows) => showCurl(rows[0]?.id ?? null),
    whenEmpty: () =>
      empty(
        'Nothing was sent to it yet',
        'Send an event that it subscribes to, or a single test request.',
        linkButton('Send an event', href(['events', 'send'])),
        linkButton('Send a test', href(['test'], { webhook_id: id })),
      ),
  });
  const settings = region('div', {}, settingsFacts);
  const secret = webhookSecret(id, () => refresh());
  const code = region('div', {}, drawVerifiers);
  const again = region('div', {}, drawCurl);
  const wait = loading();
  const whole = el(
    'div',
    { class: 'webhook-grid', hidden: true },
    el(
      'div',
      { class: 'webhook-main' },
      el('section', { class: 'card padded', 'aria-label': 'Health' }, strip.node, figures.node),
      charts.node,
      reasons.node,
      tail.node,
    ),
    el(
      'div',
      { class: 'webhook-side' },
      card('Settings', settings.node),
      card('Signing secret', secret.node),
      card('Verify in the receiver', code.node),
      card('Make the last delivery by hand', again.node),
    ),
  );
  head.show({ loading: true });
  root.append(
    head.node,
    newSecretNote(id, () => head.node.querySelector('h1').focus()),
    failure,
    state.node,
    wait,
    whole,
  );
  let curlOf = null;

  const isMine = ({ type, data }) => (type === 'delivery' ? data.webhook_id : data.id) === id;
  const refresh = poll(load, signal, isMine);
  // Another webhook's page is another page.
  return { update: (next) => next.rest[0] !== id && location.reload() };

  async function load() {
    let webhook;
    try {
      webhook = await api.webhook(id, signal);
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      wait.remove();
      whole.hidden = true;
      state.show(null);
      head.show({ missing: problem.message });
      return;
    }
    signal.throwIfAborted();
    const { stats, ...rest } = webhook;
    wait.remove();
    whole.hidden = false;
    head.show({ webhook: rest });
    state.show({ ...rest, nextProbe: stats?.next_probe_at ?? null });
    figures.show(stats ?? {});
    settings.show(rest);
    secret.show(rest);
    code.show({ secret_hint: rest.secret_hint, public_key: rest.public_key });
    strip.show(await dayOf(id, CELL, signal).catch(() => null));
  }

  function drawHead({ webhook: shown, missing, loading: isLoading }) {
    const trail = el('p', { class: 'trail' }, el('a', { href: href(['webhooks']) }, 'Webhooks'), ' / ', shortId(id));
    if (isLoading) {
      return [trail, heading(1, shortId(id), { class: 'muted' })];
    }
    if (missing) {
      return [
        trail,
        heading(1, 'Not shown'),
        empty(missing, 'It may have been deleted, or the link is wrong.'),
      ];
    }
    return [
      trail,
      heading(1, shown.url, { class: 'webhook-url', title: shown.url }),
      whichWebhook(shown),
    ];
  }

  function drawState(shown) {
    if (shown === null) {
      return null;
    }
    const because = disabledBecause(shown);
    return el(
      'div',
      { class: `state ${webhookView(shown).replace(' ', '-')}` },
      el(
        'div',
        { class: 'state-text' },
        el('p', { class: 'state-line' }, webhookBadge(shown), el('strong', {}, stateLine(shown))),
        because && el('p', {}, because),
        shown.nextProbe && el('p', {}, 'Next probe ', timeUntil(shown.nextProbe)),
      ),
      webhookActions(shown, {
        editLink: href(['webhooks', id, 'edit']),
        failure,
        changed: () => refresh(),
        deleted: () => go(href(['webhooks'])),
      }),
    );
  }

  function drawFigures(stats) {
    return facts([
      ['Attempts', number(stats.total_attempts)],
      ['Succeeded', `${number(stats.successful)} (${share(stats.successful, stats.total_attempts)})`],
      ['Failed', number(stats.failed)],
      ['Average', milliseconds(stats.avg_duration_ms)],
      ['95 % within', milliseconds(stats.p95_duration_ms)],
      ['Last success', timeAgo(stats.last_success_at)],
      ['Last failure', timeAgo(stats.last_failure_at)],
      stats.filtered > 0 && ['Kept out by its filter', count(stats.filtered, 'event', 'events')],
      ['Waiting', count(stats.pending, 'delivery', 'deliveries')],
    ]);
  }

  function drawVerifiers(webhook) {
    const codes = verifiers(webhook);
    return codes === null
      ? el('p', { class: 'muted' }, 'It does not sign: receivers cannot tell its requests from others.')
      : tabs(
          'Language',
          Object.entries(codes).map(([language, text]) => [language, codeBlock(text, `Code in ${language}`)]),
        );
  }

  async function showCurl(deliveryId) {
    if (deliveryId === curlOf) {
      return;
    }
    curlOf = deliveryId;
    if (deliveryId === null) {
      again.show(null);
      return;
    }
    try {
      const [delivery, webhook] = await Promise.all([api.delivery(deliveryId, signal), api.webhook(id, signal)]);
      again.show({
        command: delivery.request_headers
          ? curl({ url: webhook.url, headers: delivery.request_headers, body: await requestBody(delivery, webhook, signal) })
          : null,
      });
      if (!delivery.request_headers) {
        curlOf = null;
      }
    } catch {
      curlOf = null;
    }
  }

  function drawCurl(shown) {
    return shown?.command
      ? [
          codeBlock(shown.command, 'curl command'),
          el('p', { class: 'hint' }, 'Values of secret headers are masked; put your own in their place.'),
        ]
      : el('p', { class: 'muted' }, 'Nothing was sent yet.');
  }
}

function card(title, ...content) {
  return el(
    'section',
    { class: 'card', 'aria-label': title },
    el('header', { class: 'card-head' }, el('h2', {}, title)),
    el('div', { class: 'card-body' }, content),
  );
}
