import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { ALERT, PERSON, ROW, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import CasePage from './case_page';
import { CaseActions } from './open_case';

const PERMISSIONS: Schemas['Permission'][] = ['cases.view', 'cases.work', 'cases.close', 'people.lift'];
const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe =1+1';
const SEEN = 'a'.repeat(32);
const CASE: Schemas['Case'] = {
  id: '0f',
  number: 7,
  person: PERSON,
  title: 'Files to a stick',
  state: 'open',
  owner: 'ada',
  opened_by: 'ada',
  opened_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-05T08:00:00Z',
  erased_on: null,
  links: 0,
  reason: 'more files than ever',
  closing: null,
  contributors: [{ user: 'ben', added_by: 'ada', added_at: '2026-03-04T09:00:00Z' }],
  alerts: [{ alert: { ...ROW, status: 'confirmed' }, added_by: 'ada', added_at: '2026-03-04T08:00:00Z' }],
  counts: { notes: 1, tasks: 2, open_tasks: 1, evidence: 1, notices: 0 },
  alerts_seen: SEEN,
  is_member: true,
  is_owner: true,
};
const VIEWERS = {
  viewers: [
    { user: 'ada', may_own: true },
    { user: 'ann', may_own: true },
    { user: 'law', may_own: false },
  ],
};

function show(one: Schemas['Case'], answers: Answers = {}, tab = '', permissions = PERMISSIONS) {
  const served = serve({
    'GET /cases/0f': one,
    'GET /case-viewers': VIEWERS,
    'GET /cases/0f/links': { links: [], hidden: 0 },
    ...answers,
  });
  renderAt(
    `/cases/0f${tab ? `?tab=${tab}` : ''}`,
    <Routes>
      <Route path="/cases/:caseId" element={<CasePage />} />
    </Routes>,
    { ...SESSION, permissions },
  );
  return served;
}

const page = (name: string, values: unknown[]) => ({ [name]: values, total: values.length, page: 1, limit: 50 });

it('shows what a case is about and who works on it', async () => {
  show(CASE);
  expect(await screen.findByRole('heading', { level: 1, name: 'Files to a stick' })).toBeInTheDocument();
  expect(screen.getByText(PERSON.pseudonym)).toBeInTheDocument();
  expect(screen.getByText('more files than ever')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Data leaks' })).toHaveAttribute('href', '/alerts/A-1');
  expect(within(screen.getByRole('list', { name: 'Contributors' })).getByText('ben')).toBeInTheDocument();
  expect(await screen.findByRole('option', { name: 'law' })).toBeInTheDocument();
});

it('tells who is no member whom to ask, and asks the server nothing', async () => {
  const { calls } = show({ ...CASE, is_member: false, is_owner: false }, {}, 'notes');
  expect(await screen.findByText("The case's notes are for those who work on it")).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Close the case…' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Hand over…' })).not.toBeInTheDocument();
  expect(calls).not.toContain('GET /cases/0f/notes?page=1&limit=50');
});

it('shows notes as text, adds one, and takes none when closed', async () => {
  const note = { number: 1, at: '2026-03-04T09:00:00Z', viewer: 'ben', text: `ask @ada\n${HOSTILE}` };
  const bodies: unknown[] = [];
  show(
    CASE,
    {
      'GET /cases/0f/notes': page('notes', [note]),
      'POST /cases/0f/notes': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { ...note, number: 2 };
      },
    },
    'notes',
  );
  const shown = await screen.findByTestId('note');
  expect(shown).toHaveTextContent('ask @ada<script>alert(1)</script> U+202Efdp.exe =1+1');
  expect(document.querySelector('script')).toBeNull();
  await userEvent.type(screen.getByRole('textbox', { name: 'Note' }), ' found it ');
  await userEvent.click(screen.getByRole('button', { name: 'Add note' }));
  await waitFor(() => expect(bodies).toEqual([{ text: 'found it' }]));
});

