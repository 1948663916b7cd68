// Webhooks: the list, and beside it one webhook, its form, or the form for a new one.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import * as directory from '../directory.js';
import { el, fill, region } from '../dom.js';
import { NONE, number, share } from '../format.js';
import { gathered, poll } from '../live.js';
import { clickableRow, empty, linkButton, loading, pageHead, refusal } from '../parts/common.js';
import { markCurrent } from '../parts/deliveries-table.js';
import { select, textInput } from '../parts/form.js';
import { sparkline } from '../parts/health.js';
import { webhookBadge } from '../parts/status.js';
import { windowedRows } from '../parts/windowed.js';
import { go, href } from '../router.js';
import { webhookHealth } from '../webhook-health.js';
import { webhookForm } from './webhook-form.js';
import { webhookPanel } from './webhook-panel.js';

const PAGE_SIZE = 100;
const COLUMNS = [
  ['status', 'State'],
  ['url', 'URL'],
  ['events', 'Events'],
  ['spark', 'Last 24 h'],
  ['rate', 'Succeeded'],
  ['waiting', 'Waiting'],
  ['when', 'Last attempt'],
];
const STATES = [
  ['', 'Any state'],
  ['true', 'active'],
  ['false', 'disabled'],
];

export function mount(root, route, signal) {
  let { query } = route;
  let listing = null;
  let beside = null;
  let panel = null;
  let isMounted = false;
  let refreshList = () => {};

  const search = textInput('q', { type: 'search', placeholder: 'URL or description contains' });
  const event = textInput('event', { type: 'search', placeholder: 'Any event' });
  const state = select('active', STATES);
  const filters = el(
    'form',
    { class: 'filters', 'aria-label': 'Filters' },
    el('label', { class: 'filter wide' }, el('span', {}, 'Contains'), search),
    el('label', { class: 'filter' }, el('span', {}, 'Would receive'), event),
    el('label', { class: 'filter' }, el('span', {}, 'State'), state),
  );
  filters.addEventListener('submit', chooseFilters);
  filters.addEventListener('change', chooseFilters);

  let shown = [];
  let older = null;
  const rows = windowedRows({
    keyOf: ({ webhook }) => webhook.id,
    draw: ({ webhook, health }) => drawRow(webhook, health, () => href(['webhooks', webhook.id], query)),
    onNearEnd: loadOlder,
    signal,
  });
  const redraw = gathered(() => draw(), 250, signal);
  const healths = webhookHealth(signal, () => redraw(null));
  rows.onDrawn = () => {
    const ids = [];
    rows.each((id) => ids.push(id));
    healths.want(ids);
    mark();
  };
  const table = el(
    'table',
    { class: 'rows webhooks', role: 'table', hidden: true },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        COLUMNS.map(([key, label]) => el('th', { class: `c-${key}`, role: 'columnheader', scope: 'col' }, label)),
      ),
    ),
    rows.bodies,
  );
  const around = region('div', {}, drawAround);
  const list = el(
    'section',
    { class: 'pane list', 'aria-label': 'List of webhooks', tabindex: '0' },
    table,
    around.node,
  );
  const detail = el('aside', { class: 'pane detail', 'aria-label': 'Webhook', hidden: true });
  root.append(
    pageHead('Webhooks', linkButton('Register a webhook', href(['webhooks', 'new']), { kind: 'primary' })),
    filters,
    el('div', { class: 'split' }, list, detail),
  );

  update(route);
  isMounted = true;
  return { update, close };

  function update(next) {
    query = next.query;
    const key = query.toString();
    if (key !== listing?.key) {
      restartList(key);
    }
    search.value = query.get('q') ?? '';
    event.value = query.get('event') ?? '';
    state.value = query.get('active') ?? '';
    openBeside(next.rest);
    mark();
  }

  function chooseFilters(chosen) {
    chosen.preventDefault();
    go(
      href(['webhooks', ...(beside ? beside.split('/') : [])], {
        q: search.value.trim(),
        event: event.value.trim(),
        active: state.value,
      }),
    );
  }

  function restartList(key) {
    listing?.controller.abort();
    const controller = new AbortController();
    listing = { key, controller };
    shown = [];
    older = null;
    table.hidden = true;
    around.show('loading');
    const listSignal = AbortSignal.any([signal, controller.signal]);
    refreshList = poll(load, listSignal, ({ type }) => type === 'webhook');
  }

  async function load(listSignal) {
    const answer = await ask(listSignal, null);
    if (answer.refused) {
      table.hidden = true;
      around.show({ refused: { message: answer.refused.message, errors: answer.refused.errors } });
      return;
    }
    const { data, next_cursor: next } = answer;
    const last = data.at(-1)?.id ?? '';
    const below = next === null ? [] : shown.filter(({ id }) => id < last);
    older = below.length > 0 ? older : next;
    shown = [...data, ...below];
    draw();
  }

  async function ask(listSignal, cursor) {
    const filter = Object.fromEntries(['q', 'event', 'active'].map((name) => [name, query.get(name)]));
    try {
      return await api.webhooks({ ...filter, cursor, limit: PAGE_SIZE }, listSignal);
    } catch (problem) {
      if (problem.isOutage || listSignal.aborted) {
        throw problem;
      }
      return { refused: problem };
    }
  }

  async function loadOlder() {
    const current = listing;
    if (older === null || current.isLoadingOlder) {
      return;
    }
    current.isLoadingOlder = true;
    try {
      const cursor = older;
      const answer = await ask(AbortSignal.any([signal, current.controller.signal]), cursor);
      if (current === listing && older === cursor && !answer.refused) {
        older = answer.next_cursor;
        shown = [...shown, ...answer.data];
        redraw(null);
      }
    } catch {
      // The poll says that the server is away; scrolling asks again.
    } finally {
      current.isLoadingOlder = false;
    }
  }

  function draw() {
    table.hidden = shown.length === 0;
    rows.show(shown.map((webhook) => ({ webhook, health: healths.of(webhook.id) })));
    around.show(shown.length === 0 ? { empty: true, filtered: query.toString() !== '' } : null);
  }

  function mark() {
    rows.each((id, row) => {
      const link = row.querySelector('a');
      link.href = href(['webhooks', id], query);
      markCurrent(row, link, beside?.split('/')[0] === id);
    });
  }

  function drawAround(shown) {
    if (shown === null) {
      return null;
    }
    if (shown === 'loading') {
      return loading();
    }
    if (shown.refused) {
      return refusal(shown.refused);
    }
    return shown.filtered
      ? empty(
          'No webhook matches',
          'Change the filters, or clear them to see every webhook.',
          linkButton('Clear filters', href(['webhooks'])),
        )
      : empty(
          'No webhooks yet',
          'A webhook is a URL that wants to hear about events. Longline signs what it sends and retries what fails.',
          linkButton('Register a webhook', href(['webhooks', 'new'])),
        );
  }

  function openBeside(rest) {
    const next = rest.length > 0 ? rest.join('/') : null;
    if (next === beside) {
      return;
    }
    const closing = beside;
    beside = next;
    panel?.close();
    panel = null;
    root.classList.toggle('with-detail', next !== null);
    detail.hidden = next === null;
    if (next === null) {
      fill(detail);
      list.querySelector(`a[href*="${CSS.escape(closing.split('/')[0])}"]`)?.focus();
      return;
    }
    panel = makePanel(rest);
    fill(detail, panel.node);
    detail.scrollTop = 0;
    if (isMounted) {
      (panel.node.querySelector('[data-first]') ?? panel.node.querySelector('h2'))?.focus();
    }
  }

  function makePanel([id, view]) {
    if (id === 'new' || view === 'edit') {
      return webhookForm(id === 'new' ? null : id, signal, {
        url: view === 'receiver' ? `${location.origin}/_receiver` : '',
        onClose: () => go(href(id === 'new' ? ['webhooks'] : ['webhooks', id], query)),
        onSaved: (saved) => {
          changed();
          go(href(['webhooks', saved.id], query));
        },
      });
    }
    return webhookPanel(id, signal, {
      editLink: () => href(['webhooks', id, 'edit'], query),
      onClose: close,
      onChange: changed,
      onDeleted: () => {
        changed();
        close();
      },
    });
  }

  function close() {
    go(href(['webhooks'], query));
  }

  function changed() {
    directory.forget();
    refreshList();
  }
}

function drawRow(webhook, health, link) {
  const anchor = el('a', { href: link(), title: webhook.url, dataset: { row: '', focus: 'open' } }, webhook.url);
  const stats = health?.stats;
  const cells = {
    status: webhookBadge(webhook),
    url: [
      anchor,
      webhook.description && el('span', { class: 'muted', title: webhook.description }, webhook.description),
    ],
    events: el('span', { title: webhook.events.join('\n') }, webhook.events.join(', ')),
    spark: health?.day ? sparkline(health.day) : NONE,
    rate: stats ? share(stats.successful, stats.total_attempts) : NONE,
    waiting: stats ? number(stats.pending) : NONE,
    when: lastAttempt(stats),
  };
  return clickableRow(
    el(
      'tr',
      { role: 'row' },
      COLUMNS.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
    ),
    anchor,
  );
}

function lastAttempt(stats) {
  const times = [stats?.last_success_at, stats?.last_failure_at].filter(Boolean).sort();
  return timeAgo(times.at(-1));
}
