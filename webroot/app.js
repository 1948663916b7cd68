// Puts the dashboard together: the frame around the pages, and the page that the URL names.

import * as api from './api.js';
import { startClock, timeAgo } from './clock.js';
import { el, fill } from './dom.js';
import { count, seconds } from './format.js';
import { icon } from './icons.js';
import { connection, onStream, poll, startStream } from './live.js';
import * as audit from './pages/audit.js';
import * as deliveries from './pages/deliveries.js';
import * as events from './pages/events.js';
import * as keys from './pages/keys.js';
import * as overview from './pages/overview.js';
import * as settings from './pages/settings.js';
import { signInPage } from './pages/sign-in.js';
import * as sources from './pages/sources.js';
import * as test from './pages/test.js';
import * as webhook from './pages/webhook.js';
import * as webhooks from './pages/webhooks.js';
import { empty, linkButton, pageHead } from './parts/common.js';
import { go, href, parse } from './router.js';
import { showShortcuts, wireShortcuts } from './shortcuts.js';
import { wireThemeButton } from './theme.js';
import { remember } from './who.js';

/** Each exports `mount(root, route, signal)` and may give back `{update, close, retry}`; the signal ends its work. */
const PAGES = { overview, webhooks, webhook, deliveries, events, test, sources, keys, audit, settings };
const TITLES = {
  overview: 'Overview',
  webhooks: 'Webhooks',
  webhook: 'Webhook',
  deliveries: 'Deliveries',
  events: 'Events',
  test: 'Test',
  sources: 'Sources',
  keys: 'Keys',
  audit: 'Audit',
  settings: 'Settings',
};
const RAIL_ICONS = {
  overview: 'overview',
  webhooks: 'hook',
  deliveries: 'list',
  events: 'bolt',
  test: 'flask',
  sources: 'inbox',
  keys: 'key',
  audit: 'book',
  settings: 'sliders',
};
/** On narrow screens these are behind "More". */
const MORE_PAGES = ['test', 'sources', 'keys', 'audit', 'settings'];
const CONNECTION = {
  connecting: ['circle', 'Connecting'],
  live: ['check', 'Live'],
  paused: ['pause', 'Paused'],
  stale: ['alert', 'Stale'],
};

const main = document.getElementById('main');
/** Ends the frame's own polling while nobody is signed in. */
let frameWork = null;
let shown = { name: null, page: null, controller: null };

function showRoute() {
  if (document.body.classList.contains('signed-out')) {
    return;
  }
  const route = parse(location.hash);
  document.title = `${TITLES[route.page] ?? 'Not found'} · Longline`;
  if (route.page === shown.name) {
    // A page without `update` shows the same whatever follows its name.
    shown.page?.update?.(route);
    return;
  }
  const isFirst = shown.name === null;
  shown.controller?.abort();
  const controller = new AbortController();
  const root = el('div', { class: `page ${Object.hasOwn(PAGES, route.page) ? route.page : ''}` });
  fill(main, root);
  // On wide screens the page scrolls inside, on narrow ones with the window.
  main.scrollTop = 0;
  window.scrollTo(0, 0);
  shown = { name: route.page, page: null, controller };
  shown.page = mountPage(route, root, controller.signal);
  markRail(route.page);
  if (!isFirst && !main.contains(document.activeElement)) {
    (root.querySelector('.detail [data-first]') ?? root.querySelector('h1'))?.focus({ preventScroll: true });
  }
}

function mountPage(route, root, signal) {
  if (Object.hasOwn(PAGES, route.page)) {
    return PAGES[route.page].mount(root, route, signal);
  }
  root.append(
    pageHead('Not found'),
    empty(
      'There is no such page',
      'The link may be from another version of Longline.',
      linkButton('Overview', href(['overview'])),
    ),
  );
  return null;
}

