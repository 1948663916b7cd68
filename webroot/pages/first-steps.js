// The first visit explains itself: three steps, a button each, ticked off as they happen.

import { el, region } from '../dom.js';
import { icon } from '../icons.js';
import { closeButton, linkButton } from '../parts/common.js';
import { href } from '../router.js';
import { hasOwnReceiver } from '../who.js';

/** Once seen unfinished, the steps stay until they are closed: the last tick should be seen too. */
let begun = false;
let closed = false;

export function firstSteps() {
  const card = region('section', { 'aria-label': 'First steps' }, draw);
  return {
    node: card.node,
    show({ webhooks, deliveries }) {
      const done = [webhooks > 0, deliveries.length > 0, deliveries.some(({ status }) => status === 'succeeded')];
      begun ||= !done[0] || !done[1];
      card.show(begun && !closed ? done : null);
    },
  };

  function draw(done) {
    if (done === null) {
      return null;
    }
    const current = done.indexOf(false);
    return el(
      'div',
      { class: 'card steps' },
      el(
        'header',
        { class: 'card-head' },
        el('h2', {}, current < 0 ? 'It works' : 'Three steps to the first delivery'),
        closeButton('Close the first steps', () => {
          closed = true;
          card.show(null);
        }),
      ),
      el(
        'ol',
        {},
        step(
          0,
          'Register a webhook',
          hasOwnReceiver()
            ? 'Say which URL wants to hear about which events. No receiver at hand? Longline’s own is filled in.'
            : 'Say which URL wants to hear about which events. Any address that answers a POST with 2xx will do.',
          'Register a webhook',
          href(hasOwnReceiver() ? ['webhooks', 'new', 'receiver'] : ['webhooks', 'new']),
        ),
        step(
          1,
          'Send an event',
          'Tell Longline that something happened. Every webhook that subscribes to it gets a delivery.',
          'Send an event',
          href(['events', 'send']),
        ),
        step(
          2,
          'Watch it arrive',
          'See each attempt with what was sent and what came back. What fails is tried again.',
          'Watch deliveries',
          href(['deliveries']),
        ),
      ),
    );

    function step(index, title, text, label, target) {
      return el(
        'li',
        { class: done[index] ? 'done' : null },
        el('span', { class: 'step-mark' }, done[index] ? icon('check') : String(index + 1)),
        el(
          'div',
          {},
          el('h3', {}, title, done[index] && el('span', { class: 'hidden' }, ' (done)')),
          el('p', {}, text),
          linkButton(label, target, { kind: index === current ? 'primary' : '' }),
        ),
      );
    }
  }
}
