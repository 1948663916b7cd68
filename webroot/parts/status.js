// States of deliveries and webhooks: always an icon and a word, never colour alone.

import { el } from '../dom.js';
import { icon } from '../icons.js';
import { words } from '../format.js';

const DELIVERY = {
  pending: { icon: 'clock', tone: 'neutral' },
  retrying: { icon: 'retry', tone: 'warn' },
  held: { icon: 'pause', tone: 'hold' },
  succeeded: { icon: 'check', tone: 'good' },
  failed: { icon: 'cross', tone: 'bad' },
  cancelled: { icon: 'slash', tone: 'mute' },
};

const WEBHOOK = {
  active: { icon: 'check', tone: 'good' },
  paused: { icon: 'pause', tone: 'hold' },
  disabled: { icon: 'slash', tone: 'mute' },
  'circuit open': { icon: 'alert', tone: 'bad' },
  probing: { icon: 'retry', tone: 'warn' },
  shadow: { icon: 'eye', tone: 'hold' },
};

/** The views of a delivery's status, in the order in which filters offer them. */
export const DELIVERY_VIEWS = Object.keys(DELIVERY);

/** A delivery's state as people see it: `held` and `retrying` are views of `pending`. */
export function deliveryView(delivery) {
  if (delivery.status !== 'pending') {
    return delivery.status;
  }
  if (delivery.held) {
    return 'held';
  }
  return delivery.attempt_count > 0 ? 'retrying' : 'pending';
}

/** What decides whether a webhook's deliveries flow. */
export function webhookView(webhook) {
  if (!webhook.active) {
    return 'disabled';
  }
  if (webhook.paused) {
    return 'paused';
  }
  return { open: 'circuit open', probing: 'probing' }[webhook.circuit] ?? (webhook.shadow ? 'shadow' : 'active');
}

/** What a shadow made and did not send is no success of a receiver's. */
export function deliveryBadge(delivery) {
  if (delivery.reason === 'shadow') {
    return badge('shadow', WEBHOOK.shadow);
  }
  const view = deliveryView(delivery);
  return badge(view, DELIVERY[view]);
}

export function webhookBadge(webhook) {
  const view = webhookView(webhook);
  return badge(view, WEBHOOK[view]);
}

/** Whether an attempt succeeded: a 2xx answer decides, even when its body was cut or came late; a shadow's needs none. */
export function attemptSucceeded(attempt) {
  return attempt.shadow || (attempt.response_code >= 200 && attempt.response_code < 300);
}

export function badge(word, { icon: name, tone } = { icon: 'circle', tone: 'neutral' }) {
  return el('span', { class: `badge ${tone}` }, icon(name), words(word));
}
