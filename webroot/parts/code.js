// Code to take away: shown as it is, copied with one click.

import { copy, el, fill } from '../dom.js';
import { icon } from '../icons.js';

export function codeBlock(text, what) {
  return el(
    'div',
    { class: 'code-box' },
    el(
      'button',
      { type: 'button', class: 'small-button', onclick: () => copy(text, what) },
      icon('copy'),
      'Copy',
    ),
    el('pre', { class: 'body code-text', tabindex: '0', role: 'region', 'aria-label': what }, text),
  );
}

/** `entries` are `[name, node]`; one is shown at a time, chosen by tabs that arrow keys move through. */
export function tabs(label, entries, onChoose = () => {}) {
  const panel = el('div', { role: 'tabpanel', tabindex: '-1' });
  const buttons = entries.map(([name], index) =>
    el('button', { type: 'button', role: 'tab', onclick: () => choose(index), dataset: { focus: name } }, name),
  );
  const list = el('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, buttons);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
      buttons[next].focus();
      choose(next);
    }
  });
  choose(0);
  return el('div', { class: 'tabbed' }, list, panel);

  function choose(index) {
    buttons.forEach((button, at) => {
      button.setAttribute('aria-selected', String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    });
    fill(panel, entries[index][1]);
    panel.setAttribute('aria-label', entries[index][0]);
    onChoose(entries[index][0]);
  }
}
