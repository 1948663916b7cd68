// Deliveries: the list under the URL's filters, one delivery beside it, and what is done with many at once.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill, region } from '../dom.js';
import { gathered, onStream, poll } from '../live.js';
import { button, empty, linkButton, loading, pageHead, refusal } from '../parts/common.js';
import { deliveriesTable, picking } from '../parts/deliveries-table.js';
import { go, href } from '../router.js';
import { deliveryBulk } from './delivery-bulk.js';
import { deliveryFilters, toApiFilters } from './delivery-filters.js';
import { deliveryPanel } from './delivery-panel.js';
import { followRunning, replayDialog } from './replay-dialog.js';

const PAGE_SIZE = 100;
/** Enough to scroll through by hand; past it, filters find what is looked for. */
const MOST_ROWS = 20_000;
/** Scrolled further than this, the reader is reading: new rows wait for a click instead of pushing the others down. */
const READING_FROM_PX = 60;
/** Rows on the screen change at most this often. */
const ROWS_EVERY_MS = 100;

export function mount(root, route, signal) {
  let { query } = route;
  let selected = null;
  let listing = null;
  let shown = [];
  let older = null;
  let panel = null;
  let refreshList = () => {};
  /** Focus follows the user's own steps, not the page's first appearance. */
  let isMounted = false;

  const filters = deliveryFilters((chosen) => go(href(withSelected(), chosen)));
  const picks = picking(
    () => shown.map(({ id }) => id),
    () => {
      bulk.show(picks.ids());
      table.mark(selected);
    },
  );
  const table = deliveriesTable((id) => href(['deliveries', id], query), {
    picks,
    long: { onNearEnd: loadOlder, signal },
  });
  const bulk = deliveryBulk(picks, signal, { onChange: () => refreshList(), onAll: openReplay });
  followRunning(bulk.strip, signal, () => refreshList());
  const news = el('div', { class: 'news', role: 'status' });
  const around = region('div', {}, drawAround);
  const foot = region('p', { class: 'list-foot', role: 'status' }, (text) => text);
  const list = el(
    'section',
    { class: 'pane list', 'aria-label': 'List of deliveries', tabindex: '0' },
    news,
    table.node,
    around.node,
    foot.node,
  );
  const detail = el('aside', { class: 'pane detail', 'aria-label': 'Delivery', hidden: true });
  root.append(
    pageHead('Deliveries', button('Replay…', openReplay, { iconName: 'retry' })),
    filters.node,
    bulk.node,
    el('div', { class: 'split' }, list, detail),
  );

  const changed = gathered(renew, ROWS_EVERY_MS, signal);
  onStream(({ type, data }) => {
    if (type === 'delivery' && data.status && data.event) {
      changed(data, PAGE_SIZE * 10);
    }
  }, signal);

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
    older = null;
    picks.clear();
    list.scrollTop = 0;
    table.node.hidden = true;
    fill(news);
    foot.show('');
    around.show('loading');
    const listSignal = AbortSignal.any([signal, controller.signal]);
    refreshList = poll(load, listSignal, ({ type }) => type === 'delivery');
  }

  async function load(listSignal) {
    const [answer] = await Promise.all([askForList(listSignal, null), directory.refresh(listSignal)]);
    listSignal.throwIfAborted();
    filters.showWebhooks();
    if (answer.refused) {
      table.node.hidden = true;
      around.show({ refused: { message: answer.refused.message, errors: answer.refused.errors } });
    } else {
      merge(answer);
    }
  }

  /** A filter that the API refuses is shown in the list's place; it does not make the page stale. */
  async function askForList(listSignal, cursor) {
    try {
      const filter = { ...toApiFilters(query, Date.now()), limit: PAGE_SIZE, cursor };
      return await api.deliveries(filter, listSignal);
    } catch (problem) {
      if (problem.isOutage || listSignal.aborted) {
        throw problem;
      }
      return { refused: problem };
    }
  }

  /** Puts the newest page over what is shown; the rest of the list stays as it was read. */
  function merge({ data, next_cursor }) {
    const known = new Set(shown.map(({ id }) => id));
    const fresh = data.filter(({ id }) => !known.has(id));
    const hasGap = shown.length > 0 && fresh.length === data.length && data.length === PAGE_SIZE;
    if (shown.length > 0 && fresh.length > 0 && isReading()) {
      const renewed = new Map(data.map((delivery) => [delivery.id, delivery]));
      shown = shown.map((delivery) => renewed.get(delivery.id) ?? delivery);
      offerNews(hasGap ? `More than ${fresh.length}` : String(fresh.length));
    } else if (shown.length === 0 || hasGap || next_cursor === null) {
      shown = data;
      older = next_cursor;
      fill(news);
    } else {
      const last = data.at(-1)?.id ?? '';
      const below = shown.filter(({ id }) => id < last);
      if (below.length === 0) {
        older = next_cursor;
      }
      shown = [...data, ...below].slice(0, MOST_ROWS);
      fill(news);
    }
    draw();
  }

  function draw() {
    table.node.hidden = shown.length === 0;
    table.show(shown);
    table.mark(selected);
    around.show(shown.length === 0 ? { empty: true, more: older !== null, filtered: filters.areSet(query) } : null);
    foot.show(footText());
  }

  function footText() {
    if (shown.length >= MOST_ROWS) {
      return 'The list ends here: narrow it with filters.';
    }
    return older === null && shown.length > PAGE_SIZE ? `All ${shown.length} are listed.` : '';
  }

  async function loadOlder() {
    const current = listing;
    if (older === null || current.isLoadingOlder || shown.length >= MOST_ROWS) {
      return;
    }
    current.isLoadingOlder = true;
    try {
      const cursor = older;
      const answer = await askForList(AbortSignal.any([signal, current.controller.signal]), cursor);
      if (current === listing && older === cursor && !answer.refused) {
        older = answer.next_cursor;
        const known = new Set(shown.map(({ id }) => id));
        shown = [...shown, ...answer.data.filter(({ id }) => !known.has(id))];
        requestAnimationFrame(draw);
      }
    } catch {
      // The poll says that the server is away; scrolling asks again.
    } finally {
      current.isLoadingOlder = false;
    }
  }

  /** Rows that the stream says have changed; new ones come with the next reading, which knows the filters. */
  function renew(changes) {
    const byId = new Map(changes.map((delivery) => [delivery.id, delivery]));
    let isTouched = false;
    shown = shown.map((delivery) => {
      const next = byId.get(delivery.id);
      isTouched ||= next !== undefined;
      return next ? { ...delivery, ...next } : delivery;
    });
    if (isTouched) {
      draw();
    }
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
        'Nothing among the newest matches',
        'One look goes through a bounded part of the history. Older deliveries may match.',
        button('Look further back', loadOlder),
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
          linkButton('Send an event', href(['events', 'send']), { kind: 'primary' }),
          linkButton('Register a webhook', href(['webhooks', 'new'])),
        );
  }

  function openReplay() {
    replayDialog(toApiFilters(query, Date.now()), bulk.strip, signal, () => refreshList());
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
}