function markRail(name) {
  const entry = name === 'webhook' ? 'webhooks' : name;
  closeMore();
  document.getElementById('more').classList.toggle('current', MORE_PAGES.includes(entry));
  for (const link of document.querySelectorAll('.rail a')) {
    if (link.dataset.page === entry) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

function closeMore() {
  document.body.classList.remove('more-open');
  document.getElementById('more').setAttribute('aria-expanded', 'false');
}

function showConnection() {
  const [name, word] = CONNECTION[connection.state];
  const mark = document.getElementById('connection');
  mark.className = `connection ${connection.state}`;
  fill(mark, icon(name), el('span', {}, word));
  showPause();
  showBanner();
}

function showPause() {
  const button = document.getElementById('pause');
  const label = connection.isPaused ? 'Resume live updates' : 'Pause live updates';
  fill(button, icon(connection.isPaused ? 'play' : 'pause'));
  button.setAttribute('aria-label', label);
  button.title = label;
}

function showBanner() {
  const banner = document.getElementById('banner');
  const isStale = connection.state === 'stale';
  document.body.classList.toggle('stale', isStale);
  banner.hidden = !isStale;
  if (isStale) {
    const since = connection.lastAnswerAt;
    fill(
      banner,
      icon('alert'),
      el(
        'span',
        {},
        el('strong', {}, connection.trouble),
        ' ',
        since && ['What you see is from ', timeAgo(new Date(since).toISOString()), '. '],
        'It is asked again every few seconds.',
      ),
    );
  }
}

/** The frame's own poll: it keeps the connection mark true on pages that load nothing. */
function watchServer(signal) {
  const node = document.getElementById('server');
  const show = ({ version, uptime_s: uptime, queue }) => {
    const waiting = count(queue.pending, 'delivery waits', 'deliveries wait');
    const text = `${waiting}\nLongline ${version}\nup ${seconds(uptime)}`;
    if (node.textContent !== text) {
      node.textContent = text;
    }
  };
  poll(async (signal) => show(await api.stats(signal)), signal);
  onStream(({ type, data }) => type === 'stats' && data.queue && data.version && show(data), signal);
}

/** An id opens what it names; other text finds webhooks by URL or deliveries by event name. */
function searchTarget(text) {
  if (text.startsWith('dlv_')) {
    return href(['deliveries', text]);
  }
  if (text.startsWith('wh_')) {
    return href(['webhook', text]);
  }
  if (text.startsWith('evt_')) {
    return href(['deliveries'], { event_id: text });
  }
  const meansWebhook = text.includes('://') || parse(location.hash).page === 'webhooks';
  return meansWebhook ? href(['webhooks'], { q: text }) : href(['deliveries'], { event: text });
}

function wireSearch() {
  const form = document.getElementById('search');
  const input = document.getElementById('search-text');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text !== '') {
      input.value = '';
      input.blur();
      go(searchTarget(text));
    }
  });
}

function wireFrame() {
  for (const link of document.querySelectorAll('.rail a')) {
    link.prepend(icon(RAIL_ICONS[link.dataset.page]));
  }
  const more = document.getElementById('more');
  fill(more, icon('list'), 'More');
  more.addEventListener('click', () => {
    const isOpen = document.body.classList.toggle('more-open');
    more.setAttribute('aria-expanded', String(isOpen));
  });
  document.getElementById('skip').addEventListener('click', (event) => {
    // The address after # belongs to the router.
    event.preventDefault();
    main.focus();
  });
  document.getElementById('pause').addEventListener('click', () => connection.togglePause());
  const help = document.getElementById('help');
  fill(help, icon('help'));
  help.setAttribute('aria-label', 'Keyboard shortcuts');
  help.title = 'Keyboard shortcuts (?)';
  help.addEventListener('click', showShortcuts);
  wireThemeButton(document.getElementById('theme'));
  wireSearch();
  wireShortcuts(() => shown.page);
  connection.addEventListener('change', showConnection);
  showConnection();
}

/** A page behind the form would only ask in vain: it is closed, and opened afresh once somebody has signed in. */
function showSignIn() {
  if (document.body.classList.contains('signed-out')) {
    return;
  }
  document.body.classList.add('signed-out');
  frameWork?.abort();
  shown.controller?.abort();
  shown = { name: null, page: null, controller: null };
  document.title = 'Sign in · Longline';
  document.getElementById('sign-out').hidden = true;
  const form = signInPage(begin);
  fill(main, el('div', { class: 'page' }, form));
  form.querySelector('input').focus();
}

async function begin() {
  document.body.classList.remove('signed-out');
  frameWork?.abort();
  frameWork = new AbortController();
  try {
    const session = await api.session();
    remember(session);
    document.getElementById('sign-out').hidden = session.key === null;
  } catch (problem) {
    if (problem.status === 401) {
      return;
    }
  }
  startStream(frameWork.signal);
  watchServer(frameWork.signal);
  showRoute();
}

function wireSignOut() {
  document.getElementById('sign-out').addEventListener('click', async () => {
    await api.signOut();
    showSignIn();
  });
  api.signedOut.addEventListener('signedout', showSignIn);
}

wireFrame();
wireSignOut();
startClock();
window.addEventListener('hashchange', showRoute);
begin();
