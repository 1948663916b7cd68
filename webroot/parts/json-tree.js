// JSON as a tree whose branches fold. Every value is a text node; numbers keep the digits that were sent.

import { el } from '../dom.js';
import { count } from '../format.js';
import { parseExact } from '../json.js';

/** Beyond this a tree costs more than it helps; the text is shown instead. */
const MOST_NODES = 2000;
/** Branches deeper than this start folded. */
const OPEN_TO = 3;

/** The tree of a JSON text; null when the text is not an object or array, or too large. */
export function jsonTree(text) {
  let value;
  try {
    value = parseExact(text);
  } catch {
    return null;
  }
  if (!isBranch(value) || size(value, MOST_NODES) > MOST_NODES) {
    return null;
  }
  return el('div', { class: 'tree', tabindex: '0', role: 'group', 'aria-label': 'JSON' }, branch(null, value, 1, false));
}

function branch(name, value, depth, hasNext) {
  const isList = Array.isArray(value);
  const entries = isList ? value.map((each) => [null, each]) : Object.entries(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const comma = hasNext ? ',' : '';
  if (entries.length === 0) {
    return el('div', { class: 'tree-line' }, key(name), `${open}${close}${comma}`);
  }
  return el(
    'details',
    { class: 'tree-branch', open: depth <= OPEN_TO },
    el(
      'summary',
      {},
      key(name),
      open,
      el('span', { class: 'tree-folded' }, ` ${isList ? count(entries.length, 'item', 'items') : count(entries.length, 'field', 'fields')} ${close}${comma}`),
    ),
    el(
      'div',
      { class: 'tree-inside' },
      entries.map(([inner, each], index) => {
        const more = index < entries.length - 1;
        return isBranch(each)
          ? branch(inner, each, depth + 1, more)
          : el('div', { class: 'tree-line' }, key(inner), leaf(each), more && ',');
      }),
    ),
    el('div', { class: 'tree-line' }, `${close}${comma}`),
  );
}

function key(name) {
  return name !== null && [el('span', { class: 'tree-key' }, JSON.stringify(name)), ': '];
}

function leaf(value) {
  const kind = value === null ? 'null' : typeof value === 'object' ? 'number' : typeof value;
  return el('span', { class: `tree-${kind}` }, JSON.stringify(value));
}

/** A number kept digit for digit is an object to JavaScript, and a leaf to people. */
function isBranch(value) {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON?.(value);
}

function size(value, most) {
  let nodes = 0;
  const waiting = [value];
  while (waiting.length > 0 && nodes <= most) {
    nodes += 1;
    const next = waiting.pop();
    if (isBranch(next)) {
      waiting.push(...Object.values(next));
    }
  }
  return nodes;
}
