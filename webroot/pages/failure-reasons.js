// Why a webhook's deliveries fail, gathered by reason, the most frequent first.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { el, region } from '../dom.js';
import { number, words } from '../format.js';
import { poll } from '../live.js';
import { href } from '../router.js';

const LOOKED_AT = 200;
const SHOWN = 4;
const STATUSES = ['failed', 'retrying'];

/** Hidden while nothing fails. */
export function failureReasons(webhookId, signal) {
  /** The receiver's or Longline's words for one delivery of each group, read once. */
  const explained = new Map();
  const list = region('ul', { class: 'plain reasons' }, draw);
  const node = el(
    'section',
    { class: 'card', 'aria-label': 'Why deliveries fail', hidden: true },
    el('header', { class: 'card-head' }, el('h2', {}, 'Why deliveries fail')),
    list.node,
  );
  poll(
    async () => {
      const answers = await Promise.all(
        STATUSES.map((status) => api.deliveries({ webhook_id: webhookId, status, limit: LOOKED_AT }, signal)),
      );
      const groups = grouped(answers.flatMap(({ data }) => data));
      await Promise.all(groups.map(explain));
      node.hidden = groups.length === 0;
      list.show(groups.map((group) => ({ ...group, text: explained.get(group.code)?.text ?? null })));
    },
    signal,
    ({ type, data }) => type === 'delivery' && data.webhook_id === webhookId && data.status !== 'succeeded',
  );
  return { node };

  async function explain({ code, sample }) {
    if (explained.get(code)?.sample === sample) {
      return;
    }
    try {
      const { attempts } = await api.delivery(sample, signal);
      explained.set(code, { sample, text: attempts.findLast((attempt) => attempt.error_message)?.error_message ?? null });
    } catch (problem) {
      if (problem.isOutage) {
        throw problem;
      }
    }
  }

  function draw(groups) {
    return groups.map(({ code, reason, times, last, sample, text }) =>
      el(
        'li',
        { class: 'reason' },
        el('strong', { class: 'bad' }, code === null ? 'No answer' : `HTTP ${code}`),
        el('span', { class: 'reason-text' }, text ?? (reason ? words(reason) : '')),
        el('a', { href: href(['deliveries', sample], { webhook_id: webhookId, response_code: code ? String(code) : '' }) }, `${number(times)} ×`),
        el('span', { class: 'muted' }, timeAgo(last)),
      ),
    );
  }
}

function grouped(deliveries) {
  const groups = new Map();
  for (const { id, last_response_code: code, reason, finished_at: finished, created_at: created } of deliveries) {
    const group = groups.get(code) ?? { code, reason, times: 0, last: '', sample: id };
    group.times += 1;
    const at = finished ?? created;
    if (at > group.last) {
      group.last = at;
      group.sample = id;
    }
    groups.set(code, group);
  }
  return [...groups.values()].sort((one, other) => other.times - one.times).slice(0, SHOWN);
}
