// The latest deliveries as they come. It stands still while somebody points at it, so that a click hits what it meant.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill, region } from '../dom.js';
import { count, number } from '../format.js';
import { icon } from '../icons.js';
import { gathered, onStream, poll } from '../live.js';
import { href } from '../router.js';
import { empty, linkButton } from './common.js';
import { deliveriesTable } from './deliveries-table.js';
import { textInput } from './form.js';
import { deliveryView } from './status.js';

const LATEST = 15;
const REDRAW_EVERY_MS = 250;

/** `filters` narrow what is asked of the server; `onRows` is told of each change. */
export function liveTail(signal, { title, filters = {}, without = [], allLink, onRows = () => {}, whenEmpty = null }) {
  const table = deliveriesTable((id) => href(['deliveries', id], filters), { without });
  const search = textInput('tail', {
    type: 'search',
    placeholder: 'Filter: event, URL or status',
    'aria-label': 'Filter the latest deliveries',
    oninput: () => draw(),
  });
  const hold = el('button', { type: 'button', class: 'small-button', 'aria-pressed': 'false', onclick: toggle });
  const nothing = region('div', {}, drawNothing);
  let rows = [];
  let waiting = 0;
  let isHeld = false;
  let isPointedAt = false;

  const body = el('div', { class: 'tail-rows' }, table.node, nothing.node);
  body.addEventListener('pointerenter', () => pointed(true));
  body.addEventListener('pointerleave', () => pointed(false));
  body.addEventListener('focusin', () => pointed(true));
  body.addEventListener('focusout', () => pointed(false));
  const node = el(
    'section',
    { class: 'card latest', 'aria-label': title, hidden: true },
    el(
      'header',
      { class: 'card-head' },
      el('h2', {}, title),
      el('div', { class: 'tail-tools' }, search, hold, el('a', { href: allLink }, 'All deliveries')),
    ),
    body,
  );
  showHold();

  const take = gathered(
    (changes) => {
      const byId = new Map(changes.map((delivery) => [delivery.id, delivery]));
      const known = new Set(rows.map(({ id }) => id));
      const fresh = [...byId.values()].filter(({ id }) => !known.has(id) && id > (rows.at(-1)?.id ?? ''));
      waiting += fresh.length;
      rows = [...fresh, ...rows.map((row) => byId.get(row.id) ?? row)]
        .sort((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, LATEST * 4);
      onRows(rows);
      drawUnlessHeld();
    },
    REDRAW_EVERY_MS,
    signal,
  );
  onStream(({ type, data }) => {
    const isMine = Object.entries(filters).every(([name, value]) => data[name] === value);
    if (type === 'delivery' && data.status && data.event && isMine) {
      take(data, LATEST * 20);
    }
  }, signal);

  poll(async () => {
    const [answer] = await Promise.all([
      api.deliveries({ ...filters, limit: LATEST * 4 }, signal),
      directory.refresh(signal),
    ]);
    rows = answer.data;
    onRows(rows);
    node.hidden = false;
    drawUnlessHeld();
  }, signal);
  return { node };

  function drawUnlessHeld() {
    if (isHeld || isPointedAt) {
      showHold();
    } else {
      draw();
    }
  }

  function draw() {
    waiting = 0;
    const text = search.value.trim().toLowerCase();
    const matching = rows.filter((row) => text === '' || wordsOf(row).includes(text)).slice(0, LATEST);
    table.show(matching);
    table.node.hidden = matching.length === 0;
    nothing.show({ shown: matching.length === 0, filtered: text !== '' });
    showHold();
  }

  function drawNothing({ shown, filtered }) {
    if (!shown) {
      return null;
    }
    return filtered
      ? empty('None of the latest deliveries matches', 'The filter looks at the latest ones only.')
      : (whenEmpty?.() ??
          empty(
            'No deliveries yet',
            'A delivery is one event on its way to one webhook. Send an event that a webhook subscribes to.',
            linkButton('Send an event', href(['events', 'send'])),
          ));
  }

  function toggle() {
    isHeld = !isHeld;
    hold.setAttribute('aria-pressed', String(isHeld));
    drawUnlessHeld();
  }

  function pointed(isNow) {
    isPointedAt = isNow;
    if (!isNow) {
      drawUnlessHeld();
    } else {
      showHold();
    }
  }

  function showHold() {
    const label = isHeld ? 'Held' : isPointedAt ? 'Holding' : 'Hold';
    const text = waiting > 0 ? `${label}: ${count(waiting, 'change', 'changes')} wait` : label;
    if (hold.textContent !== text) {
      fill(hold, icon(isHeld ? 'play' : 'pause'), text);
      hold.title = isHeld ? 'Let new deliveries in again' : `Keep the list as it is${waiting ? `; ${number(waiting)} wait` : ''}`;
    }
  }
}

function wordsOf(delivery) {
  return [
    delivery.event,
    directory.nameOf(delivery.webhook_id),
    deliveryView(delivery),
    delivery.last_response_code ?? '',
    delivery.id,
  ]
    .join(' ')
    .toLowerCase();
}
