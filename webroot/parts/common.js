// Small pieces that most pages use.

import { copy, el } from '../dom.js';
import { shortId } from '../format.js';
import { icon } from '../icons.js';

/** Takes the focus when what it heads is opened, and keeps it while that is drawn again. */
export function heading(level, text, attributes = {}) {
  return el(`h${level}`, { tabindex: '-1', dataset: { focus: 'heading' }, ...attributes }, text);
}

export function pageHead(title, ...actions) {
  return el(
    'header',
    { class: 'page-head' },
    heading(1, title),
    el('div', { class: 'actions' }, actions),
  );
}

/** A short id that copies the whole one. */
export function idChip(id) {
  return el(
    'button',
    {
      type: 'button',
      class: 'id-chip',
      title: id,
      dataset: { focus: `id ${id}` },
      onclick: () => copy(id, 'Id'),
    },
    el('span', { class: 'hidden' }, 'Copy id '),
    shortId(id),
    icon('copy'),
  );
}

export function button(label, onclick, { kind = '', iconName = null, ...attributes } = {}) {
  return el(
    'button',
    { type: 'button', class: `button ${kind}`, onclick, dataset: { focus: label }, ...attributes },
    iconName && icon(iconName),
    label,
  );
}

export function linkButton(label, target, { kind = '', iconName = null } = {}) {
  return el(
    'a',
    { class: `button ${kind}`, href: target, dataset: { focus: label } },
    iconName && icon(iconName),
    label,
  );
}

/** The first ones at once; on a telephone the others wait behind "More". */
export function actionRow(first, others) {
  const rest = el('div', { class: 'more-actions' }, others);
  const more = el(
    'button',
    {
      type: 'button',
      class: 'button more-toggle',
      'aria-expanded': 'false',
      'aria-label': 'More actions',
      dataset: { focus: 'more' },
      onclick: () => more.setAttribute('aria-expanded', String(rest.classList.toggle('open'))),
    },
    'More',
    icon('chevron'),
  );
  return el('div', { class: 'actions' }, first, more, rest);
}

/** Appears only when the answer takes longer than a blink (the delay is in the style sheet). */
export function loading() {
  return el('p', { class: 'loading', role: 'status' }, 'Loading…');
}

/** Nothing here: what that means, and what to do. */
export function empty(title, text, ...actions) {
  return el(
    'div',
    { class: 'empty' },
    el('p', { class: 'empty-title' }, title),
    el('p', {}, text),
    actions.length > 0 && el('div', { class: 'actions' }, actions),
  );
}

/** A refusal of the API, in its own words. */
export function refusal(problem) {
  return el(
    'div',
    { class: 'notice bad', role: 'alert' },
    icon('alert'),
    el(
      'div',
      {},
      el('p', {}, problem.message),
      problem.errors?.length > 0 &&
        el(
          'ul',
          {},
          problem.errors.map(({ pointer, detail }) => el('li', {}, `${pointer ?? ''} ${detail}`.trim())),
        ),
    ),
  );
}

/** The top of what is shown beside a list: what it is, and the way out. */
export function panelHead(title, label, onClose) {
  return el('div', { class: 'panel-head' }, heading(2, title), closeButton(label, onClose));
}

export function closeButton(label, onclick) {
  return el(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': label,
      title: `${label} (Esc)`,
      onclick,
      dataset: { close: '', focus: 'close' },
    },
    icon('close'),
  );
}

/** Names and values side by side; a null pair is left out. */
export function facts(pairs) {
  return el(
    'dl',
    { class: 'facts' },
    pairs.filter(Boolean).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  );
}

/** A whole row that answers clicks, besides the link inside it that keyboards and screen readers use. */
export function clickableRow(row, link) {
  row.addEventListener('click', (event) => {
    const selecting = String(getSelection()).length > 0;
    if (!selecting && !event.target.closest('a, button, input')) {
      link.click();
    }
  });
  return row;
}
