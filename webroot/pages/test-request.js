// Sending one request to any URL, or to a webhook as it is set up, and seeing both sides.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill } from '../dom.js';
import { keepDraft } from '../drafts.js';
import { milliseconds, shortId } from '../format.js';
import { icon } from '../icons.js';
import { empty, facts } from '../parts/common.js';
import { exchange } from '../parts/exchange.js';
import {
  field,
  fold,
  formError,
  numberInput,
  numberOrText,
  onSubmit,
  parseHeaderLines,
  select,
  setFieldError,
  textArea,
  textInput,
} from '../parts/form.js';
import { jsonField } from '../parts/json-field.js';
import { badge } from '../parts/status.js';

/** The form and its result; the route may name the webhook to test. */
export function testRequest(route) {
  const target = select('webhook_id', [['', 'A URL of my choice']]);
  const url = field('URL', textInput('url', { inputmode: 'url', placeholder: 'https://example.com/hooks' }));
  const data = jsonField('Data', 'data', { rows: 6, value: '{\n  "test": true\n}', whenBlank: '{}' });
  const form = el(
    'form',
    { class: 'form card' },
    field('Send to', target),
    url,
    field('Event', textInput('event', { value: 'test.ping' })),
    data.node,
    fold(
      'More',
      field('Signing secret', textInput('secret', { dataset: { secret: '' } }), {
        hint: 'Signs the request; left blank, a webhook’s own secret does',
      }),
      field('Headers', textArea('headers', { rows: '2', placeholder: 'Authorization: Bearer …' }), {
        hint: 'One “Name: value” a line',
      }),
      field('Timeout', numberInput('timeout', { placeholder: '30' }), { hint: 'Seconds' }),
    ),
    formError(),
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'submit', class: 'button primary' }, icon('send'), 'Send request'),
    ),
  );
  const result = el(
    'section',
    { class: 'result', 'aria-label': 'Result', 'aria-live': 'polite' },
    whatGoesOut(),
  );
  const node = el('div', { class: 'columns' }, form, result);

  keepDraft(form, 'test');
  data.judge();
  target.addEventListener('change', showUrl);
  choose(route.query.get('webhook_id'));
  fillTargets();

  onSubmit(form, async () => {
    const body = readBody();
    if (body === null) {
      form.querySelector('[aria-invalid]')?.focus();
      return;
    }
    fill(result, el('p', { class: 'loading', role: 'status' }, 'Waiting for the answer…'));
    try {
      fill(result, drawResult(await api.testWebhook(body)));
    } catch (problem) {
      fill(
        result,
        problem.isOutage
          ? empty('No result', 'The server did not say what became of it; the request may have gone out.')
          : empty('Not sent', 'The server refused to send it; the reason stands in the form.'),
      );
      throw problem;
    }
  });

  return { node, update: (next) => choose(next.query.get('webhook_id')) };

  /** A link to this page may name the webhook to test. */
  function choose(id) {
    if (!id) {
      showUrl();
      return;
    }
    if (![...target.options].some(({ value }) => value === id)) {
      target.append(el('option', { value: id }, directory.nameOf(id)));
    }
    target.value = id;
    showUrl();
  }

  function showUrl() {
    url.hidden = target.value !== '';
  }

  async function fillTargets() {
    try {
      await directory.refresh();
    } catch {
      // Without the list a URL can still be typed.
      return;
    }
    const chosen = target.value;
    const options = directory.all().map((webhook) => [webhook.id, webhook.url]);
    if (chosen && !options.some(([id]) => id === chosen)) {
      options.push([chosen, shortId(chosen)]);
    }
    fill(
      target,
      [['', 'A URL of my choice'], ...options].map(([id, label]) => el('option', { value: id }, label)),
    );
    target.value = chosen;
  }

  function readBody() {
    const dataText = data.read(form);
    const headers = parseHeaderLines(form.elements.headers.value);
    setFieldError(form, 'headers', headers.error ?? null);
    if (dataText === null || headers.error) {
      return null;
    }
    const { event, secret, timeout } = form.elements;
    const fields = {
      ...(target.value ? { webhook_id: target.value } : { url: form.elements.url.value.trim() }),
      ...(event.value.trim() && { event: event.value.trim() }),
      ...(secret.value && { secret: secret.value }),
      ...(Object.keys(headers.value).length > 0 && { headers: headers.value }),
      ...(timeout.value.trim() && { timeout: numberOrText(timeout.value) }),
    };
    return `${JSON.stringify(fields).slice(0, -1)},"data":${dataText}}`;
  }
}

/** Stands where the result will: what a receiver has to be ready for. */
function whatGoesOut() {
  return el(
    'div',
    { class: 'card explanation' },
    el('header', { class: 'card-head' }, el('h2', {}, 'Nothing sent yet')),
    el(
      'div',
      { class: 'card-body' },
      el('p', {}, 'One request goes out, without retries, and leaves no trace in the deliveries. Both sides of it appear here.'),
      facts([
        ['The request', 'A POST with the event as JSON: id, event, timestamp, data, metadata. To a webhook, what its format makes of it.'],
        ['Its signature', 'In webhook-signature, over webhook-id, webhook-timestamp and the body. A URL alone gets one only with a secret, under More.'],
        ['Success', 'Any answer from 200 to 299 within the timeout. Redirects are not followed.'],
      ]),
    ),
  );
}

function drawResult(answer) {
  const answered = Boolean(answer.response_code);
  const request = answer.request ?? {};
  return el(
    'div',
    { class: 'card' },
    el(
      'header',
      { class: 'card-head' },
      el(
        'h2',
        {},
        badge(
          answer.success ? 'succeeded' : 'failed',
          answer.success ? { icon: 'check', tone: 'good' } : { icon: 'cross', tone: 'bad' },
        ),
      ),
      el(
        'span',
        { class: 'muted' },
        `${answered ? `HTTP ${answer.response_code}` : 'No answer'} in ${milliseconds(answer.duration_ms)}`,
      ),
    ),
    answer.error_message && el('p', { class: 'card-line' }, answer.error_message),
    exchange(
      { headers: request.headers ?? null, body: request.body ?? null },
      {
        headers: answer.response_headers ?? null,
        body: answered ? (answer.response_body ?? '') : null,
        note: answered ? null : 'No answer came.',
      },
    ),
  );
}
