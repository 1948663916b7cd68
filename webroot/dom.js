// Building and refreshing the page. Whatever comes from the server becomes a text node, never markup.

/**
 * An element with its attributes and children. `on…` attributes are listeners, `dataset` is an object, null and false
 * are left out; strings among the children become text.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'dataset') {
      Object.assign(node.dataset, value);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...present(children));
  return node;
}

/** Replaces what a node holds. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/**
 * A part of the page drawn from one value. It is drawn again only when that value changed, so that polling disturbs
 * neither a text selection nor an open fold, and focus returns to the control with the same `data-focus`.
 */
export function region(tag, attributes, draw) {
  const node = el(tag, attributes);
  let shown;
  return {
    node,
    show(value) {
      const key = JSON.stringify(value) ?? '';
      if (key !== shown) {
        shown = key;
        keepingFocus(node, () => fill(node, draw(value)));
      }
    },
  };
}

/** Rows that keep their node while their item is the same: a refresh makes nothing jump, blink or lose focus. */
export function keyedRows(parent, keyOf, draw) {
  let rows = new Map();
  return {
    show(items) {
      const next = new Map();
      for (const item of items) {
        const key = keyOf(item);
        next.set(key, refreshed(rows.get(key), item, draw));
      }
      for (const [key, row] of rows) {
        if (!next.has(key)) {
          row.node.remove();
        }
      }
      let position = 0;
      for (const { node } of next.values()) {
        if (parent.children[position] !== node) {
          parent.insertBefore(node, parent.children[position] ?? null);
        }
        position += 1;
      }
      rows = next;
    },
    /** Calls back with each key and its node, for marks such as "selected". */
    each(visit) {
      rows.forEach((row, key) => visit(key, row.node));
    },
  };
}

function refreshed(row, item, draw) {
  const json = JSON.stringify(item);
  if (row?.json === json) {
    return row;
  }
  const node = draw(item);
  if (row) {
    keepingFocus(row.node, () => row.node.replaceWith(node), node);
  }
  return { node, json };
}

function keepingFocus(node, change, successor = node) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  change();
  if (focused) {
    successor.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

/** A short word at the bottom of the page, also read out by screen readers. */
export function toast(text) {
  const node = document.getElementById('toast');
  node.textContent = text;
  node.classList.add('shown');
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => node.classList.remove('shown'), 4000);
}

/** Copies text and says so. */
export async function copy(text, what) {
  const copied = await writeClipboard(text);
  toast(copied ? `${what} copied` : `${what} could not be copied: select it and copy by hand`);
}

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers withhold the clipboard API on plain http off localhost; the old way still works there.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const before = document.activeElement;
  const area = el('textarea', { class: 'hidden', 'aria-hidden': 'true', tabindex: '-1' });
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  before?.focus();
  return copied;
}
