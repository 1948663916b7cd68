// The filters above the deliveries. They live in the URL alone: the form shows what the URL says and asks for another.

import * as directory from '../directory.js';
import { el, fill } from '../dom.js';
import { shortId } from '../format.js';
import { toIso, toLocal } from '../local-time.js';
import { select, textInput } from '../parts/form.js';
import { DELIVERY_VIEWS } from '../parts/status.js';

const NAMES = ['status', 'webhook_id', 'event', 'event_id', 'response_code', 'since', 'until'];

/** Ranges that move with the time; the URL keeps the word, each call gets the moment it means. */
const RANGES = { '15m': 15 * 60, '1h': 3600, '24h': 86_400, '7d': 7 * 86_400 };
const RANGE_LABELS = [
  ['', 'Any time'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['custom', 'From … to …'],
];

/** The API's filters for the URL's. */
export function toApiFilters(query, now) {
  const filters = Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
  const range = RANGES[filters.since];
  return range ? { ...filters, since: new Date(now - range * 1000).toISOString() } : filters;
}

/** `onChoose` gets the new query. */
export function deliveryFilters(onChoose) {
  const status = select('status', [['', 'Any status'], ...DELIVERY_VIEWS.map((view) => [view, view])]);
  const webhook = select('webhook_id', [['', 'Any webhook']]);
  const event = textInput('event', { type: 'search', placeholder: 'Any event' });
  const code = textInput('response_code', { inputmode: 'numeric', placeholder: 'Any', class: 'short' });
  const range = select('range', RANGE_LABELS);
  const from = textInput('since', { type: 'datetime-local', step: '1' });
  const to = textInput('until', { type: 'datetime-local', step: '1' });
  const custom = el('div', { class: 'filter-range', hidden: true }, labelled('From', from), labelled('To', to));
  const eventId = el('div', { class: 'filter-chip', hidden: true });
  const clear = el('button', { type: 'reset', class: 'button', hidden: true }, 'Clear filters');
  let eventIdShown = null;

  const node = el(
    'form',
    { class: 'filters', 'aria-label': 'Filters' },
    labelled('Status', status),
    labelled('Webhook', webhook),
    labelled('Event', event),
    labelled('Answer', code),
    labelled('Created', range),
    custom,
    eventId,
    clear,
  );
  node.addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    choose();
  });
  node.addEventListener('change', ({ target }) => {
    if (target === range && range.value === 'custom') {
      custom.hidden = false;
      from.focus();
    } else {
      choose();
    }
  });
  node.addEventListener('reset', (reset) => {
    reset.preventDefault();
    onChoose(new URLSearchParams());
  });

  return { node, show, showWebhooks, areSet: (query) => NAMES.some((name) => query.get(name)) };

  function choose() {
    const isCustom = range.value === 'custom';
    const chosen = {
      status: status.value,
      webhook_id: webhook.value,
      event: event.value.trim(),
      event_id: eventIdShown,
      response_code: code.value.trim(),
      since: isCustom ? toIso(from.value) : range.value,
      until: isCustom ? toIso(to.value) : '',
    };
    onChoose(new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)));
  }

  function show(query) {
    status.value = query.get('status') ?? '';
    showWebhooks(query.get('webhook_id') ?? '');
    event.value = query.get('event') ?? '';
    code.value = query.get('response_code') ?? '';
    showRange(query);
    showEventId(query.get('event_id'));
    clear.hidden = !NAMES.some((name) => query.get(name));
  }

  function showRange(query) {
    const since = query.get('since') ?? '';
    const isCustom = Boolean(query.get('until')) || (since !== '' && !(since in RANGES));
    range.value = isCustom ? 'custom' : since;
    custom.hidden = !isCustom;
    from.value = isCustom ? toLocal(since) : '';
    to.value = isCustom ? toLocal(query.get('until')) : '';
  }

  /** An event's deliveries are reached by a link, not typed: the filter shows as a chip that takes itself away. */
  function showEventId(id) {
    eventIdShown = id;
    eventId.hidden = !id;
    if (id) {
      fill(
        eventId,
        el(
          'button',
          {
            type: 'button',
            class: 'button',
            'aria-label': `Stop filtering by event ${id}`,
            onclick: () => {
              eventIdShown = null;
              choose();
            },
          },
          `Event ${shortId(id)} ×`,
        ),
      );
    }
  }

  /** Fills in the webhooks as they become known; left alone while the user has the list open. */
  function showWebhooks(value = webhook.value) {
    if (document.activeElement === webhook && value === webhook.value) {
      return;
    }
    const options = directory.all().map(({ id, url }) => [id, url]);
    if (value && !options.some(([id]) => id === value)) {
      options.push([value, shortId(value)]);
    }
    const key = JSON.stringify(options);
    if (webhook.dataset.options !== key) {
      webhook.dataset.options = key;
      fill(
        webhook,
        [['', 'Any webhook'], ...options].map(([id, label]) => el('option', { value: id }, label)),
      );
    }
    webhook.value = value;
  }
}

function labelled(text, control) {
  return el('label', { class: 'filter' }, el('span', {}, text), control);
}
