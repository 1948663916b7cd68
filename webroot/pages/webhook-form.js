// Registering and editing a webhook. The fields bear the API's names, so that its words find their place.

import * as api from '../api.js';
import { el, toast } from '../dom.js';
import { loadEventTypes } from '../event-types.js';
import { check, mergePatch } from '../json.js';
import {
  field,
  fold,
  headerLines,
  numberInput,
  numberOrText,
  parseHeaderLines,
  select,
  setFieldError,
  textArea,
  textInput,
} from '../parts/form.js';
import { draftedForm, formPanel } from '../parts/panel-form.js';
import { holdSecret } from './new-secret.js';
import { readSends, sendsSection } from './webhook-sends.js';

const SENDING = [
  ['false', 'For real'],
  ['true', 'Shadow: requests are made and recorded, not sent'],
];

/** The form for a new webhook (`id` null; its `url` may be filled in) or an existing one. */
export function webhookForm(id, signal, { url = '', onClose, onSaved }) {
  const title = id ? 'Edit webhook' : 'Register a webhook';
  const node = formPanel(title, {
    read: id ? () => api.webhook(id, signal) : null,
    unreadable: 'The webhook cannot be edited',
    build: buildForm,
    signal,
    onClose,
  });
  return { node, close() {} };

  function buildForm(webhook) {
    const given = webhook ?? { url, events: ['*'], headers: {}, metadata: {} };
    const sends = sendsSection(given, signal);
    return draftedForm(`webhook ${id ?? `new ${url}`}`, fieldsFor(given, webhook, sends.node, signal), {
      submit: webhook ? 'Save changes' : 'Register',
      restored(form) {
        sends.fit();
        showOwnSecret(form);
        form.elements.secret_choice.addEventListener('change', () => showOwnSecret(form));
      },
      read: (form) => readForm(form, webhook),
      send: (wanted) => (webhook ? save(webhook, wanted) : register(wanted)),
      onSaved,
      onClose,
    });
  }

  async function register(wanted) {
    const webhook = await api.createWebhook(wanted);
    if (webhook.secret) {
      holdSecret(webhook.id, webhook.secret);
    }
    toast('Webhook registered');
    return webhook;
  }

  async function save(webhook, { secret, ...wanted }) {
    const before = Object.fromEntries(Object.keys(wanted).map((name) => [name, webhook[name]]));
    const patch = mergePatch(before, wanted);
    if (secret !== undefined) {
      patch.secret = secret;
    }
    if (Object.keys(patch).length === 0) {
      toast('Nothing was changed');
      return webhook;
    }
    const saved = await api.patchWebhook(id, patch);
    toast('Changes saved');
    return saved;
  }
}

function fieldsFor(given, webhook, sends, signal) {
  const events = textArea('events', {
    value: given.events.join('\n'),
    rows: String(Math.min(8, Math.max(2, given.events.length))),
  });
  const hasMetadata = Object.keys(given.metadata ?? {}).length > 0;
  return [
    field(
      'URL',
      textInput('url', {
        value: given.url,
        inputmode: 'url',
        placeholder: 'https://example.com/hooks',
        dataset: { first: '' },
      }),
      { hint: 'Gets a POST for each event.' },
    ),
    field('Events', events, {
      hint: 'One pattern a line: a name, order.* for all under order., * for every event.',
      aside: eventPicker(events, signal),
    }),
    field('Description', textInput('description', { value: given.description })),
    el(
      'div',
      { class: 'field-row' },
      field('Retries', numberInput('retry_count', { value: given.retry_count, placeholder: '3' }), {
        hint: '0–10 after the first attempt',
      }),
      field('First retry after', numberInput('retry_delay', { value: given.retry_delay, placeholder: '5' }), {
        hint: 'Seconds; doubles each time',
      }),
      field('Timeout', numberInput('timeout', { value: given.timeout, placeholder: '30' }), {
        hint: 'Seconds for one attempt',
      }),
    ),
    field('Signing secret', secretChoice(webhook), {
      hint: webhook ? 'A new secret signs at once: the receiver must know it first.' : null,
    }),
    el(
      'div',
      { class: 'own-secret' },
      field('Your secret', textInput('secret', { dataset: { secret: '' } }), {
        hint: 'whsec_ and base64, or any text',
      }),
    ),
    sends,
    fold(
      'More settings',
      field('Sending', select('shadow', SENDING, { value: String(given.shadow ?? false) }), {
        hint: 'A shadow runs beside another system, to be compared with it',
      }),
      !webhook &&
        field('Tenant', textInput('tenant', { placeholder: 'default' }), {
          hint: 'Only this tenant’s events reach it',
        }),
      el(
        'div',
        { class: 'field-row' },
        field(
          'Rate limit',
          numberInput('rate_limit', { value: given.rate_limit, inputmode: 'decimal', placeholder: 'none' }),
          { hint: 'Attempts per second' },
        ),
        field(
          'At the same time',
          numberInput('max_in_flight', { value: given.max_in_flight, placeholder: 'default' }),
          { hint: 'Attempts under way at most' },
        ),
      ),
      field(
        'Retry schedule',
        textInput('retry_schedule', { value: given.retry_schedule?.join(', '), placeholder: '5, 60, 600' }),
        { hint: 'Seconds before each retry, instead of the doubling' },
      ),
      field(
        'Headers',
        textArea('headers', { value: headerLines(given.headers), rows: '2', placeholder: 'Authorization: Bearer …' }),
        { hint: 'Sent with every request. One “Name: value” a line' },
      ),
      field(
        'Metadata',
        textArea('metadata', {
          value: hasMetadata ? JSON.stringify(given.metadata, null, 2) : '',
          rows: '2',
          placeholder: '{"team": "billing"}',
        }),
        { hint: 'A JSON object of your own' },
      ),
    ),
  ];
}

