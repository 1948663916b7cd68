// What a webhook sends: the part of its form for format, template, filter and transform, and a preview of a request.

import * as api from '../api.js';
import { el, fill } from '../dom.js';
import { loadEventTypes } from '../event-types.js';
import { pretty } from '../json.js';
import { codeBlock } from '../parts/code.js';
import { field, fold, parseHeaderLines, select, setFieldError, showProblem, textArea, textInput } from '../parts/form.js';
import { jsonField } from '../parts/json-field.js';

/** Formats and how they are called; the names are the API's. */
export const FORMATS = [
  ['standard', 'Standard: id, event, timestamp, data'],
  ['raw', 'Raw: the data alone, byte for byte'],
  ['cloudevents', 'CloudEvents 1.0, structured JSON'],
  ['slack', 'Slack message'],
  ['discord', 'Discord message'],
  ['teams', 'Microsoft Teams card'],
  ['template', 'A template of your own'],
];
const WITH_TEMPLATE = new Set(['slack', 'discord', 'teams', 'template']);
const SAMPLE = '{\n  "order_id": 1001,\n  "total": 19.90\n}';

/** The section of the form; it reads and marks the fields of the form that it is put into. */
export function sendsSection(given, signal) {
  const format = select('format', FORMATS, { value: given.format ?? 'standard' });
  const template = el(
    'div',
    {},
    field('Template', textArea('template', { value: given.template, rows: '4', placeholder: '{"text": "{{event}}: {{data.total}}"}' }), {
      hint: 'Mustache over id, event, timestamp, data, metadata; blank for Longline’s own message',
    }),
  );
  const transform = el(
    'div',
    {},
    field('Transform', textArea('transform', { value: given.transform, rows: '2', placeholder: '{"order": event.data.id}' }), {
      hint: 'A CEL expression whose value becomes the body; blank sends the event as it is',
    }),
  );
  const data = jsonField('Sample data', 'data', { value: SAMPLE, rows: 4, whenBlank: '{}' });
  const event = textInput('event', { value: sampleName(given.events ?? []), list: 'sample-events' });
  const names = el('datalist', { id: 'sample-events' });
  const shown = el('div', { class: 'result', role: 'status', 'aria-label': 'Preview' });
  const ask = el('button', { type: 'button', class: 'button', onclick: () => preview(ask.form) }, 'Preview');
  const node = fold(
    'What it sends',
    field('Format', format),
    template,
    field('Filter', textArea('filter', { value: given.filter, rows: '2', placeholder: 'event.data.total > 100' }), {
      hint: 'A CEL expression; only events of which it is true reach the webhook',
    }),
    transform,
    field('Sample event', event, { hint: 'For the preview alone: nothing is sent, nothing is stored.' }),
    names,
    data.node,
    el('div', { class: 'actions' }, ask),
    shown,
  );
  node.open = (given.format ?? 'standard') !== 'standard' || Boolean(given.filter || given.transform);
  format.addEventListener('change', fit);
  offerExamples();
  fit();
  return { node, fit };

  /** Shows what the chosen format takes. A draft put back changes the choice without an event: then the form calls it. */
  function fit() {
    template.hidden = !WITH_TEMPLATE.has(format.value);
    transform.hidden = format.value !== 'standard';
    data.judge();
  }

  async function preview(form) {
    for (const name of ['format', 'template', 'filter', 'transform', 'headers', 'event', 'data']) {
      setFieldError(form, name, null);
    }
    fill(form.querySelector('.form-error'));
    fill(shown);
    const headers = parseHeaderLines(form.elements.headers.value);
    setFieldError(form, 'headers', headers.error ?? null);
    const sample = data.read(form);
    if (headers.error || sample === null) {
      form.querySelector('[aria-invalid]')?.focus();
      return;
    }
    const asked = JSON.stringify({ ...readSends(form), headers: headers.value, event: event.value.trim() });
    ask.disabled = true;
    try {
      // The data as text, since parsing would round long numbers.
      fill(shown, drawPreview(await api.previewWebhook(`${asked.slice(0, -1)},"data":${sample}}`)));
      shown.scrollIntoView({ block: 'nearest' });
    } catch (problem) {
      if (!signal.aborted) {
        showProblem(form, problem);
      }
    } finally {
      ask.disabled = false;
    }
  }

  async function offerExamples() {
    const types = await loadEventTypes(signal);
    names.append(...types.map(({ name }) => el('option', { value: name })));
    event.addEventListener('change', () => {
      const example = types.find(({ name }) => name === event.value.trim())?.example ?? null;
      if (example !== null) {
        data.set(JSON.stringify(example, null, 2));
      }
    });
  }
}

/** The section's settings as the API wants them; null for what is blank or what the format does not take. */
export function readSends({ elements }) {
  const format = elements.format.value;
  const text = (name) => (elements[name].value.trim() === '' ? null : elements[name].value);
  return {
    format,
    template: WITH_TEMPLATE.has(format) ? text('template') : null,
    filter: text('filter'),
    transform: format === 'standard' ? text('transform') : null,
  };
}

function drawPreview({ filtered, filter_error: filterError, body, content_type: type, error_message: fault }) {
  if (filtered) {
    return el('p', { class: 'hint' }, 'The filter keeps this event away: nothing is sent.', filterError && ` ${filterError}`);
  }
  if (body === null) {
    return el('p', { class: 'field-error' }, fault ?? 'There is no body.');
  }
  return [el('p', { class: 'hint' }, `Sent as ${type}`), codeBlock(pretty(body) ?? body, 'Previewed body')];
}

/** The first name that the webhook asks for without a wildcard, or one under its first pattern. */
function sampleName(patterns) {
  const plain = patterns.find((pattern) => !pattern.includes('*'));
  const [first = '*'] = patterns;
  return plain ?? (first === '*' ? 'order.created' : first.replaceAll('*', 'created'));
}
