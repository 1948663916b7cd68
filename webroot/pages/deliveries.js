// Deliveries: the list under the URL's filters, one delivery beside it.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill, region } from '../dom.js';
import { poll } from '../live.js';
import { button, empty, linkButton, loading, pageHead, refusal } from '../parts/common.js';
import { deliveriesTable } from '../parts/deliveries-table.js';
import { go, href } from '../router.js';
import { deliveryPanel } from './delivery-panel.js';
import { deliveryFilters, toApiFilters } from './delivery-filters.js';

const PAGE_SIZE = 50;
/** Scrolled further than this, the reader is reading: new rows wait for a click instead of pushing the others down. */
const READING_FROM_PX = 60;

export function mount(root, route, signal) {
  let { query } = route;
  let selected = null;
  let listing = null;
  let shown = [];
  let panel = null;
  let refreshList = () => {};
  /** Focus follows the user's own steps, not the page's first appearance. */
  let isMounted = false;

  const filters = deliveryFilters((chosen) => go(href(withSelected(), chosen)));
  const table = deliveriesTable((id) => href(['deliveries', id], query));
  const news = el('div', { class: 'news', role: 'status' });
  const around = region('div', {}, drawAround);
  const pager = region('div', { class: 'pager' }, drawPager);
  const list = el(
    'section',
    { class: 'pane list', 'aria-label': 'List of deliveries' },
    news,
    table.node,
    around.node,
    pager.node,
  );
  const detail = el('aside', { class: 'pane detail', 'aria-label': 'Delivery', hidden: true });
  root.append(pageHead('Deliveries'), filters.node, el('div', { class: 'split' }, list, detail));

  update(route);
  isMounted = true;
  return { update, close: () => go(href(['deliveries'], query)), retry: () => panel?.retry() };

  function update(next) {
    const nextListing = next.query.toString();
    query = next.query;
    if (nextListing !== listing?.key) {
      restartList(nextListing);
    }
    filters.show(query);
    openPanel(next.rest[0] ?? null);
    table.mark(selected);
  }

  function restartList(key) {
    listing?.controller.abort();
    const controller = new AbortController();
    listing = { key, controller };
    shown = [];
    list.scrollTop = 0;
    table.node.hidden = true;
    fill(news);
    pager.show(null);
    around.show('loading');
    refreshList = poll(load, AbortSignal.any([signal, controller.signal]));
  }

  async function load(listSignal) {
    const [answer] = await Promise.all([askForList(listSignal), directory.refresh(listSignal)]);
    listSignal.throwIfAborted();
    filters.showWebhooks();
    if (answer.refused) {
      table.node.hidden = true;
      around.show({ refused: { message: answer.refused.message, errors: answer.refused.errors } });
    } else {
      showPage(answer);
    }
  }

  /** A filter that the API refuses is shown in the list's place; it does not make the page stale. */
  async function askForList(listSignal) {
    try {
      return await api.deliveries({ ...toApiFilters(query, Date.now()), limit: PAGE_SIZE }, listSignal);
    } catch (problem) {
      if (problem.isOutage || listSignal.aborted) {
        throw problem;
      }
      return { refused: problem };
    }
  }

  function showPage({ data, next_cursor }) {
    const known = new Set(shown.map(({ id }) => id));
    const fresh = data.filter(({ id }) => !known.has(id));
    if (shown.length > 0 && fresh.length > 0 && isReading() && !query.has('cursor')) {
      const renewed = new Map(data.map((delivery) => [delivery.id, delivery]));
      shown = shown.map((delivery) => renewed.get(delivery.id) ?? delivery);
      offerNews(fresh.length === data.length ? `More than ${fresh.length}` : String(fresh.length));
    } else {
      shown = data;
      fill(news);
      pager.show({ older: next_cursor, query: query.toString() });
    }
    table.node.hidden = shown.length === 0;
    table.show(shown);
    table.mark(selected);
    around.show(
      shown.length === 0 ? { empty: true, more: Boolean(next_cursor), filtered: filters.areSet(query) } : null,
    );
  }

  function offerNews(amount) {
    const label = `${amount} new · show`;
    if (news.textContent !== label) {
      fill(
        news,
        button(
          label,
          () => {
            list.scrollTop = 0;
            root.scrollIntoView();
            shown = [];
            refreshList();
          },
          { kind: 'primary' },
        ),
      );
    }
  }

  /** The pane scrolls on wide screens, the whole page on narrow ones. */
  function isReading() {
    return list.scrollTop > READING_FROM_PX || table.node.getBoundingClientRect().top < 0;
  }

  function drawAround(state) {
    if (state === null) {
      return null;
    }
    if (state === 'loading') {
      return loading();
    }
    if (state.refused) {
      return refusal(state.refused);
    }
    if (state.more) {
      return empty(
        'Nothing on this page matches',
        'A page looks at a bounded part of the history. Older deliveries may match.',
      );
    }
    return state.filtered
      ? empty(
          'No delivery matches',
          'Change the filters, or clear them to see every delivery.',
          linkButton('Clear filters', href(withSelected())),
        )
      : empty(
          'No deliveries yet',
          'A delivery is one event on its way to one webhook. They appear here by themselves.',
          linkButton('Send an event', href(['send']), { kind: 'primary' }),
          linkButton('Register a webhook', href(['webhooks', 'new'])),
        );
  }

  function drawPager(state) {
    if (state === null) {
      return null;
    }
    const at = (cursor) => {
      const target = new URLSearchParams(state.query);
      target.delete('cursor');
      if (cursor) {
        target.set('cursor', cursor);
      }
      return href(withSelected(), target);
    };
    return [
      new URLSearchParams(state.query).has('cursor') && linkButton('Newest', at(null)),
      state.older && linkButton('Older', at(state.older)),
    ];
  }

  function withSelected() {
    return selected ? ['deliveries', selected] : ['deliveries'];
  }

  function openPanel(id) {
    if (id === selected) {
      return;
    }
    const closing = selected;
    selected = id;
    panel?.close();
    panel = null;
    root.classList.toggle('with-detail', id !== null);
    detail.hidden = id === null;
    pagerFollowsSelection();
    if (id === null) {
      fill(detail);
      list.querySelector(`a[href*="${CSS.escape(closing)}"]`)?.focus();
      return;
    }
    panel = deliveryPanel(id, signal, {
      onClose: () => go(href(['deliveries'], query)),
      onChange: () => refreshList(),
    });
    fill(detail, panel.node);
    detail.scrollTop = 0;
    if (isMounted) {
      panel.node.querySelector('h2')?.focus();
    }
  }

  /** "Older" keeps the open delivery open. */
  function pagerFollowsSelection() {
    for (const link of pager.node.querySelectorAll('a')) {
      const [, search = ''] = link.getAttribute('href').split('?');
      link.href = href(withSelected(), new URLSearchParams(search));
    }
  }
}
