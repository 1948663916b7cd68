// Settings: how this server is, and every setting in effect.

import * as api from '../api.js';
import { el, region } from '../dom.js';
import { count, number, seconds, words } from '../format.js';
import { poll } from '../live.js';
import { empty, facts, loading, pageHead, refusal } from '../parts/common.js';
import { textInput } from '../parts/form.js';
import { badge } from '../parts/status.js';

const UP = { icon: 'check', tone: 'good' };
/** What the server says of a setting that nobody set. */
const DEFAULT = 'the default';
const DOWN = { icon: 'cross', tone: 'bad' };

export function mount(root, _route, signal) {
  let settings = null;
  const server = region('section', { class: 'card', 'aria-label': 'This server' }, drawServer);
  const list = region('div', { class: 'settings' }, drawSettings);
  const search = textInput('q', { type: 'search', placeholder: 'Name or description contains', oninput: () => showSettings() });
  const wait = loading();
  root.append(
    pageHead('Settings', el('a', { class: 'button', href: '/docs' }, 'API documentation')),
    wait,
    server.node,
    el(
      'form',
      { class: 'filters', 'aria-label': 'Filters', onsubmit: (event) => event.preventDefault() },
      el('label', { class: 'filter wide' }, el('span', {}, 'Setting'), search),
    ),
    list.node,
  );

  poll(async () => {
    const [stats, ready, session] = await Promise.all([api.stats(signal), api.readiness(signal), api.session()]);
    wait.remove();
    server.show({
      version: stats.version,
      uptime: Math.floor(stats.uptime_s / 60),
      queue: stats.queue,
      ready,
      session: { key: session.key, scopes: session.scopes, keysNeeded: session.keys_needed },
    });
    settings ??= await load();
    showSettings();
  }, signal);

  async function load() {
    try {
      const { data } = await api.settings(signal);
      return data;
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      return { refused: { message: problem.message, errors: problem.errors } };
    }
  }

  function showSettings() {
    if (settings !== null) {
      const text = search.value.trim().toLowerCase();
      list.show(settings.refused ? settings : settings.filter(({ key, description }) => `${key} ${description}`.toLowerCase().includes(text)));
    }
  }

  function drawServer({ version, uptime, queue, ready, session }) {
    return [
      el(
        'header',
        { class: 'card-head' },
        el('h2', {}, `Longline ${version}`),
        badge(words(ready.status), ready.status === 'ready' ? UP : DOWN),
      ),
      el(
        'div',
        { class: 'card-body' },
        facts([
          ...Object.entries(ready.checks ?? {}).map(([name, state]) => [
            words(name),
            badge(words(state), state === 'up' ? UP : DOWN),
          ]),
          ['Up for', uptime < 1 ? 'less than a minute' : seconds(uptime * 60)],
          ['Queue', count(queue.pending, 'delivery waits', 'deliveries wait')],
          ['Oldest waits', queue.oldest_pending_s === null ? 'nothing waits' : seconds(queue.oldest_pending_s)],
          ['Retrying', number(queue.retrying)],
          ['You are', session.key ? session.key.name : session.keysNeeded ? 'not signed in' : 'on this machine: no key is needed'],
          ['You may', session.scopes.join(', ')],
        ]),
      ),
    ];
  }

  function drawSettings(shown) {
    if (shown.refused) {
      return refusal(shown.refused);
    }
    if (shown.length === 0) {
      return empty('No setting matches', 'Every setting and what it does is in conf/longline.yaml.');
    }
    const sections = new Map();
    for (const setting of shown) {
      const [section] = setting.key.split('.');
      sections.set(section, [...(sections.get(section) ?? []), setting]);
    }
    return [...sections].map(([section, entries]) =>
      el(
        'section',
        { class: 'card', 'aria-label': section },
        el('header', { class: 'card-head' }, el('h2', {}, words(section))),
        el(
          'dl',
          { class: 'setting-list' },
          entries.map(({ key, value, default: usual, origin, description }) =>
            el(
              'div',
              {},
              el('dt', {}, el('code', {}, key), el('span', { class: 'hint' }, description)),
              el(
                'dd',
                {},
                el('code', {}, text(value)),
                el(
                  'span',
                  { class: `origin ${origin === DEFAULT ? '' : 'changed'}`, title: `The default is ${text(usual)}` },
                  origin === DEFAULT ? 'default' : origin,
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }
}

function text(value) {
  return value === '' ? 'none' : String(value);
}
