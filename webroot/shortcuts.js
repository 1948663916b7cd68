// Keys for those who live in the dashboard. None acts while something is being typed.

import { el } from './dom.js';
import { openDialog } from './parts/dialog.js';
import { go } from './router.js';

const PAGES = { o: 'overview', w: 'webhooks', d: 'deliveries', e: 'events', t: 'test', s: 'sources', k: 'keys', a: 'audit' };
/** How long after `g` the second key still counts. */
const SECOND_KEY_MS = 1200;

const LISTED = [
  ['/', 'Search'],
  ['g o', 'Overview'],
  ['g w', 'Webhooks'],
  ['g d', 'Deliveries'],
  ['g e', 'Events'],
  ['g t', 'Test'],
  ['g s', 'Sources'],
  ['g k', 'Keys'],
  ['g a', 'Audit'],
  ['j  k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ['r', 'Retry the open delivery now'],
  ['x', 'Choose the row'],
  ['Esc', 'Close what is open beside the list'],
  ['?', 'This list'],
];

/** `currentPage()` gives the mounted page; it may offer `retry` and `close`. */
export function wireShortcuts(currentPage) {
  let afterG = 0;

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === 'Escape') {
        event.target.blur();
      }
      return;
    }
    if (afterG > Date.now() && event.key in PAGES) {
      afterG = 0;
      event.preventDefault();
      go(`#/${PAGES[event.key]}`);
      return;
    }
    afterG = event.key === 'g' ? Date.now() + SECOND_KEY_MS : 0;
    act(event);
  });

  function act(event) {
    const keys = {
      '/': () => document.getElementById('search-text').select(),
      '?': showShortcuts,
      j: () => moveRow(1),
      k: () => moveRow(-1),
      r: () => currentPage()?.retry?.(),
      x: () => document.activeElement.closest('tr')?.querySelector('input[type=checkbox]')?.click(),
      Escape: () => currentPage()?.close?.(),
    };
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  }
}

export function showShortcuts() {
  const dialog = openDialog(
    'Keyboard shortcuts',
    el(
      'dl',
      { class: 'shortcuts' },
      LISTED.map(([keys, what]) =>
        el(
          'div',
          {},
          el(
            'dt',
            {},
            keys
              .split(' ')
              .filter(Boolean)
              .map((key) => el('kbd', {}, key)),
          ),
          el('dd', {}, what),
        ),
      ),
    ),
    el(
      'div',
      { class: 'actions end' },
      el('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Close'),
    ),
  );
}

/** From the focused row, else from the one shown beside the list, else from the top. */
function moveRow(step) {
  const links = [...document.querySelectorAll('main a[data-row]')].filter((link) => link.offsetParent !== null);
  const from =
    links.indexOf(document.activeElement) >= 0
      ? links.indexOf(document.activeElement)
      : links.findIndex((link) => link.getAttribute('aria-current'));
  const to = from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + step));
  links[to]?.focus();
}

function isTyping(target) {
  return (
    target.isContentEditable ||
    (['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) && !['checkbox', 'radio'].includes(target.type))
  );
}