function secretChoice(webhook) {
  const options = webhook
    ? [
        ['keep', webhook.secret_hint ? `Keep (ends in ${webhook.secret_hint})` : 'Keep (unsigned)'],
        ['own', 'Replace with my own'],
        ['none', 'None: do not sign'],
      ]
    : [
        ['make', 'Make one for me'],
        ['own', 'Use my own'],
        ['none', 'None: do not sign'],
      ];
  return select('secret_choice', options, { value: options[0][0] });
}

function showOwnSecret(form) {
  form.querySelector('.own-secret').hidden = form.elements.secret_choice.value !== 'own';
}

/** A list of the known event types that adds the chosen one as a line; without it the patterns are typed. */
function eventPicker(events, signal) {
  const picker = el(
    'select',
    { 'aria-label': 'Add an event type to the patterns', class: 'small-select' },
    el('option', { value: '' }, 'Add…'),
  );
  picker.addEventListener('change', () => {
    const lines = events.value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && line !== '*');
    events.value = [...new Set([...lines, picker.value])].join('\n');
    picker.value = '';
    events.dispatchEvent(new Event('input', { bubbles: true }));
  });
  loadEventTypes(signal).then((types) =>
    picker.append(...types.map(({ name }) => el('option', { value: name }, name))),
  );
  return picker;
}

/** The fields as the API wants them; null when something cannot be read (the complaint is shown at its field). */
function readForm(form, webhook) {
  const { elements } = form;
  const text = (name) => elements[name].value.trim();
  const headers = parseHeaderLines(elements.headers.value);
  const metadata = text('metadata') === '' ? { value: {} } : check(text('metadata'));
  setFieldError(form, 'headers', headers.error ?? null);
  setFieldError(form, 'metadata', metadata.error ? `Not JSON: ${metadata.error}` : null);
  if (headers.error || metadata.error) {
    return null;
  }
  const schedule = text('retry_schedule');
  const wanted = {
    url: text('url'),
    events: elements.events.value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    description: text('description') || null,
    retry_count: numberOrText(text('retry_count')),
    retry_delay: numberOrText(text('retry_delay')),
    timeout: numberOrText(text('timeout')),
    rate_limit: numberOrText(text('rate_limit')),
    max_in_flight: numberOrText(text('max_in_flight')),
    retry_schedule: schedule === '' ? null : schedule.split(',').map(numberOrText),
    headers: headers.value,
    metadata: metadata.value,
    ...readSends(form),
    shadow: elements.shadow.value === 'true',
    ...secretWanted(elements),
  };
  return webhook ? clearing(wanted) : withoutBlanks({ ...wanted, tenant: text('tenant') });
}

function secretWanted({ secret_choice: choice, secret }) {
  return { own: { secret: secret.value }, none: { secret: null } }[choice.value] ?? {};
}

/** In a patch, null clears a field: it goes back to the server's default. */
function clearing(wanted) {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      value === '' && name !== 'url' && name !== 'secret' ? null : value,
    ]),
  );
}

/** When registering, what was left blank is left out; `secret: null` has a meaning of its own and stays. */
function withoutBlanks(wanted) {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => name === 'url' || name === 'secret' || (value !== '' && value !== null),
    ),
  );
}
