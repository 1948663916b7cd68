// What can be done with a webhook, wherever it is shown.

import * as api from '../api.js';
import { el, fill, toast } from '../dom.js';
import { count, number } from '../format.js';
import { href } from '../router.js';
import { actionRow, button, linkButton, refusal } from './common.js';
import { confirmDanger } from './dialog.js';

const AFTERWARDS = 'It gets no further events. The history of its deliveries stays until retention removes it.';

/** `lead` comes first, if given; `changed()` is called after each change; `deleted()` once it is gone; refusals are shown in `failure`. */
export function webhookActions(webhook, { lead = null, editLink, failure, changed, deleted }) {
  return actionRow([lead, linkButton('Edit', editLink)], [
    webhook.active &&
      (webhook.paused
        ? button('Resume', () => change({ paused: false }, 'Webhook resumed'), { iconName: 'play' })
        : button('Pause', () => change({ paused: true }, 'Webhook paused'), { iconName: 'pause' })),
    webhook.shadow
      ? button('Send for real', () => change({ shadow: false }, 'Deliveries are sent from now on'), { iconName: 'send' })
      : button('Make a shadow…', () => askForShadow(webhook, changed), { iconName: 'eye' }),
    webhook.active
      ? button('Disable', () => change({ active: false }, 'Webhook disabled'), { iconName: 'slash' })
      : button('Enable', () => change({ active: true }, 'Webhook enabled'), { iconName: 'check', kind: 'primary' }),
    linkButton('Send a test', href(['test'], { webhook_id: webhook.id })),
    linkButton('Its deliveries', href(['deliveries'], { webhook_id: webhook.id })),
    button('Delete…', () => askToDelete(webhook, deleted), { kind: 'danger' }),
  ]);

  async function change(patch, done) {
    fill(failure);
    try {
      await api.patchWebhook(webhook.id, patch);
      toast(done);
    } catch (problem) {
      fill(failure, refusal(problem));
    }
    changed();
  }
}

/** What a shadow does not send is not sent later either: nobody makes one by a slip. */
function askForShadow({ id, url }, changed) {
  confirmDanger(
    'Send nothing any more?',
    async () => ({
      text: `Deliveries to ${url}, those that wait included, are made and recorded, but not sent, until it is switched back.`,
      action: 'Make it a shadow',
    }),
    async () => {
      await api.patchWebhook(id, { shadow: true });
      toast('Nothing is sent any more');
      changed();
    },
  );
}

/** Says what would be cancelled before it may be confirmed. */
function askToDelete({ id, url }, deleted) {
  confirmDanger(
    'Delete this webhook?',
    async () => {
      const { pending } = await api.webhookWithPending(id);
      const waiting = count(pending, 'waiting delivery', 'waiting deliveries');
      return pending > 0
        ? { text: `${waiting} to ${url} will be cancelled. ${AFTERWARDS}`, action: `Delete and cancel ${number(pending)}` }
        : { text: `No delivery to ${url} is waiting, so none will be cancelled. ${AFTERWARDS}`, action: 'Delete' };
    },
    async () => {
      await api.deleteWebhook(id);
      toast('Webhook deleted');
      deleted();
    },
  );
}
