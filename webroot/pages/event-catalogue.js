// The event types that there are: built in, registered, or seen; beside the list what one of them means, and the form that
// says so.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { el, fill, keyedRows, region, toast } from '../dom.js';
import { words } from '../format.js';
import { poll } from '../live.js';
import { button, clickableRow, empty, facts, linkButton, loading, panelHead } from '../parts/common.js';
import { codeBlock } from '../parts/code.js';
import { markCurrent } from '../parts/deliveries-table.js';
import { confirmDanger } from '../parts/dialog.js';
import { textInput } from '../parts/form.js';
import { jsonTree } from '../parts/json-tree.js';
import { go, href } from '../router.js';
import { eventTypeForm } from './event-type-form.js';
import { recentVolume } from './recent-events.js';

const MOST = 500;
const COLUMNS = [
  ['event', 'Event type'],
  ['category', 'Category'],
  ['schema', 'Schema'],
  ['about', 'Description'],
  ['when', 'Last seen'],
];

export function eventCatalogue(signal) {
  let types = [];
  let chosen = null;
  let form = null;
  const search = textInput('q', { type: 'search', placeholder: 'Name or description contains', oninput: () => draw() });
  const body = el('tbody', { role: 'rowgroup' });
  const rows = keyedRows(body, ({ name }) => name, drawRow);
  const table = el(
    'table',
    { class: 'rows types', role: 'table', hidden: true },
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
  const around = el('div', {}, loading());
  const list = el('section', { class: 'pane list', 'aria-label': 'Event types', tabindex: '0' }, table, around);
  const panel = region('div', { class: 'panel' }, drawPanel);
  const formHolder = el('div', { hidden: true });
  const detail = el('aside', { class: 'pane detail', 'aria-label': 'Event type', hidden: true }, panel.node, formHolder);
  const volume = el('span', {});
  const split = el('div', { class: 'split' }, list, detail);
  const node = el(
    'div',
    { class: 'view' },
    el(
      'form',
      { class: 'filters', 'aria-label': 'Filters', onsubmit: (event) => event.preventDefault() },
      el('label', { class: 'filter wide' }, el('span', {}, 'Contains'), search),
      linkButton('Register an event type', href(['events', 'new'])),
    ),
    split,
  );

  const refresh = poll(async () => {
    ({ data: types } = await api.eventTypes(signal, MOST));
    draw();
    openChosen();
  }, signal);
  return { node, update, close };

  function update({ rest: [view, name = null] }) {
    const before = { chosen, form };
    chosen = view === 'type' || view === 'edit' ? name : null;
    const wanted = view === 'new' ? 'new' : view === 'edit' ? `edit ${name}` : null;
    if (wanted !== form) {
      form = wanted;
      fill(formHolder, wanted && eventTypeForm(view === 'new' ? null : name, signal, { onClose: leaveForm, onSaved }));
      if (wanted) {
        detail.hidden = false;
        formHolder.hidden = false;
        (formHolder.querySelector('[data-first]') ?? formHolder.querySelector('h2')).focus();
      }
    }
    const isNew = form === null && (before.form !== null || before.chosen !== chosen);
    openChosen(isNew);
    if (isNew && chosen === null) {
      leave(before.chosen);
    }
  }

  /** The focus goes back to the row of what was beside the list, or to the list. */
  function leave(name) {
    let link = null;
    rows.each((key, row) => {
      link = key === name ? row.querySelector('a') : link;
    });
    (link ?? list).focus();
  }

  function leaveForm() {
    go(href(chosen === null ? ['events'] : ['events', 'type', chosen]));
  }

  function onSaved(name) {
    refresh();
    go(href(['events', 'type', name]));
  }

  function close() {
    go(href(['events']));
  }

  function draw() {
    const text = search.value.trim().toLowerCase();
    const matching = types.filter(({ name, description }) =>
      `${name} ${description ?? ''}`.toLowerCase().includes(text),
    );
    table.hidden = matching.length === 0;
    rows.show(matching);
    mark();
    fill(around, matching.length === 0 && empty('No event type matches', 'Types appear here by themselves once such an event was sent.'));
  }

  function mark() {
    rows.each((name, row) => markCurrent(row, row.querySelector('a'), name === chosen));
  }

  function openChosen(isNew = false) {
    mark();
    const wasOpen = !detail.hidden;
    const isOpen = chosen !== null || form !== null;
    detail.hidden = !isOpen;
    formHolder.hidden = form === null;
    panel.node.hidden = form !== null;
    split.parentElement.closest('.page')?.classList.toggle('with-detail', isOpen);
    if (chosen === null || form !== null) {
      return;
    }
    const type = types.find(({ name }) => name === chosen);
    if (type || types.length > 0) {
      panel.show(type ?? { missing: chosen });
      if (type) {
        recentVolume(type.name, signal).then((text) => fill(volume, text), () => {});
      }
      if (!wasOpen || isNew) {
        panel.node.querySelector('h2')?.focus();
      }
    }
  }

  function drawPanel(type) {
    if (type.missing) {
      return [
        panelHead(type.missing, 'Close the event type', close),
        empty('There is no such event type', 'It appears once such an event was sent.'),
      ];
    }
    return [
      panelHead(type.name, 'Close the event type', close),
      type.archived_at && el('p', { class: 'notice' }, 'Archived ', timeAgo(type.archived_at), ': its events are taken as they come.'),
      el('p', { class: 'prose' }, type.description ?? 'Nobody has described it yet.'),
      el(
        'div',
        { class: 'actions' },
        linkButton('Send one', href(['events', 'send'], { event: type.name }), { kind: 'primary', iconName: 'send' }),
        linkButton('Its deliveries', href(['deliveries'], { event: type.name })),
        linkButton('Who receives it', href(['webhooks'], { event: type.name })),
        linkButton(type.registered ? 'Edit' : 'Describe it', href(['events', 'edit', type.name])),
        type.registered && !type.archived_at && button('Archive…', () => askToArchive(type), { kind: 'danger' }),
      ),
      facts([
        ['Category', words(type.category ?? 'custom')],
        ['Last seen', timeAgo(type.last_seen_at)],
        ['Last hour', volume],
        type.registered && ['Data', judged(type)],
        type.registered && ['Tenant', type.tenant],
        type.registered && ['Changed', timeAgo(type.updated_at)],
      ]),
      section('Example of its data', type.example),
      section('JSON Schema', type.schema),
    ];
  }

  function askToArchive(type) {
    confirmDanger(
      'Archive this event type?',
      async () => ({ text: `${type.name}: ${askedWords(type)}`, action: 'Archive' }),
      async () => {
        await api.archiveEventType(type.name, type.tenant);
        toast('Event type archived');
        refresh();
        close();
      },
    );
  }
}

function askedWords(type) {
  return type.validate
    ? 'Its events are taken whatever their data is, and it leaves the catalogue. What was said of it is kept.'
    : 'It leaves the catalogue. Its events are taken as before, and what was said of it is kept.';
}

function judged(type) {
  if (type.validate) {
    return type.archived_at ? 'not checked while it is archived' : 'must fit the schema';
  }
  return type.schema === null ? 'may be anything' : 'is not checked';
}

function section(title, value) {
  if (value === null || value === undefined) {
    return null;
  }
  const text = JSON.stringify(value, null, 2);
  return el('div', {}, el('h3', { class: 'section-title' }, title), jsonTree(text) ?? codeBlock(text, title));
}

function drawRow(type) {
  const link = el('a', { href: href(['events', 'type', type.name]), dataset: { row: '', focus: 'open' } }, type.name);
  const cells = {
    event: link,
    category: words(type.category ?? 'custom'),
    schema: type.validate ? 'enforced' : type.schema === null ? '' : 'described',
    about: el('span', { title: type.description ?? '' }, type.description ?? ''),
    when: timeAgo(type.last_seen_at),
  };
  return clickableRow(
    el(
      'tr',
      { role: 'row' },
      COLUMNS.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
    ),
    link,
  );
}
