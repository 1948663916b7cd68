// Webhooks: the list, and beside it one webhook, its form, or the form for a new one.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import * as directory from '../directory.js';
import { el, fill, keyedRows, region } from '../dom.js';
import { seconds } from '../format.js';
import { poll } from '../live.js';
import { clickableRow, empty, linkButton, loading, pageHead, refusal } from '../parts/common.js';
import { markCurrent } from '../parts/deliveries-table.js';
import { select, textInput } from '../parts/form.js';
import { webhookBadge } from '../parts/status.js';
import { go, href } from '../router.js';
import { webhookForm } from './webhook-form.js';
import { webhookPanel } from './webhook-panel.js';

const PAGE_SIZE = 100;
const COLUMNS = [
  ['status', 'State'],
  ['url', 'URL'],
  ['events', 'Events'],
  ['retries', 'Retries'],
  ['when', 'Changed'],
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

  const body = el('tbody', { role: 'rowgroup' });
  const rows = keyedRows(
    body,
    ({ id }) => id,
    (webhook) => drawRow(webhook, () => href(['webhooks', webhook.id], query)),
  );
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
    body,
  );
  const around = region('div', {}, drawAround);
  const pager = region('div', { class: 'pager' }, drawPager);
  const list = el('section', { class: 'pane list', 'aria-label': 'List of webhooks' }, table, around.node, pager.node);
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
    table.hidden = true;
    around.show('loading');
    refreshList = poll(load, AbortSignal.any([signal, controller.signal]));
  }

  async function load(listSignal) {
    const filter = Object.fromEntries(['q', 'event', 'active', 'cursor'].map((name) => [name, query.get(name)]));
    let answer;
    try {
      answer = await api.webhooks({ ...filter, limit: PAGE_SIZE }, listSignal);
    } catch (problem) {
      if (problem.isOutage || listSignal.aborted) {
        throw problem;
      }
      table.hidden = true;
      around.show({ refused: { message: problem.message, errors: problem.errors } });
      return;
    }
    rows.show(answer.data);
    mark();
    table.hidden = answer.data.length === 0;
    around.show(answer.data.length === 0 ? { empty: true, filtered: query.toString() !== '' } : null);
    pager.show({ older: answer.next_cursor, query: query.toString() });
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

  function drawPager(shown) {
    const target = new URLSearchParams(shown.query);
    const isLater = target.has('cursor');
    target.delete('cursor');
    const newest = href(['webhooks'], target);
    target.set('cursor', shown.older ?? '');
    return [isLater && linkButton('Newest', newest), shown.older && linkButton('Older', href(['webhooks'], target))];
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

function drawRow(webhook, link) {
  const anchor = el('a', { href: link(), title: webhook.url, dataset: { row: '', focus: 'open' } }, webhook.url);
  const cells = {
    status: webhookBadge(webhook),
    url: [
      anchor,
      webhook.description && el('span', { class: 'muted', title: webhook.description }, webhook.description),
    ],
    events: el('span', { title: webhook.events.join('\n') }, webhook.events.join(', ')),
    retries: retriesOf(webhook),
    when: timeAgo(webhook.updated_at),
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

/** How often and after what first wait a failed delivery is tried again. */
function retriesOf(webhook) {
  if (webhook.retry_schedule) {
    return `${webhook.retry_schedule.length}, own schedule`;
  }
  return webhook.retry_count === 0 ? 'none' : `${webhook.retry_count} × from ${seconds(webhook.retry_delay)}`;
}
