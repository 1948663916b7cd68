// Sources: third parties whose calls become events.

import * as api from '../api.js';
import { timeAgo } from '../clock.js';
import { copy, el, region, toast } from '../dom.js';
import { shortId } from '../format.js';
import { poll } from '../live.js';
import { button, clickableRow, empty, facts, idChip, linkButton, loading, panelHead } from '../parts/common.js';
import { codeBlock } from '../parts/code.js';
import { confirmDanger } from '../parts/dialog.js';
import { field, formError, onSubmit, select, textInput } from '../parts/form.js';
import { listPage } from '../parts/list-page.js';
import { go, href } from '../router.js';

/** Where each third party is told the URL and the secret. */
const KINDS = {
  github: ['GitHub', 'Repository or organisation → Settings → Webhooks. Content type application/json; the same secret there.'],
  gitlab: ['GitLab', 'Project or group → Settings → Webhooks. The same text as secret token there.'],
  stripe: ['Stripe', 'Developers → Webhooks → Add endpoint. Its signing secret (whsec_…) belongs here.'],
  shopify: ['Shopify', 'The app’s client secret, or the signing secret under Settings → Notifications → Webhooks.'],
  slack: ['Slack', 'The app’s signing secret, under Basic Information. Its challenge is answered by itself.'],
  standard: ['Standard Webhooks', 'Any sender that signs as standardwebhooks.com says; its whsec_ secret belongs here.'],
  hmac: ['HMAC of the body', 'A sender that puts an HMAC of the body into a header that you name.'],
  token: ['Fixed token', 'A sender that puts a fixed text into a header that you name.'],
};
const COLUMNS = [
  ['event', 'Name'],
  ['kind', 'Kind'],
  ['path', 'Called at'],
  ['tenant', 'Tenant'],
  ['when', 'Made'],
];

export function mount(root, route, signal) {
  return listPage(root, route, signal, {
    name: 'sources',
    title: 'Sources',
    actions: [linkButton('Add a source', href(['sources', 'new']), { kind: 'primary' })],
    columns: COLUMNS,
    fetchPage: api.sources,
    keyOf: ({ id }) => id,
    drawRow,
    emptyView: () =>
      empty(
        'No sources yet',
        'A source takes a third party’s webhooks in (GitHub, Stripe, Slack …), verifies them, and makes events of them that go to your own webhooks.',
        linkButton('Add a source', href(['sources', 'new']), { kind: 'primary' }),
      ),
    panelFor: ([id], tools) => (id === 'new' ? newSource(tools) : sourcePanel(id, signal, tools)),
  });
}

function drawRow(source) {
  const link = el('a', { href: href(['sources', source.id]), dataset: { row: '', focus: 'open' } }, source.name);
  const cells = {
    event: link,
    kind: KINDS[source.kind]?.[0] ?? source.kind,
    path: el('code', {}, source.path),
    tenant: source.tenant,
    when: timeAgo(source.created_at),
  };
  return clickableRow(
    el(
      'tr',
      { role: 'row' },
      COLUMNS.map(([key]) => el('td', { class: `c-${key}`, role: 'cell' }, cells[key])),
    ),
    link,
  );
}