it('offers no note form when closed, and reopening', async () => {
  const closing = {
    resolution: 'benign' as const,
    action: 'none' as const,
    text: HOSTILE,
    by: 'ada',
    at: '2026-03-06T08:00:00Z',
  };
  show({ ...CASE, state: 'closed', closing }, { 'GET /cases/0f/notes': page('notes', []) }, 'notes');
  expect(await screen.findByText('The case is closed: it takes no notes.')).toBeInTheDocument();
  expect(screen.queryByRole('textbox', { name: 'Note' })).not.toBeInTheDocument();
  expect(screen.getByTestId('resolution')).toHaveTextContent('Benign. Nothing was needed: <script>');
  expect(screen.getByRole('button', { name: 'Reopen…' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Close the case…' })).not.toBeInTheDocument();
});

it('adds tasks for members and finishes them', async () => {
  const task = {
    number: 1,
    at: '2026-03-04T09:00:00Z',
    viewer: 'ada',
    text: 'ask the manager',
    due: '2026-03-10',
    assigned_to: 'ben',
    done_by: null,
    done_at: null,
  };
  const bodies: unknown[] = [];
  const { calls } = show(
    CASE,
    {
      'GET /cases/0f/tasks': { tasks: [task, { ...task, number: 2, done_by: 'ben', done_at: '2026-03-05T09:00:00Z' }] },
      'POST /cases/0f/tasks': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { tasks: [task] };
      },
      'POST /cases/0f/tasks/1/done': { tasks: [task] },
    },
    'tasks',
  );
  await userEvent.type(await screen.findByRole('textbox', { name: 'Task' }), 'look at the log');
  await userEvent.selectOptions(screen.getByLabelText('For'), 'ben');
  await userEvent.click(screen.getByRole('button', { name: 'Add task' }));
  await waitFor(() => expect(bodies).toEqual([{ text: 'look at the log', assigned_to: 'ben' }]));
  expect(screen.getAllByRole('button', { name: /is done/ })).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Task 1 is done' }));
  await waitFor(() => expect(calls).toContain('POST /cases/0f/tasks/1/done'));
});

it('lists files with size and hash, hostile names as text', async () => {
  const file = {
    number: 1,
    at: '2026-03-04T09:00:00Z',
    viewer: 'ada',
    name: HOSTILE,
    size: 2048,
    sha256: 'b'.repeat(64),
  };
  show(CASE, { 'GET /cases/0f/evidence': { evidence: [file] } }, 'evidence');
  const row = await screen.findByRole('rowheader');
  expect(row).toHaveTextContent('1: <script>alert(1)</script> U+202Efdp.exe =1+1');
  expect(screen.getByText('2.0 KiB')).toBeInTheDocument();
  expect(screen.getByText('b'.repeat(64))).toBeInTheDocument();
  expect(document.querySelector('script')).toBeNull();
});

it('closes with what was shown, and says why it could not', async () => {
  const bodies: unknown[] = [];
  show(CASE, {
    'POST /cases/0f/close': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return new Refusal(409, 'cases.changed_meanwhile', 'load the case again');
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Close the case…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/1 task is not done/)).toBeInTheDocument();
  expect(within(dialog).getByRole('button', { name: 'Close it' })).toBeDisabled();
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Confirmed policy violation' }));
  await userEvent.selectOptions(within(dialog).getByLabelText(/^Action taken/), 'coached');
  await userEvent.type(within(dialog).getByRole('textbox', { name: /^In words/ }), 'spoke with them');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close it' }));
  expect(await within(dialog).findByText(/load the case again/)).toBeInTheDocument();
  expect(bodies).toEqual([
    { resolution: 'confirmed_policy_violation', action: 'coached', text: 'spoke with them', alerts_seen: SEEN },
  ]);
});

it('hands over to viewers who may own cases', async () => {
  const bodies: unknown[] = [];
  show(CASE, {
    'POST /cases/0f/owner': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return { ...CASE, owner: 'ann' };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Hand over…' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByRole('option', { name: 'ann' });
  expect(within(dialog).queryByRole('option', { name: 'law' })).not.toBeInTheDocument();
  await userEvent.selectOptions(within(dialog).getByLabelText(/^New owner/), 'ann');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'I am away for two weeks');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Hand over' }));
  await waitFor(() => expect(bodies).toEqual([{ owner: 'ann', reason: 'I am away for two weeks' }]));
});

it('offers nothing to do with a case whose person was erased, and says so', async () => {
  const closing = { resolution: 'benign' as const, action: 'none' as const, text: 'x', by: 'ada', at: CASE.opened_at };
  show({ ...CASE, state: 'closed', closing, alerts: [], erased_on: '2026-04-01' }, {}, '', [
    ...PERMISSIONS,
    'notices.send',
  ]);
  expect(await screen.findByTestId('erased')).toHaveTextContent(/erased on .*cannot be reopened/);
  expect(screen.queryByRole('button', { name: 'Reopen…' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Send a notice…' })).not.toBeInTheDocument();
});

it('tells everything done, with what was said as text', async () => {
  const history = [
    { number: 1, at: '2026-03-04T08:00:00Z', viewer: 'ada', act: 'opened', about: 'A-1', text: HOSTILE },
    { number: 2, at: '2026-03-04T09:00:00Z', viewer: 'ada', act: 'note_added', about: '1', text: '' },
  ];
  show(CASE, { 'GET /cases/0f/history': page('history', history) }, 'history');
  const list = await screen.findByRole('list', { name: 'History, oldest first' });
  expect(list).toHaveTextContent('ada opened the case');
  expect(list).toHaveTextContent('ada wrote note 1');
  expect(list).toHaveTextContent('<script>alert(1)</script> U+202Efdp.exe');
});

it('is not there for those it is about', async () => {
  serve({ 'GET /cases/0f': new Refusal(404, 'cases.not_found', 'none') });
  renderAt(
    '/cases/0f',
    <Routes>
      <Route path="/cases/:caseId" element={<CasePage />} />
    </Routes>,
    { ...SESSION, permissions: PERMISSIONS },
  );
  expect(await screen.findByText('Not found')).toBeInTheDocument();
});

it('opens a case from an alert and goes there', async () => {
  const bodies: unknown[] = [];
  serve({
    'POST /cases': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return CASE;
    },
  });
  renderAt('/alerts/A-1', <CaseActions alert={ALERT} />, { ...SESSION, permissions: PERMISSIONS });
  await userEvent.click(screen.getByRole('button', { name: 'Open a case…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/The alert is confirmed/)).toBeInTheDocument();
  await userEvent.type(within(dialog).getByRole('textbox', { name: /^Title/ }), 'Files to a stick');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'more files than ever');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open' }));
  await waitFor(() => expect(screen.getByTestId('address')).toHaveTextContent('/cases/0f'));
  expect(bodies).toEqual([{ alert_id: ALERT.id, title: 'Files to a stick', reason: 'more files than ever' }]);
});

it('adds to an open case about the same person, or says there is none', async () => {
  const { calls } = serve({ 'GET /cases': page('cases', []) });
  renderAt('/alerts/A-1', <CaseActions alert={ALERT} />, { ...SESSION, permissions: PERMISSIONS });
  await userEvent.click(screen.getByRole('button', { name: 'Add to case…' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('No case about this person is open')).toBeInTheDocument();
  expect(within(dialog).getByRole('button', { name: 'Add' })).toBeDisabled();
  expect(calls).toEqual(['GET /cases?alert=A-1&state=open&page=1&limit=50']);
});

it('offers nothing for an alert that is in a case, or closed, or to those who may not', () => {
  for (const [alert, permissions] of [
    [{ ...ALERT, case: { id: '0f', number: 7 } }, PERMISSIONS],
    [{ ...ALERT, status: 'dismissed' as const }, PERMISSIONS],
    [ALERT, ['cases.view'] as Schemas['Permission'][]],
  ] as const) {
    const { unmount } = renderAt('/alerts/A-1', <CaseActions alert={alert} />, {
      ...SESSION,
      permissions: [...permissions],
    });
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
    unmount();
  }
});
