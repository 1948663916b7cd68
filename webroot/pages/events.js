// Events: the catalogue of their types, sending one, and those that came in lately.

import { el, fill } from '../dom.js';
import { pageHead } from '../parts/common.js';
import { href } from '../router.js';
import { eventCatalogue } from './event-catalogue.js';
import { eventComposer } from './event-composer.js';
import { recentEvents } from './recent-events.js';

const VIEWS = [
  ['', 'Catalogue'],
  ['send', 'Send an event'],
  ['recent', 'Recent events'],
];

export function mount(root, route, signal) {
  const links = VIEWS.map(([view, label]) => el('a', { href: href(view ? ['events', view] : ['events']), dataset: { view } }, label));
  const holder = el('div', { class: 'view' });
  let shown = null;
  let part = null;
  root.append(pageHead('Events'), el('nav', { class: 'tabs', 'aria-label': 'Events' }, links), holder);
  update(route);
  return { update, close: () => part?.close?.() };

  function update(next) {
    const [first = ''] = next.rest;
    // Names of types may hold anything, so they follow a word of ours: `#/events/type/order.created`.
    const view = ['type', 'edit', 'new'].includes(first) ? '' : first;
    for (const link of links) {
      if (link.dataset.view === view) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
    }
    const key = `${view} ${view === 'send' ? (next.query.get('event') ?? '') : ''}`;
    if (key !== shown?.key) {
      shown?.controller.abort();
      root.classList.remove('with-detail');
      const controller = new AbortController();
      shown = { key, controller };
      part = make(view, next, AbortSignal.any([signal, controller.signal]));
      fill(holder, part.node);
    }
    part.update?.(next);
  }

  function make(view, next, viewSignal) {
    if (view === 'send') {
      return eventComposer(viewSignal, next.query.get('event'));
    }
    return view === 'recent' ? recentEvents(viewSignal) : eventCatalogue(viewSignal);
  }
}
