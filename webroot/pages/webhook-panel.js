// One webhook beside the list: how it does, its settings, and what can be done with it.

import * as api from '../api.js';
import { timeAgo, timeUntil } from '../clock.js';
import { el, region } from '../dom.js';
import { count, milliseconds, number, share, shortId } from '../format.js';
import { poll } from '../live.js';
import { closeButton, empty, facts, heading, linkButton, loading } from '../parts/common.js';
import { healthStrip } from '../parts/health.js';
import { newSecretNote } from '../parts/new-secret-note.js';
import { webhookBadge, webhookView } from '../parts/status.js';
import { webhookActions } from '../parts/webhook-actions.js';
import { disabledBecause, settingsFacts, stateLine, whichWebhook } from '../parts/webhook-settings.js';
import { href } from '../router.js';
import { dayOf } from '../series.js';

/** A cell of the strip. */
const CELL = '30m';

export function webhookPanel(id, pageSignal, { editLink, onClose, onChange, onDeleted }) {
  const controller = new AbortController();
  const signal = AbortSignal.any([pageSignal, controller.signal]);
  const head = region('div', { class: 'panel-head' }, drawHead);
  const failure = el('div', {});
  const secret = newSecretNote(id, () => head.node.querySelector('h2').focus());
  const state = region('div', {}, drawState);
  const strip = region('div', {}, (day) => day && healthStrip(day));
  const health = region('div', {}, drawHealth);
  const settings = region('div', {}, (shown) => [el('h3', { class: 'section-title' }, 'Settings'), settingsFacts(shown)]);
  const node = el(
    'div',
    { class: 'panel' },
    head.node,
    secret,
    failure,
    state.node,
    strip.node,
    health.node,
    settings.node,
  );
  head.show({ loading: true });

  const isMine = ({ type, data }) => (type === 'delivery' ? data.webhook_id : data.id) === id;
  const refresh = poll(load, signal, isMine);
  return { node, close: () => controller.abort() };

  async function load() {
    let webhook;
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
    state.show({ ...rest, nextProbe: stats?.next_probe_at ?? null });
    health.show(stats ?? {});
    settings.show(rest);
    strip.show(await dayOf(id, CELL, signal).catch(() => null));
  }

  function drawHead({ webhook: shown, missing, loading: isLoading }) {
    const close = closeButton('Close the webhook', onClose);
    if (isLoading) {
      return [heading(2, shortId(id), { class: 'muted' }), close, loading()];
    }
    if (missing) {
      return [
        heading(2, 'Not shown'),
        close,
        empty(missing, 'It may have been deleted, or the link is wrong.'),
      ];
    }
    return [
      heading(2, shown.url, { title: shown.url }),
      close,
      whichWebhook(shown),
    ];
  }

  function drawState(shown) {
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
        lead: linkButton('Open its page', href(['webhook', id]), { kind: 'primary' }),
        editLink: editLink(),
        failure,
        changed: () => {
          refresh();
          onChange();
        },
        deleted: onDeleted,
      }),
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
        stats.filtered > 0 && ['Kept out by its filter', count(stats.filtered, 'event', 'events')],
        ['Waiting', count(stats.pending, 'delivery', 'deliveries')],
      ]),
    ];
  }
}
