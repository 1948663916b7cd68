// The list of deliveries, as Overview, Deliveries and Send event show it.

import { timeAgo, timeUntil } from '../clock.js';
import { el, keyedRows } from '../dom.js';
import { briefUrl, NONE, number } from '../format.js';
import { nameOf } from '../directory.js';
import { clickableRow } from './common.js';
import { deliveryBadge, deliveryView } from './status.js';

const COLUMNS = [
  ['status', 'Status'],
  ['event', 'Event'],
  ['webhook', 'Webhook'],
  ['attempts', 'Attempts'],
  ['code', 'Answer'],
  ['next', 'Next attempt'],
  ['when', 'Created'],
];

/** `linkOf` gives the link that opens a delivery; it is called again whenever a row is drawn or marked. */
export function deliveriesTable(linkOf) {
  const body = el('tbody', { role: 'rowgroup' });
  const rows = keyedRows(
    body,
    (item) => item.delivery.id,
    (item) => draw(item, linkOf),
  );
  const node = el(
    'table',
    { class: 'rows deliveries', role: 'table' },
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
  return {
    node,
    show(deliveries) {
      rows.show(deliveries.map((delivery) => ({ delivery, webhook: nameOf(delivery.webhook_id) })));
    },
    /** Marks the one that is open, and renews the links (they carry the filters of the moment). */
    mark(selectedId) {
      rows.each((id, row) => {
        const link = row.querySelector('a');
        link.href = linkOf(id);
        markCurrent(row, link, id === selectedId);
      });
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

function draw({ delivery, webhook }, linkOf) {
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
      COLUMNS.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
    ),
    link,
  );
}
