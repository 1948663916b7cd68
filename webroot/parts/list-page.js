// A plain page of rows with something beside it: sources, keys and the audit log are made of it.

import { el, fill, region } from '../dom.js';
import { poll } from '../live.js';
import { go, href } from '../router.js';
import { loading, pageHead, refusal } from './common.js';
import { markCurrent } from './deliveries-table.js';
import { windowedRows } from './windowed.js';

const PAGE_SIZE = 100;

/**
 * Mounts the page. `columns` are `[key, label]`; `fetchPage(page, signal)` asks for `{limit, cursor}`; `drawRow(item)` makes a
 * `tr` whose link, if any, is marked by `rowKey`; `emptyView()` stands for no rows. `panelFor(rest, {close, changed})` makes
 * `{node, close?}` for what the URL says after the page's name; `explanation` stands beside the list while nothing else does.
 */
export function listPage(root, route, signal, options) {
  const { name, title, actions = [], columns, fetchPage, keyOf, drawRow, emptyView, panelFor, before = null, explanation = null } = options;
  let shown = [];
  let older = null;
  let isLoadingOlder = false;
  let beside = null;
  let panel = null;
  let isMounted = false;
  const rows = windowedRows({ keyOf, draw: drawRow, onNearEnd: loadOlder, signal });
  rows.onDrawn = mark;
  const table = el(
    'table',
    { class: `rows ${name}`, role: 'table', hidden: true },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        columns.map(([key, label]) => el('th', { class: `c-${key}`, role: 'columnheader', scope: 'col' }, label || el('span', { class: 'hidden' }, 'Actions'))),
      ),
    ),
    rows.bodies,
  );
  const around = region('div', {}, drawAround);
  around.show('loading');
  const list = el('section', { class: 'pane list', 'aria-label': title, tabindex: '0' }, table, around.node);
  const detail = el('aside', { class: 'pane detail', 'aria-label': `${title}: details`, hidden: true });
  root.append(pageHead(title, actions), ...(before ? [before] : []), el('div', { class: 'split' }, list, ...(explanation ? [explanation] : []), detail));
  const refresh = poll(load, signal);
  update(route);
  isMounted = true;
  return {
    update,
    close,
    /** Other filters: starts afresh. */
    restart() {
      shown = [];
      older = null;
      refresh();
    },
  };

  async function load() {
    try {
      const { data, next_cursor: next } = await fetchPage({ limit: PAGE_SIZE, cursor: null }, signal);
      const last = data.length > 0 ? keyOf(data.at(-1)) : '';
      const below = next === null ? [] : shown.filter((item) => keyOf(item) < last);
      older = below.length > 0 ? older : next;
      shown = [...data, ...below];
      draw();
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      table.hidden = true;
      around.show({ message: problem.message, errors: problem.errors });
    }
  }

  async function loadOlder() {
    if (older === null || isLoadingOlder) {
      return;
    }
    isLoadingOlder = true;
    try {
      const answer = await fetchPage({ limit: PAGE_SIZE, cursor: older }, signal);
      older = answer.next_cursor;
      shown = [...shown, ...answer.data];
      requestAnimationFrame(draw);
    } catch {
      // The poll says that the server is away; scrolling asks again.
    } finally {
      isLoadingOlder = false;
    }
  }

  function draw() {
    table.hidden = shown.length === 0;
    rows.show(shown);
    around.show(shown.length === 0 ? 'empty' : null);
  }

  function drawAround(state) {
    if (state === 'loading') {
      return loading();
    }
    return state === 'empty' ? emptyView() : state && refusal(state);
  }

  function mark() {
    rows.each((key, row) => {
      const link = row.querySelector('a[data-row]');
      if (link) {
        markCurrent(row, link, key === beside);
      }
    });
  }

  function update(next) {
    const [first = null] = next.rest;
    if (first === beside) {
      return;
    }
    beside = first;
    panel?.close?.();
    panel = first === null ? null : panelFor(next.rest, { close, changed: refresh });
    root.classList.toggle('with-detail', first !== null);
    detail.hidden = first === null;
    fill(detail, panel?.node);
    mark();
    if (isMounted) {
      (detail.querySelector('[data-first]') ?? detail.querySelector('h2') ?? root.querySelector('h1')).focus();
    }
  }

  function close() {
    go(href([name]));
  }
}
