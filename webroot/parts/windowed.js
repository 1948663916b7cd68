// Long tables: only the rows near the screen exist; empty space of the right height stands for the others.

import { el, keyedRows } from '../dom.js';

const ROW_PX = 36;
/** Rows kept beyond the screen's edges, so that scrolling and arrow keys always find a neighbour. */
const BEYOND = 12;
/** Fewer rows than this left below the screen, and more are asked for. */
const NEAR_END = 30;

/**
 * The bodies of a table that shows `items` through a window. `draw` makes a row; `onNearEnd` is called when the reader comes
 * near the last item. All rows must be of one height, which is measured.
 */
export function windowedRows({ keyOf, draw, onNearEnd, signal }) {
  const above = spacer();
  const below = spacer();
  const body = el('tbody', { role: 'rowgroup' });
  const rows = keyedRows(body, keyOf, draw);
  let items = [];
  let height = ROW_PX;
  let frame = null;
  let onDrawn = () => {};

  document.addEventListener('scroll', later, { capture: true, passive: true, signal });
  window.addEventListener('resize', later, { passive: true, signal });

  return {
    bodies: [above.node, body, below.node],
    show(next) {
      items = next;
      draw_();
    },
    each: rows.each,
    /** Called after rows came into the window, to mark them. */
    set onDrawn(callback) {
      onDrawn = callback;
    },
  };

  function later() {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      if (!signal.aborted && body.isConnected) {
        draw_();
      }
    });
  }

  function draw_() {
    const top = above.node.getBoundingClientRect().top;
    const first = Math.max(0, Math.min(items.length, Math.floor(-top / height) - BEYOND));
    const last = Math.min(items.length, Math.ceil((window.innerHeight - top) / height) + BEYOND);
    above.setHeight(first * height);
    rows.show(items.slice(first, Math.max(first, last)));
    below.setHeight((items.length - Math.max(first, last)) * height);
    const measured = body.firstElementChild?.offsetHeight;
    if (measured && measured !== height) {
      height = measured;
      later();
    }
    onDrawn();
    if (items.length > 0 && items.length - last < NEAR_END) {
      onNearEnd();
    }
  }
}

function spacer() {
  const cell = el('td');
  const node = el('tbody', { class: 'spacer', 'aria-hidden': 'true' }, el('tr', {}, cell));
  let shown = -1;
  return {
    node,
    setHeight(pixels) {
      if (pixels !== shown) {
        shown = pixels;
        // Through the CSSOM: the page's content security policy allows that, unlike a style attribute.
        cell.style.height = `${pixels}px`;
      }
    },
  };
}
