// The list of deliveries, as Overview, Deliveries, Events and a webhook's page show it.

import { timeAgo, timeUntil } from '../clock.js';
import { nameOf } from '../directory.js';
import { el, keyedRows } from '../dom.js';
import { briefUrl, NONE, number } from '../format.js';
import { clickableRow } from './common.js';
import { deliveryBadge, deliveryView } from './status.js';
import { windowedRows } from './windowed.js';

const COLUMNS = [
  ['status', 'Status'],
  ['event', 'Event'],
  ['webhook', 'Webhook'],
  ['attempts', 'Attempts'],
  ['code', 'Answer'],
  ['next', 'Next attempt'],
  ['when', 'Created'],
];

/**
 * `linkOf` gives the link that opens a delivery; it is called again whenever a row is drawn or marked. With `picks` (see
 * `picking`) each row has a box to choose it by; with `long` (`{onNearEnd, signal}`) only rows near the screen exist;
 * `without` leaves out columns by name.
 */
export function deliveriesTable(linkOf, { picks = null, long = null, without = [] } = {}) {
  const columns = COLUMNS.filter(([key]) => !without.includes(key));
  const keyOf = (item) => item.delivery.id;
  const drawRow = (item) => draw(item, linkOf, columns, picks);
  let rows;
  let bodies;
  if (long) {
    rows = windowedRows({ keyOf, draw: drawRow, ...long });
    ({ bodies } = rows);
  } else {
    bodies = [el('tbody', { role: 'rowgroup' })];
    rows = keyedRows(bodies[0], keyOf, drawRow);
  }
  const node = el(
    'table',
    { class: `rows deliveries ${picks ? 'pickable' : ''}`, role: 'table' },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        picks && el('th', { class: 'c-pick', role: 'columnheader', scope: 'col' }, picks.allBox),
        columns.map(([key, label]) => el('th', { class: `c-${key}`, role: 'columnheader', scope: 'col' }, label)),
      ),
    ),
    bodies,
  );
  let selected = null;
  const mark = () =>
    rows.each((id, row) => {
      const link = row.querySelector('a');
      link.href = linkOf(id);
      markCurrent(row, link, id === selected);
      if (picks) {
        row.querySelector('input').checked = picks.has(id);
      }
    });
  if (long) {
    rows.onDrawn = mark;
  }
  return {
    node,
    show(deliveries) {
      rows.show(deliveries.map((delivery) => ({ delivery, webhook: nameOf(delivery.webhook_id) })));
    },
    /** Marks the one that is open and those chosen, and renews the links (they carry the filters of the moment). */
    mark(selectedId) {
      selected = selectedId;
      mark();
    },
  };
}

/** Marks a row and its link as the one shown beside the list. */
export function markCurrent(row, link, isCurrent) {
  row.classList.toggle('current', isCurrent);
  if (isCurrent) {
    link.setAttribute('aria-current', 'true');
  } else {
    link.removeAttribute('aria-current');
  }
}

/** Which rows are chosen. `shownIds()` gives those that "all" means; `onChange` is told of each change. */
export function picking(shownIds, onChange) {
  const chosen = new Set();
  const allBox = el('input', {
    type: 'checkbox',
    'aria-label': 'Choose all that are listed',
    onchange: ({ target }) => {
      chosen.clear();
      if (target.checked) {
        shownIds().forEach((id) => chosen.add(id));
      }
      changed();
    },
  });
  const changed = () => {
    allBox.checked = chosen.size > 0 && shownIds().every((id) => chosen.has(id));
    allBox.indeterminate = chosen.size > 0 && !allBox.checked;
    onChange();
  };
  return {
    allBox,
    has: (id) => chosen.has(id),
    ids: () => [...chosen],
    set(id, isChosen) {
      chosen[isChosen ? 'add' : 'delete'](id);
      changed();
    },
    clear() {
      if (chosen.size > 0) {
        chosen.clear();
        changed();
      }
    },
  };
}

function draw({ delivery, webhook }, linkOf, columns, picks) {
  const link = el('a', { href: linkOf(delivery.id), dataset: { row: '', focus: 'open' } }, delivery.event);
  const isWaiting = ['pending', 'retrying'].includes(deliveryView(delivery));
  const cells = {
    status: deliveryBadge(delivery),
    event: link,
    webhook: el('span', { title: webhook }, briefUrl(webhook)),
    attempts: number(delivery.attempt_count),
    code: delivery.last_response_code ?? NONE,
    next: isWaiting ? timeUntil(delivery.next_attempt_at) : '',
    when: timeAgo(delivery.created_at),
  };
  link.title = delivery.event;
  return clickableRow(
    el(
      'tr',
      { role: 'row' },
      picks &&
        el(
          'td',
          { class: 'c-pick', role: 'cell' },
          el('input', {
            type: 'checkbox',
            'aria-label': `Choose ${delivery.event} to ${webhook}`,
            dataset: { focus: 'pick' },
            onchange: ({ target }) => picks.set(delivery.id, target.checked),
          }),
        ),
      columns.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
    ),
    link,
  );
}
