import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Session } from '../session/session';
import type { ListChange, ListInfo, ListPage, ListPlan } from './list_calls';
import ListPageOf from './list_page';
import { headerOf, linesOf, missingIn, textOf } from './words';

const field = (name: string, required = false, many = false, choices: string[] = []) => ({
  name,
  required,
  many,
  choices,
});

const DOMAINS: ListInfo = {
  name: 'domains',
  title: 'Domains allowed, unallowed, of third parties',
  file: 'organisation.yml',
  decides_matching: true,
  second_person: true,
  csv: true,
  entries: 2,
  waiting: 1,
  fields: [
    field('domain', true),
    field('stance', true, false, ['allowed', 'unallowed', 'third_party']),
    field('reason'),
    field('from'),
    field('to'),
  ],
};
const GROUPS: ListInfo = {
  ...DOMAINS,
  name: 'groups',
  title: 'Detection groups',
  fields: [field('name', true), field('title'), field('domains', false, true), field('keywords', false, true)],
};

const CHANGE: ListChange = {
  number: 7,
  list: 'domains',
  entries_set: 1,
  entries_removed: 0,
  undoes: null,
  asked_by: 'root',
  reason: 'the contract \u202E was signed',
  asked_at: '2026-03-04T08:00:00Z',
  decision: 'waits',
  decided_by: null,
  decided_reason: null,
  decided_at: null,
};

const PAGE: ListPage = {
  second_person: true,
  pending: true,
  takes_up: true,
  list: DOMAINS,
  found: 2,
  entries: [
    {
      name: 'partner.example',
      said_in: 'organisation.yml:4',
      since: null,
      fields: [
        { name: 'domain', count: 1, texts: ['partner.example'] },
        { name: 'stance', count: 1, texts: ['allowed'] },
      ],
    },
    {
      name: 'rival.example',
      said_in: 'change 3',
      since: '2026-03-02T08:00:00Z',
      fields: [
        { name: 'domain', count: 1, texts: ['rival.example'] },
        { name: 'stance', count: 1, texts: ['unallowed'] },
      ],
    },
  ],
  changes: [
    CHANGE,
    { ...CHANGE, number: 3, decision: 'agreed', decided_by: 'boss', decided_at: '2026-03-02T08:00:00Z' },
  ],
};

const PLAN: ListPlan = {
  waits: true,
  unchanged: 0,
  total: 1,
  differences: [
    {
      name: 'new.example',
      kind: 'added',
      fields: [{ field: 'domain', added: ['new.example'], removed: [], added_count: 1, removed_count: 0 }],
    },
  ],
  total_faults: 0,
  faults: [],
};

const who = (user: string, ...permissions: Session['permissions']): Session => ({ ...SESSION, user, permissions });
const ADMIN = who('ada', 'settings.read', 'settings.write', 'policies.approve');

function show(viewer: Session = ADMIN) {
  renderAt(
    '/settings/lists/domains',
    <Routes>
      <Route path="/settings/lists/:list" element={<ListPageOf />} />
    </Routes>,
    viewer,
  );
}

it('says who says what, and that a file lies beneath', async () => {
  serve({ 'GET /lists/domains': PAGE });
  show();
  const entries = await screen.findByRole('table', { name: 'Entries' });
  expect(within(entries).getByRole('row', { name: /partner\.example/ })).toHaveTextContent('organisation.yml:4');
  expect(within(entries).getByRole('row', { name: /rival\.example/ })).toHaveTextContent(/change 3since/);
  expect(screen.getByText(/The file organisation\.yml says what holds/)).toHaveTextContent('needs a second person');
  expect(screen.getByText(/Changes hold that records are not read by yet/)).toBeInTheDocument();
  expect(screen.getAllByTitle('Hidden character U+202E').length).toBeGreaterThan(0);
});

it('shows what differs before it asks, and sends what was looked at', async () => {
  let looked: unknown;
  let sent: unknown;
  serve({
    'GET /lists/domains': PAGE,
    'POST /lists/domains/plan': ({ body }: { body: unknown }) => {
      looked = body;
      return PLAN;
    },
    'POST /lists/domains/changes': ({ body }: { body: unknown }) => {
      sent = body;
      return CHANGE;
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Add an entry…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Look at what differs' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/^Domain/), 'new.example');
  await userEvent.selectOptions(within(dialog).getByLabelText(/^Stance/), 'unallowed');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Look at what differs' }));
  expect(await within(dialog).findByRole('row', { name: /new\.example/ })).toHaveTextContent('New');
  expect(within(dialog).getByRole('button', { name: 'Ask' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/Reason/), 'told by purchasing');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Ask' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(JSON.parse((looked as { text: string }).text)).toEqual({
    domains: [{ domain: 'new.example', stance: 'unallowed' }],
  });
  expect(sent).toMatchObject({ ...(looked as object), reason: 'told by purchasing' });
});

it('shows faults with their place, and asks for nothing', async () => {
  serve({
    'GET /lists/domains': PAGE,
    'POST /lists/domains/plan': {
      ...PLAN,
      total: 0,
      differences: [],
      total_faults: 1,
      faults: [
        {
          file: 'text',
          line: 3,
          column: 1,
          error: true,
          id: 'organisation.bad_value',
          message: '`stance`: one of allowed, unallowed, third_party is expected',
          hint: 'write one of them',
        },
      ],
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Paste or upload…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByLabelText('The text')).toHaveValue('domain,stance,reason,from,to\n');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Look at what differs' }));
  expect(await within(dialog).findByRole('list', { name: 'Faults' })).toHaveTextContent('Line 3: `stance`');
  expect(within(dialog).queryByLabelText(/Reason/)).not.toBeInTheDocument();
});

it('somebody else approves what waits, and what holds is undone', async () => {
  const acts: string[] = [];
  serve({
    'GET /lists/domains': PAGE,
    'POST /lists/domains/changes/7/approve': () => {
      acts.push('approve');
      return { ...CHANGE, decision: 'agreed' };
    },
    'POST /lists/domains/changes/3/undo': new Refusal(409, 'lists.changed_meanwhile', 'changed since'),
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  await userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/Reason/), 'looked at it');
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Approve' }));
  await waitFor(() => expect(acts).toEqual(['approve']));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await userEvent.click(await screen.findByRole('button', { name: 'Undo change 3' }));
  await userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/Reason/), 'it was a mistake');
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Undo' }));
  expect(await screen.findByText(/lists\.changed_meanwhile/)).toBeInTheDocument();
});

it('who only reads changes nothing, and nobody approves their own', async () => {
  serve({ 'GET /lists/domains': PAGE });
  show(who('root', 'settings.read', 'policies.approve'));
  await screen.findByRole('table', { name: 'Changes' });
  for (const name of ['Approve', 'Add an entry…', 'Paste or upload…', 'Undo change 3', 'Take them up…'])
    expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
  expect(screen.getByText(/somebody else must approve/)).toBeInTheDocument();
});

it('a form becomes an entry of the file', () => {
  expect(JSON.parse(textOf(GROUPS, { name: 'x', title: ' ', domains: 'b.example\r\n\n a.example ' }))).toEqual({
    groups: [{ name: 'x', domains: ['b.example', 'a.example'] }],
  });
  expect(missingIn(DOMAINS, { domain: 'a.example', stance: ' ' })).toEqual(['stance']);
  expect(headerOf(GROUPS)).toBe('name,title,list,entry');
  expect(linesOf('')).toEqual([]);
});
