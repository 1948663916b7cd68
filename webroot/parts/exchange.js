// One HTTP exchange: request | response, headers folded, bodies as text.

import { copy, el, fill } from '../dom.js';
import { count } from '../format.js';
import { icon } from '../icons.js';
import { pretty } from '../json.js';
import { fold } from './form.js';
import { jsonTree } from './json-tree.js';

/** Each side: `{status, headers, body, note}`; `status` and `note` are shown as they are. */
export function exchange(request, response) {
  return el('div', { class: 'exchange' }, side('Request', request), side('Response', response));
}

function side(title, { status = null, headers = null, body = null, note = null }) {
  return el(
    'section',
    { class: 'side', 'aria-label': title },
    el('h3', {}, title, status && el('span', { class: 'side-status' }, status)),
    note && el('p', { class: 'side-note' }, note),
    headers && headersFold(headers),
    body !== null && bodyView(title, body),
  );
}

function headersFold(headers) {
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return fold(
    count(lines.length, 'header', 'headers'),
    el(
      'dl',
      { class: 'headers' },
      lines.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value)))),
    ),
  );
}

/** The body as a tree when it is JSON, or as it came; an object is one that the API had parsed already. */
function bodyView(title, body) {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  if (raw === '') {
    return el('p', { class: 'side-note' }, 'Empty body');
  }
  const plain = el('pre', { class: 'body', tabindex: '0', role: 'region', 'aria-label': `${title} body` }, raw);
  const tree = jsonTree(raw);
  const laidOut = tree === null ? pretty(raw) : null;
  const view = el('div', {}, tree ?? plain);
  if (laidOut !== null) {
    fill(plain, laidOut);
  }
  return el(
    'div',
    { class: 'body-box' },
    el(
      'div',
      { class: 'body-tools' },
      (tree !== null || (laidOut !== null && laidOut !== raw)) &&
        rawToggle((showRaw) => {
          fill(plain, showRaw || laidOut === null ? raw : laidOut);
          fill(view, showRaw ? plain : (tree ?? plain));
        }),
      el(
        'button',
        { type: 'button', class: 'small-button', onclick: () => copy(raw, `${title} body`) },
        icon('copy'),
        'Copy',
      ),
    ),
    view,
  );
}

function rawToggle(show) {
  return el(
    'button',
    {
      type: 'button',
      class: 'small-button',
      'aria-pressed': 'false',
      onclick: ({ currentTarget }) => {
        const showRaw = currentTarget.getAttribute('aria-pressed') === 'false';
        currentTarget.setAttribute('aria-pressed', String(showRaw));
        show(showRaw);
      },
    },
    'Raw',
  );
}
