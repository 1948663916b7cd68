// Delivering again what a filter selects: the count first, then the order, then how far it is.

import * as api from '../api.js';
import * as directory from '../directory.js';
import { el, fill } from '../dom.js';
import { count, number } from '../format.js';
import { toIso, toLocal } from '../local-time.js';
import { button } from '../parts/common.js';
import { openDialog } from '../parts/dialog.js';
import { field, formError, onSubmit, select, textInput } from '../parts/form.js';

const DAY_MS = 86_400_000;
const COUNT_AFTER_MS = 300;
const LOOK_EVERY_MS = 500;
const STATUSES = ['failed', 'cancelled', 'succeeded'];

/** `filters` are what the list shows; `strip` tells of the work once it is under way. */
export function replayDialog(filters, strip, signal, onChange) {
  const now = Date.now();
  const status = select(
    'status',
    [['', 'Any final state'], ...STATUSES.map((name) => [name, name])],
    { value: STATUSES.includes(filters.status) ? filters.status : 'failed' },
  );
  const webhook = select(
    'webhook_id',
    [['', 'Any webhook'], ...directory.all().map(({ id, url }) => [id, url])],
    { value: filters.webhook_id ?? '' },
  );
  const event = textInput('event', { value: filters.event, placeholder: 'Any event' });
  const since = textInput('since', {
    type: 'datetime-local',
    step: '1',
    value: toLocal(filters.since ?? new Date(now - DAY_MS).toISOString()),
  });
  const until = textInput('until', {
    type: 'datetime-local',
    step: '1',
    value: toLocal(filters.until ?? new Date(now + 1000).toISOString()),
  });
  const missed = el('input', { type: 'checkbox', name: 'missed', id: 'replay-missed' });
  const matched = el('p', { class: 'replay-count', 'aria-live': 'polite' });
  const start = el('button', { type: 'submit', class: 'button primary', disabled: true }, 'Replay');
  const form = el(
    'form',
    { class: 'form' },
    el('div', { class: 'field-row' }, field('From', since), field('To', until)),
    el('div', { class: 'field-row' }, field('Status', status), field('Event', event)),
    field('Webhook', webhook),
    el(
      'label',
      { class: 'check', for: 'replay-missed' },
      missed,
      el(
        'span',
        {},
        'Also what it missed',
        el('span', { class: 'hint' }, 'Events from before the webhook was registered, or while it was disabled.'),
      ),
    ),
    matched,
    formError(),
    el('div', { class: 'actions end' }, button('Close', () => dialog.close()), start),
  );
  const dialog = openDialog('Deliver again', form);
  const open = new AbortController();
  dialog.addEventListener('close', () => open.abort());
  signal.addEventListener('abort', () => dialog.close());

  let asking = null;
  let timer = null;
  form.addEventListener('input', askLater);
  onSubmit(form, async () => {
    const { id } = await api.startReplay(wanted());
    dialog.close();
    follow(id, strip, signal, onChange);
  });
  ask();

  function askLater() {
    start.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(ask, COUNT_AFTER_MS);
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    fill(matched, 'Counting…');
    try {
      const found = await api.startReplay(
        { ...wanted(), dry_run: true },
        AbortSignal.any([mine.signal, open.signal]),
      );
      if (mine.signal.aborted || open.signal.aborted) {
        return;
      }
      const atLeast = found.matched_at_least ?? null;
      const amount = found.matched ?? atLeast ?? 0;
      fill(matched, el('strong', {}, matchText(amount, atLeast !== null && !found.matched)));
      fill(start, amount === 0 ? 'Replay' : `Replay ${number(amount)}${atLeast !== null && !found.matched ? '+' : ''}`);
      start.disabled = amount === 0;
    } catch (problem) {
      if (!mine.signal.aborted && !open.signal.aborted) {
        fill(matched, el('span', { class: 'bad' }, problem.message, ' ', problem.errors.map((each) => each.detail).join(' ')));
      }
    }
  }

  function wanted() {
    return Object.fromEntries(
      Object.entries({
        since: toIso(since.value),
        until: toIso(until.value),
        status: status.value,
        webhook_id: webhook.value,
        event: event.value.trim(),
        missed: missed.checked,
      }).filter(([, value]) => value),
    );
  }
}

function matchText(amount, isLeast) {
  if (amount === 0) {
    return 'Nothing matches.';
  }
  const what = count(amount, 'delivery', 'deliveries');
  return `${isLeast ? 'At least ' : ''}${what} will be made again, behind what is live.`;
}

/** Shows the newest replay if it is still under way, for whoever comes back to the page. */
export async function followRunning(strip, signal, onChange) {
  try {
    const { data } = await api.replays({ limit: 1 }, signal);
    if (data[0]?.state === 'running') {
      follow(data[0].id, strip, signal, onChange);
    }
  } catch {
    // Whether the server is away is for the list to say.
  }
}

/** Looks how far it is until it ends; leaving the page leaves it running. */
async function follow(id, strip, signal, onChange) {
  strip.begin('Replaying', async () => {
    await api.stopReplay(id).catch(() => {});
  });
  while (!signal.aborted) {
    let replay;
    try {
      replay = await api.replay(id, signal);
    } catch (problem) {
      if (!problem.isOutage) {
        strip.end(problem.message, 'bad');
        return;
      }
    }
    if (replay) {
      strip.show({ done: replay.done, total: replay.matched ?? null });
      if (replay.state !== 'running') {
        onChange();
        strip.end(
          replay.state === 'cancelled'
            ? `Stopped: ${count(replay.done, 'delivery', 'deliveries')} had been made again.`
            : `${count(replay.done, 'delivery', 'deliveries')} made again.`,
        );
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
