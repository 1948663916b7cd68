// API keys: who may call, made here and shown once.

import * as api from '../api.js';
import { timeAgo, timeUntil } from '../clock.js';
import { el, fill, toast } from '../dom.js';
import { toIso } from '../local-time.js';
import { codeBlock } from '../parts/code.js';
import { button, empty, facts, linkButton, panelHead } from '../parts/common.js';
import { confirmDanger } from '../parts/dialog.js';
import { field, formError, onSubmit, select, textInput } from '../parts/form.js';
import { listPage } from '../parts/list-page.js';
import { shownOnce } from '../parts/shown-once.js';
import { href } from '../router.js';

const COLUMNS = [
  ['event', 'Name'],
  ['scopes', 'May'],
  ['hint', 'Ends in'],
  ['used', 'Last used'],
  ['expires', 'Expires'],
  ['again', ''],
];
const SCOPES = [
  ['publish', 'Send events, nothing else'],
  ['read', 'Look at everything but secrets, keys and the audit log'],
  ['admin', 'Everything'],
];

export function mount(root, route, signal) {
  const page = listPage(root, route, signal, {
    name: 'keys',
    title: 'Keys',
    actions: [linkButton('Make a key', href(['keys', 'new']), { kind: 'primary' })],
    columns: COLUMNS,
    fetchPage: api.keys,
    keyOf: ({ id }) => id,
    drawRow: (key) => drawRow(key, () => page.restart()),
    emptyView: () =>
      empty(
        'No keys in the store',
        'Programs and people show a key with each call. On this machine’s own address none is needed unless the settings say so.',
        linkButton('Make a key', href(['keys', 'new']), { kind: 'primary' }),
      ),
    panelFor: (_rest, tools) => newKey(tools),
    explanation: howKeysWork(),
  });
  return page;
}

function howKeysWork() {
  return el(
    'aside',
    { class: 'card explanation', 'aria-label': 'How keys work' },
    el('header', { class: 'card-head' }, el('h2', {}, 'How keys work')),
    el(
      'div',
      { class: 'card-body' },
      el('p', {}, 'A program shows its key with each call; a person signs in to this dashboard with one.'),
      codeBlock(`curl ${location.origin}/api/stats \\\n  -H 'Authorization: Bearer llk_…'`, 'Call with a key'),
      facts([
        ...SCOPES.map(([scope, may]) => [el('code', {}, scope), may]),
        [el('code', {}, 'tenant:acme'), 'Besides one of these: sees and touches nothing of other tenants'],
      ]),
      el('p', { class: 'hint' }, 'Give each program a key of its own, with as little as it needs: revoking one then stops nothing else.'),
    ),
  );
}

function drawRow(key, changed) {
  const cells = {
    event: el('span', { class: 'strong', title: key.id }, key.name),
    scopes: el(
      'span',
      { class: 'patterns' },
      key.scopes.map((scope) => el('code', {}, scope)),
    ),
    hint: el('code', {}, key.hint),
    used: key.last_used_at ? timeAgo(key.last_used_at) : el('span', { class: 'muted' }, 'never'),
    expires: expiry(key.expires_at),
    again: el(
      'button',
      { type: 'button', class: 'small-button', 'aria-label': `Revoke ${key.name}`, onclick: () => askToRevoke(key, changed), dataset: { focus: 'revoke' } },
      'Revoke…',
    ),
  };
  return el(
    'tr',
    { role: 'row', class: 'plain-row' },
    COLUMNS.map(([name]) => el('td', { class: `c-${name}`, role: 'cell' }, cells[name])),
  );
}

function expiry(at) {
  if (!at) {
    return el('span', { class: 'muted' }, 'never');
  }
  return Date.parse(at) > Date.now() ? timeUntil(at) : el('span', { class: 'bad' }, 'expired');
}

function askToRevoke(key, changed) {
  confirmDanger(
    'Revoke this key?',
    async () => ({
      text: `Calls with “${key.name}” are refused at once, and whoever signed in with it is signed out.`,
      action: 'Revoke',
    }),
    async () => {
      await api.revokeKey(key.id);
      toast('Key revoked');
      changed();
    },
  );
}

function newKey({ close, changed }) {
  const holder = el('div', {});
  const form = el(
    'form',
    { class: 'form' },
    field('Name', textInput('name', { placeholder: 'checkout', dataset: { first: '' } }), { hint: 'What it is for, or whose it is' }),
    field('It may', select('scopes', SCOPES, { value: 'publish' })),
    field('Only for the tenant', textInput('tenant', { placeholder: 'all tenants' }), { hint: 'It sees and touches nothing of others' }),
    field('Expires', textInput('expires_at', { type: 'datetime-local' }), { hint: 'Left blank: never' }),
    formError(),
    el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'button primary' }, 'Make key'), button('Cancel', close)),
  );
  onSubmit(form, async () => {
    const { name, scopes, tenant, expires_at: expires } = form.elements;
    const made = await api.createKey({
      name: name.value.trim(),
      scopes: [scopes.value, ...(tenant.value.trim() ? [`tenant:${tenant.value.trim()}`] : [])],
      ...(expires.value && { expires_at: toIso(expires.value) }),
    });
    changed();
    toast('Key made');
    fill(
      holder,
      shownOnce('Key', made.key, 'Only its hash is kept. Callers show it as “Authorization: Bearer llk_…”.', close),
    );
    holder.querySelector('button').focus();
  });
  fill(holder, form);
  return {
    node: el(
      'div',
      { class: 'panel' },
      panelHead('Make a key', 'Close the form', close),
      holder,
    ),
  };
}
