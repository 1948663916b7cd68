// Composing an event, sending it, and watching its deliveries.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill, region } from '../dom.js';
import { keepDraft } from '../drafts.js';
import { loadEventTypes } from '../event-types.js';
import { count } from '../format.js';
import { icon } from '../icons.js';
import { poll } from '../live.js';
import { empty, idChip, linkButton } from '../parts/common.js';
import { deliveriesTable } from '../parts/deliveries-table.js';
import { field, fold, formError, onSubmit, textInput } from '../parts/form.js';
import { jsonField } from '../parts/json-field.js';
import { href } from '../router.js';

const SAMPLE = '{\n  "order_id": 1001,\n  "total": "19.90"\n}';
const WATCHED = 20;

/** `name` is the event type to begin with, if any. */
export function eventComposer(signal, name = null) {
  const names = el('datalist', { id: 'event-names' });
  const event = textInput('event', { value: 'order.created', list: 'event-names' });
  const about = el('div', { class: 'event-about' });
  const data = jsonField('Data', 'data', { value: SAMPLE, whenBlank: '{}' });
  const metadata = jsonField('Metadata', 'metadata', {
    rows: 3,
    hint: 'Optional: a JSON object that travels with the data',
    whenBlank: '{}',
  });
  const form = el(
    'form',
    { class: 'form card' },
    field('Event', event, { hint: 'A name such as order.created; segments joined by dots are the custom.' }),
    names,
    about,
    data.node,
    fold(
      'More',
      metadata.node,
      field('Tenant', textInput('tenant', { placeholder: 'default' }), { hint: 'Only this tenant’s webhooks get it' }),
    ),
    formError(),
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'submit', class: 'button primary' }, icon('send'), 'Send event'),
    ),
  );
  const result = el(
    'section',
    { class: 'result', 'aria-label': 'What became of it', 'aria-live': 'polite' },
    empty('Not sent yet', 'The event’s deliveries appear here, one for each webhook that subscribes to it.'),
  );
  const node = el('div', { class: 'columns' }, form, result);

  keepDraft(form, 'event');
  if (name) {
    event.value = name;
  }
  data.judge();
  metadata.judge();
  suggest();

  let watching = null;
  let attempt = { body: null, key: null };
  onSubmit(form, async () => {
    const body = readBody();
    if (body === null) {
      form.querySelector('[aria-invalid]')?.focus();
      return;
    }
    // The same key again when the outcome was not heard: whatever the first try stored is not stored twice.
    attempt = attempt.body === body ? attempt : { body, key: randomKey() };
    const accepted = await sendOnce(body);
    watch(accepted);
  });
  return { node };

  async function sendOnce(body) {
    try {
      const accepted = await api.triggerEvent(body, attempt.key);
      attempt = { body: null, key: null };
      return accepted;
    } catch (problem) {
      if (!problem.isOutage) {
        attempt = { body: null, key: null };
      }
      throw problem;
    }
  }

  /** Put together as text, since parsing would round long numbers and reorder keys. */
  function readBody() {
    const dataText = data.read(form);
    const metadataText = metadata.read(form);
    if (dataText === null || metadataText === null) {
      return null;
    }
    const { event: name, tenant } = form.elements;
    const parts = [`"event":${JSON.stringify(name.value.trim())}`, `"data":${dataText}`];
    if (form.elements.metadata.value.trim() !== '') {
      parts.push(`"metadata":${metadataText}`);
    }
    if (tenant.value.trim() !== '') {
      parts.push(`"tenant":${JSON.stringify(tenant.value.trim())}`);
    }
    return `{${parts.join(',')}}`;
  }

  function watch(accepted) {
    watching?.abort();
    watching = new AbortController();
    const table = deliveriesTable((id) => href(['deliveries', id], { event_id: accepted.id }));
    const progress = region('p', { class: 'muted' }, (text) => text);
    const nobody = accepted.deliveries === 0;
    fill(
      result,
      el(
        'div',
        { class: 'card' },
        el(
          'header',
          { class: 'card-head' },
          el('h2', {}, 'Accepted: ', count(accepted.deliveries, 'delivery', 'deliveries')),
          idChip(accepted.id),
        ),
        nobody
          ? empty(
              `No webhook subscribes to ${accepted.event}`,
              'The event is stored all the same.',
              linkButton('Register a webhook', href(['webhooks', 'new'])),
            )
          : [
              table.node,
              progress.node,
              el(
                'div',
                { class: 'card-foot' },
                linkButton('Open in Deliveries', href(['deliveries'], { event_id: accepted.id })),
              ),
            ],
      ),
    );
    if (nobody) {
      return;
    }
    poll(
      async (watchSignal) => {
        const [{ data: made }] = await Promise.all([
          api.deliveries({ event_id: accepted.id, limit: WATCHED }, watchSignal),
          directory.refresh(watchSignal),
        ]);
        table.show(made);
        progress.show(
          accepted.deliveries > made.length && made.length > 0
            ? `The newest ${made.length} of ${accepted.deliveries}`
            : '',
        );
      },
      AbortSignal.any([signal, watching.signal]),
      ({ type, data }) => type === 'delivery' && data.event_id === accepted.id,
    );
  }

  async function suggest() {
    const types = await loadEventTypes(signal);
    names.append(...types.map(({ name, description }) => el('option', { value: name }, description ?? '')));
    const describe = () => describeType(types.find(({ name }) => name === event.value.trim()));
    event.addEventListener('input', describe);
    describe();
    const example = types.find((type) => type.name === name)?.example ?? null;
    if (example !== null && !signal.aborted) {
      data.set(JSON.stringify(example, null, 2));
    }
  }

  function describeType(type) {
    fill(
      about,
      type?.description && el('p', { class: 'hint' }, type.description),
      type?.example !== undefined &&
        type?.example !== null &&
        el(
          'button',
          {
            type: 'button',
            class: 'small-button',
            onclick: () => data.set(JSON.stringify(type.example, null, 2)),
          },
          'Use its example as data',
        ),
    );
  }
}

/** Not `crypto.randomUUID`: that is missing on plain http off localhost. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `dashboard-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
