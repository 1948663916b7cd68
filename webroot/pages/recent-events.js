// Events as they were accepted, newest first.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { el, region, toast } from '../dom.js';
import { count, number } from '../format.js';
import { poll } from '../live.js';
import { clickableRow, empty, idChip, linkButton, loading, refusal } from '../parts/common.js';
import { textInput } from '../parts/form.js';
import { windowedRows } from '../parts/windowed.js';
import { href } from '../router.js';

const PAGE_SIZE = 100;
const HOUR_MS = 3_600_000;
const MOST_COUNTED = 500;
const COLUMNS = [
  ['event', 'Event'],
  ['id', 'Id'],
  ['tenant', 'Tenant'],
  ['made', 'Deliveries'],
  ['again', ''],
  ['when', 'Happened'],
];

/** How many events of a type came within the last hour, in words. */
export async function recentVolume(name, signal) {
  const since = new Date(Date.now() - HOUR_MS).toISOString();
  const { data, next_cursor: next } = await api.recentEvents({ event: name, since, limit: MOST_COUNTED }, signal);
  return next === null ? count(data.length, 'event', 'events') : `more than ${number(data.length)} events`;
}

export function recentEvents(signal) {
  let shown = [];
  let older = null;
  let isLoadingOlder = false;
  const name = textInput('event', { type: 'search', placeholder: 'Any event' });
  const form = el(
    'form',
    { class: 'filters', 'aria-label': 'Filters' },
    el('label', { class: 'filter wide' }, el('span', {}, 'Event'), name),
  );
  const rows = windowedRows({ keyOf: ({ id }) => id, draw: drawRow, onNearEnd: loadOlder, signal });
  const table = el(
    'table',
    { class: 'rows events', role: 'table', hidden: true },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        COLUMNS.map(([key, label]) =>
          el('th', { class: `c-${key}`, role: 'columnheader', scope: 'col' }, label || el('span', { class: 'hidden' }, 'Deliver again')),
        ),
      ),
    ),
    rows.bodies,
  );
  const around = region('div', {}, drawAround);
  around.show('loading');
  const list = el('section', { class: 'pane list', 'aria-label': 'Recent events', tabindex: '0' }, table, around.node);
  const refresh = poll(load, signal, ({ type, data }) => type === 'delivery' && data.attempt_count === 0);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => {
    shown = [];
    refresh();
  });
  return { node: el('div', { class: 'view' }, form, el('div', { class: 'split' }, list)) };

  async function load() {
    try {
      const { data, next_cursor: next } = await ask(null);
      const last = data.at(-1)?.id ?? '';
      const below = next === null ? [] : shown.filter(({ id }) => id < last);
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

  function ask(cursor) {
    return api.recentEvents({ event: name.value.trim(), limit: PAGE_SIZE, cursor }, signal);
  }

  async function loadOlder() {
    if (older === null || isLoadingOlder) {
      return;
    }
    isLoadingOlder = true;
    try {
      const answer = await ask(older);
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
    if (state === 'empty') {
      return name.value.trim() === ''
        ? empty(
            'No events yet',
            'Tell Longline that something happened, from here or with one call of its API.',
            linkButton('Send an event', href(['events', 'send']), { kind: 'primary' }),
          )
        : empty('No such event', 'Names are matched as a whole.');
    }
    return state && refusal(state);
  }
}

function drawRow(event) {
  const link = el(
    'a',
    { href: href(['deliveries'], { event_id: event.id }), dataset: { row: '', focus: 'open' }, title: event.event },
    event.event,
  );
  const cells = {
    event: link,
    id: idChip(event.id),
    tenant: event.tenant,
    made: number(event.delivery_count),
    again: el(
      'button',
      {
        type: 'button',
        class: 'small-button',
        'aria-label': `Deliver ${event.event} again`,
        onclick: ({ currentTarget }) => again(event.id, currentTarget),
      },
      'Deliver again',
    ),
    when: timeAgo(event.timestamp),
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

async function again(id, control) {
  control.disabled = true;
  try {
    const { deliveries } = await api.replayEvent(id);
    toast(`${count(deliveries, 'delivery', 'deliveries')} under way`);
  } catch (problem) {
    toast(problem.message);
  } finally {
    control.disabled = false;
  }
}