function sourcePanel(id, pageSignal, { close, changed }) {
  const controller = new AbortController();
  const panel = region('div', { class: 'panel' }, draw);
  panel.show({ loading: true });
  poll(
    async (signal) => {
      try {
        panel.show({ source: await api.source(id, signal) });
      } catch (problem) {
        if (problem.isOutage || signal.aborted) {
          throw problem;
        }
        panel.show({ missing: problem.message });
      }
    },
    AbortSignal.any([pageSignal, controller.signal]),
  );
  return { node: panel.node, close: () => controller.abort() };

  function draw({ source, missing, loading: isLoading }) {
    if (isLoading) {
      return [panelHead(shortId(id), 'Close the source', close), loading()];
    }
    if (missing) {
      return [panelHead('Not shown', 'Close the source', close), empty(missing, 'It may have been deleted, or the link is wrong.')];
    }
    const url = `${location.origin}${source.path}`;
    const [label, where] = KINDS[source.kind] ?? [source.kind, ''];
    return [
      panelHead(source.name, 'Close the source', close),
      el('p', { class: 'panel-sub' }, el('span', {}, 'Source ', idChip(source.id)), el('span', {}, 'Made ', timeAgo(source.created_at))),
      el('h3', { class: 'section-title' }, 'Tell the third party'),
      codeBlock(url, 'URL'),
      el('p', { class: 'hint' }, where),
      facts([
        ['Kind', label],
        ['Events are called', el('code', {}, `${source.event_prefix}.…`)],
        ['Tenant', source.tenant],
        ['Secret', el('span', {}, 'ends in ', el('code', {}, source.secret_hint))],
        source.header && ['Header', el('code', {}, source.header)],
        source.algorithm && ['Hash', `${source.algorithm}, ${source.encoding}`],
        source.signature_prefix && ['Before the signature', el('code', {}, source.signature_prefix)],
        source.event_header && ['Names the event', el('code', {}, source.event_header)],
        source.id_header && ['Names the call', el('code', {}, source.id_header)],
      ]),
      el(
        'div',
        { class: 'actions' },
        button('Copy URL', () => copy(url, 'URL'), { iconName: 'copy' }),
        linkButton('Its events', href(['events', 'recent'])),
        button('Delete…', () => askToDelete(source), { kind: 'danger' }),
      ),
    ];
  }

  function askToDelete(source) {
    confirmDanger(
      'Delete this source?',
      async () => ({
        text: `${source.name} refuses every call from then on, and its name is free. Events that it made stay.`,
        action: 'Delete',
      }),
      async () => {
        await api.deleteSource(source.id);
        toast('Source deleted');
        changed();
        close();
      },
    );
  }
}

function newSource({ close, changed }) {
  const kind = select('kind', Object.entries(KINDS).map(([key, [label]]) => [key, label]), { value: 'github' });
  const where = el('p', { class: 'hint' });
  const own = el(
    'div',
    { class: 'form' },
    field('Header', textInput('header', { placeholder: 'X-Signature' }), { hint: 'With the signature or token' }),
    el(
      'div',
      { class: 'only-hmac field-row' },
      field('Hash', select('algorithm', [['', 'sha256'], ['sha1', 'sha1'], ['sha512', 'sha512']])),
      field('Written in', select('encoding', [['', 'hex'], ['base64', 'base64']])),
      field('Before it', textInput('signature_prefix', { placeholder: 'sha256=' })),
    ),
    el(
      'div',
      { class: 'field-row' },
      field('Event’s header', textInput('event_header'), { hint: 'Without it, type or event of the body' }),
      field('Call’s id header', textInput('id_header'), { hint: 'By which repetitions are told' }),
    ),
  );
  const form = el(
    'form',
    { class: 'form' },
    field('Kind', kind),
    where,
    field('Name', textInput('name', { placeholder: 'github-main', dataset: { first: '' } }), { hint: 'The third party calls /in/ and this name' }),
    field('Secret', textInput('secret', { dataset: { secret: '' } }), { hint: 'What you share with the third party; 8 characters at least' }),
    own,
    el(
      'div',
      { class: 'field-row' },
      field('Events begin with', textInput('event_prefix', { placeholder: 'by the kind' })),
      field('Tenant', textInput('tenant', { placeholder: 'default' })),
    ),
    formError(),
    el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'button primary' }, 'Add source'), button('Cancel', close)),
  );
  const showKind = () => {
    where.textContent = KINDS[kind.value][1];
    own.hidden = !['hmac', 'token'].includes(kind.value);
    own.querySelector('.only-hmac').hidden = kind.value !== 'hmac';
  };
  kind.addEventListener('change', showKind);
  showKind();
  onSubmit(form, async () => {
    const fields = Object.fromEntries(
      ['name', 'kind', 'secret', 'header', 'algorithm', 'encoding', 'signature_prefix', 'event_header', 'id_header', 'event_prefix', 'tenant']
        .filter((name) => !own.contains(form.elements[name]) || isShown(form.elements[name]))
        .map((name) => [name, name === 'secret' ? form.elements[name].value : form.elements[name].value.trim()])
        .filter(([, value]) => value !== ''),
    );
    // Empty ones that the API needs are left to it to name.
    const source = await api.createSource({ name: '', secret: '', ...fields });
    toast('Source added');
    changed();
    go(href(['sources', source.id]));
  });
  return {
    node: el(
      'div',
      { class: 'panel' },
      panelHead('Add a source', 'Close the form', close),
      form,
    ),
  };
}

function isShown(control) {
  return control.offsetParent !== null;
}
