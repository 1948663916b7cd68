// The data of a delivery, sent once to a URL of the user's choice: to look at it in one's own receiver.

import * as api from '../api.js';
import { el, fill } from '../dom.js';
import { milliseconds } from '../format.js';
import { button } from '../parts/common.js';
import { openDialog } from '../parts/dialog.js';
import { exchange } from '../parts/exchange.js';
import { field, formError, onSubmit, textInput } from '../parts/form.js';
import { badge } from '../parts/status.js';

export function sendElsewhere(delivery) {
  const url = textInput('url', { inputmode: 'url', placeholder: 'http://localhost:9000/hook' });
  const result = el('div', { 'aria-live': 'polite' });
  const form = el(
    'form',
    { class: 'form' },
    el('p', {}, 'One request with this event’s data goes out, unsigned and without retries. The delivery stays as it is.'),
    field('URL', url),
    formError(),
    el(
      'div',
      { class: 'actions end' },
      button('Close', () => dialog.close()),
      el('button', { type: 'submit', class: 'button primary' }, 'Send'),
    ),
  );
  const dialog = openDialog('Send to another URL', form, result);
  dialog.classList.add('wide');
  onSubmit(form, async () => {
    fill(result);
    // As text: the payload keeps its digits.
    const { data } = delivery.payload ?? {};
    const head = JSON.stringify({ url: url.value.trim(), event: delivery.event });
    const answer = await api.testWebhook(`${head.slice(0, -1)},"data":${JSON.stringify(data ?? null)}}`);
    const answered = Boolean(answer.response_code);
    fill(
      result,
      el(
        'p',
        { class: 'state-line' },
        badge(
          answer.success ? 'succeeded' : 'failed',
          answer.success ? { icon: 'check', tone: 'good' } : { icon: 'cross', tone: 'bad' },
        ),
        `${answered ? `HTTP ${answer.response_code}` : (answer.error_message ?? 'No answer')} in ${milliseconds(answer.duration_ms)}`,
      ),
      exchange(
        { headers: answer.request?.headers ?? null, body: answer.request?.body ?? null },
        { headers: answer.response_headers ?? null, body: answered ? (answer.response_body ?? '') : null },
      ),
    );
  });
}
