// Test: one request to any URL, and what Longline's own receiver got.

import { el, fill } from '../dom.js';
import { pageHead } from '../parts/common.js';
import { href } from '../router.js';
import { hasOwnReceiver } from '../who.js';
import { builtInReceiver } from './built-in-receiver.js';
import { testRequest } from './test-request.js';

const VIEWS = [
  ['', 'Send a request'],
  ['receiver', 'Built-in receiver'],
];

export function mount(root, route, signal) {
  const links = VIEWS.map(([view, label]) =>
    el('a', { href: href(view ? ['test', view] : ['test']), dataset: { view } }, label),
  );
  const holder = el('div', { class: 'view' });
  let shown = null;
  let controller = null;
  let part = null;
  root.append(
    pageHead('Test'),
    hasOwnReceiver() ? el('nav', { class: 'tabs', 'aria-label': 'Test' }, links) : '',
    holder,
  );
  update(route);
  return { update };

  function update(next) {
    const view = next.rest[0] === 'receiver' && hasOwnReceiver() ? 'receiver' : '';
    for (const link of links) {
      if (link.dataset.view === view) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
    }
    if (view !== shown) {
      shown = view;
      controller?.abort();
      controller = new AbortController();
      const viewSignal = AbortSignal.any([signal, controller.signal]);
      part = view === 'receiver' ? builtInReceiver(viewSignal) : testRequest(next);
      fill(holder, part.node);
    } else {
      part.update?.(next);
    }
  }
}
