// The audit log: who did what to what, from where.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { el } from '../dom.js';
import { NONE, shortId } from '../format.js';
import { empty, linkButton } from '../parts/common.js';
import { textInput } from '../parts/form.js';
import { listPage } from '../parts/list-page.js';
import { go, href } from '../router.js';

const COLUMNS = [
  ['when-first', 'When'],
  ['action', 'Action'],
  ['subject', 'To what'],
  ['actor', 'By whom'],
  ['address', 'From'],
  ['about', 'Detail'],
];
const FILTERS = { action: 'Action', actor: 'By whom', subject: 'To what' };
const PAGES = { wh_: 'webhook', dlv_: 'deliveries', src_: 'sources' };

export function mount(root, route, signal) {
  let { query } = route;
  const inputs = Object.entries(FILTERS).map(([name, label]) =>
    el('label', { class: 'filter' }, el('span', {}, label), textInput(name, { type: 'search', placeholder: 'Any' })),
  );
  const form = el('form', { class: 'filters', 'aria-label': 'Filters' }, inputs);
  const choose = (event) => {
    event.preventDefault();
    go(href(['audit'], Object.fromEntries(Object.keys(FILTERS).map((name) => [name, form.elements[name].value.trim()]))));
  };
  form.addEventListener('submit', choose);
  form.addEventListener('change', choose);
  showFilters();

  const page = listPage(root, { ...route, rest: [] }, signal, {
    name: 'audit',
    title: 'Audit',
    columns: COLUMNS,
    before: form,
    fetchPage: (paging, pageSignal) =>
      api.audit({ ...Object.fromEntries(Object.keys(FILTERS).map((name) => [name, query.get(name)])), ...paging }, pageSignal),
    keyOf: ({ id }) => id,
    drawRow,
    emptyView: () =>
      query.toString() === ''
        ? empty('Nothing to tell yet', 'Every change, every secret shown and every sign-in is noted here.')
        : empty('No entry matches', 'Filters match whole words.', linkButton('Clear filters', href(['audit']))),
    panelFor: () => null,
  });
  return {
    update(next) {
      const changed = next.query.toString() !== query.toString();
      ({ query } = next);
      showFilters();
      if (changed) {
        page.restart();
      }
    },
  };

  function showFilters() {
    for (const name of Object.keys(FILTERS)) {
      form.elements[name].value = query.get(name) ?? '';
    }
  }
}

function drawRow(entry) {
  const cells = {
    'when-first': timeAgo(entry.at),
    action: el('a', { href: href(['audit'], { action: entry.action }) }, el('code', {}, entry.action)),
    subject: subject(entry.subject),
    actor: el('a', { href: href(['audit'], { actor: entry.actor }), title: entry.actor }, shortId(entry.actor)),
    address: entry.address || NONE,
    about: el('span', { title: entry.detail }, entry.detail || NONE),
  };
  return el(
    'tr',
    { role: 'row', class: 'plain-row' },
    COLUMNS.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
  );
}

function subject(id) {
  const page = PAGES[id.slice(0, id.indexOf('_') + 1)];
  return page
    ? el('a', { href: href([page, id]), title: id }, shortId(id))
    : el('span', { title: id }, id ? shortId(id) : NONE);
}
