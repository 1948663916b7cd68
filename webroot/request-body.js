// What a delivery's request holds: the event's payload, or what the webhook's format makes of it, which only the server knows.

import * as api from './api.js';

/** Whether requests of this webhook hold something else than the payload. */
export function isRendered(webhook) {
  return (webhook?.format ?? 'standard') !== 'standard' || Boolean(webhook?.transform);
}

/** The body, as the webhook makes it of the delivery's event now. */
export async function requestBody(delivery, webhook, signal) {
  if (!isRendered(webhook)) {
    return JSON.stringify(delivery.payload);
  }
  const asked = { webhook_id: webhook.id, event_id: delivery.event_id };
  return (await api.previewWebhook(JSON.stringify(asked), signal)).body ?? '';
}
