import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import { result, step } from './sample_trace';
import { CaseTraceTab } from './trace_tab';
import { untold } from './words';

const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe';
const CASE: Schemas['Case'] = {
  id: '0f',
  number: 7,
  person: PERSON,
  title: 'Files',
  state: 'open',
  owner: 'ada',
  opened_by: 'ada',
  opened_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-05T08:00:00Z',
  erased_on: null,
  links: 0,
  reason: 'more files than ever',
  closing: null,
  contributors: [],
  alerts: [],
  counts: { notes: 0, tasks: 0, open_tasks: 0, evidence: 0, notices: 0 },
  alerts_seen: 'a'.repeat(32),
  is_member: true,
  is_owner: true,
};
const REQUEST: Schemas['LookRequest'] = {
  number: 4,
  kind: 'data_trace',
  state: 'approved',
  person: PERSON,
  alert_id: null,
  case_id: '0f',
  policy: null,
  from: '2026-01-01',
  until: '2026-03-05',
  reason: 'a partner was offered it',
  milder: 'the alert shows one part',
  start: { kind: 'file', text: HOSTILE },
  asked_by: 'ada',
  asked_at: '2026-03-04T08:00:00Z',
  decided_by: 'ben',
  decided_at: '2026-03-04T09:00:00Z',
  decided_reason: 'agreed with legal',
  open_until: '2026-03-18',
  withdrawn_by: '',
  withdrawn_at: null,
  withdrawn_reason: '',
  may_decide: false,
  may_read: true,
  is_mine: true,
};
const NONE: Schemas['DataTrace'] = {
  request: 4,
  case_id: '0f',
  start: { kind: 'file', text: HOSTILE },
  from: '2026-01-01',
  until: '2026-03-05',
  state: 'none',
  done: 0,
  total: 0,
  started_at: null,
  ended_at: null,
  failure: null,
  result: null,
};
const FOUND = result(
  [
    step({ number: 1, act: 'downloaded', strength: 'start', name: HOSTILE }),
    step({ number: 2, act: 'mailed', from: 1, tie: 'same_name', strength: 'likely', given_to: [1], other_bytes: true }),
    step({ number: 3, person: 1, act: 'to_medium', from: 2, tie: 'handed_over', strength: 'likely', place: 'SanDisk' }),
  ],
  {
    places: [
      {
        by: 'to_medium',
        place: 'SanDisk',
        first: '2026-03-04T08:00:00Z',
        last: '2026-03-04T08:00:00Z',
        times: 1,
        people: 1,
        strength: 'likely',
      },
    ],
    counts: { start: 1, certain: 0, likely: 2, name_only: 1 },
    name_only: [step({ number: 1, strength: 'name_only', name: 'plan.docx' })],
  },
);
const DONE: Schemas['DataTrace'] = { ...NONE, state: 'done', result: FOUND };

const listed = (rows: Schemas['LookRequest'][]) => ({
  requests: rows,
  total: rows.length,
  waiting: 0,
  page: 1,
  limit: 200,
});

function show(answers: Answers, at = '/cases/0f?tab=where&trace=4', one = CASE, permissions?: string[]) {
  const served = serve({ 'GET /requests': listed([REQUEST]), 'GET /requests/4/trace': NONE, ...answers });
  renderAt(at, <CaseTraceTab one={one} />, {
    ...SESSION,
    permissions: (permissions ?? [
      'cases.view',
      'cases.work',
      'requests.read',
      'requests.write',
      'activities.export',
    ]) as Schemas['Session']['permissions'],
  });
  return served;
}

it('shows the trace as sentences, with what ties each step, and hostile names as text', async () => {
  show({ 'GET /requests/4/trace': DONE });
  const rows = within(await screen.findByRole('table', { name: 'Step by step' })).getAllByRole('row');
  expect(rows[1]).toHaveTextContent('Downloaded: <script>alert(1)</script> U+202Efdp.exe');
  expect(rows[1]).toHaveTextContent('nothing before it');
  expect(rows[2]).toHaveTextContent(/Mailed: plan.docx to Anon-2222-2222-2222/);
  expect(rows[2]).toHaveTextContent(/step 1.*same name, same hands, other bytes/);
  expect(rows[3]).toHaveTextContent(/step 2was given it in.*Likely/);
  expect(screen.getByTestId('trace-summary')).toHaveTextContent(/3 steps through 2 people’s hands, to 1 place/);
  expect(within(screen.getByRole('table', { name: 'Places it reached' })).getAllByRole('row')[1]).toHaveTextContent(
    'Copied to removable mediaSanDisk',
  );
  expect(screen.getByRole('table', { name: 'Shares only a name' })).toBeInTheDocument();
  expect(screen.getByTestId('untold')).toHaveTextContent('2 steps are likely, not certain');
  expect(document.querySelector('script')).toBeNull();
});

it('walks the graph by keys and opens the step in the list', async () => {
  show({ 'GET /requests/4/trace': DONE });
  const nodes = await screen.findAllByRole('button', { name: /^Step \d/ });
  expect(nodes.map((node) => node.getAttribute('tabindex'))).toEqual(['0', '-1', '-1']);
  nodes[0]?.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(nodes[2]).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(document.activeElement).toHaveAttribute('data-step', '3');
  await userEvent.click(screen.getByRole('button', { name: 'step 1' }));
  expect(document.activeElement).toHaveAttribute('data-step', '1');
});

it('asks with both reasons, and begins at once where nobody else must agree', async () => {
  const bodies: unknown[] = [];
  const { calls } = show(
    {
      'GET /requests': ({ url }: { url: URL }) => {
        expect(url.searchParams.get('case')).toBe('0f');
        return listed(bodies.length > 0 ? [REQUEST] : []);
      },
      'POST /cases/0f/requests': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return REQUEST;
      },
      'POST /requests/4/trace': { ...NONE, state: 'running' },
    },
    '/cases/0f?tab=where',
  );
  await screen.findByText('Nobody has asked yet');
  await userEvent.click(screen.getByRole('button', { name: 'Ask where it went…' }));
  const ask = screen.getByRole('button', { name: 'Ask' });
  await userEvent.type(screen.getByRole('textbox', { name: /Which/ }), ' plan.docx ');
  await userEvent.type(screen.getByRole('textbox', { name: /not enough/ }), 'one alert shows a part');
  expect(ask).toBeDisabled();
  await userEvent.type(screen.getByRole('textbox', { name: /^Reason/ }), 'a partner was offered it');
  await userEvent.click(ask);
  await waitFor(() => expect(calls).toContain('POST /requests/4/trace'));
  expect(bodies[0]).toMatchObject({
    kind: 'data_trace',
    start_kind: 'file',
    start: 'plan.docx',
    reason: 'a partner was offered it',
    milder: 'one alert shows a part',
  });
});

it('begins with the activity that the explorer sent', async () => {
  const bodies: unknown[] = [];
  show(
    {
      'POST /cases/0f/requests': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { ...REQUEST, state: 'waits' };
      },
    },
    `/cases/0f?tab=where&activity=${'ab'.repeat(32)}`,
  );
  expect(await screen.findByText(/asking begins with it/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Ask where it went…' }));
  await userEvent.type(await screen.findByRole('textbox', { name: /not enough/ }), 'one alert shows a part');
  await userEvent.type(screen.getByRole('textbox', { name: /^Reason/ }), 'a partner was offered it');
  await userEvent.click(screen.getByRole('button', { name: 'Ask' }));
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toMatchObject({ start_kind: 'activity', start: 'ab'.repeat(32) });
});

it('tells how far it is, and can be cancelled', async () => {
  const { calls } = show({
    'GET /requests/4/trace': { ...NONE, state: 'running', done: 30, total: 120 },
    'DELETE /requests/4/trace': null,
  });
  expect(await screen.findByText('30 of 120 accounts')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(calls).toContain('DELETE /requests/4/trace'));
});

it('keeps what was found with the case, and exports it', async () => {
  const kept = { number: 2, at: '2026-03-05T08:00:00Z', viewer: 'ada', name: 'trace-4.json', size: 9, sha256: 'ab' };
  const { calls } = show({ 'GET /requests/4/trace': DONE, 'POST /requests/4/trace/keep': kept });
  await userEvent.click(await screen.findByRole('button', { name: 'Keep with the case' }));
  expect(await screen.findByText(/file 2 of the case’s evidence/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Kept as evidence' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Export CSV' })).toBeEnabled();
  expect(calls).toContain('POST /requests/4/trace/keep');
});

it('says what is not there, failed, not allowed or not yet agreed to', async () => {
  show({ 'GET /requests/4/trace': { ...DONE, result: result([]) } });
  expect(await screen.findByText('Nothing of it was found')).toBeInTheDocument();
});

it('says that it failed', async () => {
  show({ 'GET /requests/4/trace': { ...NONE, state: 'failed', failure: 'a block is damaged (timeline.corrupt)' } });
  expect(await screen.findByRole('alert')).toHaveTextContent('timeline.corrupt');
});

it('says that it may not be seen', async () => {
  show({ 'GET /requests': new Refusal(403, 'access.not_allowed', 'no') });
  expect(await screen.findByText('You may not see what was asked for')).toBeInTheDocument();
});

it('is for members who may read requests', async () => {
  show({}, '/cases/0f?tab=where', CASE, ['cases.view', 'cases.work']);
  expect(await screen.findByText('Your role does not include traces')).toBeInTheDocument();
});

it('is not for those who do not work on the case', async () => {
  const { calls } = show({}, '/cases/0f?tab=where', { ...CASE, is_member: false });
  expect(await screen.findByText(/traces are for those who work on it/)).toBeInTheDocument();
  expect(calls).toEqual([]);
});

it('waits for somebody else', async () => {
  show({ 'GET /requests': listed([{ ...REQUEST, state: 'waits', may_read: false }]) });
  expect(await screen.findByTestId('not-yet')).toHaveTextContent('Somebody else must agree first');
  expect(screen.queryByRole('button', { name: 'Look where it went' })).not.toBeInTheDocument();
});

it('says all that it does not say', () => {
  const all = untold(
    result([], {
      read_all: false,
      activities_read: 3_000_000,
      steps_left_out: 1,
      people_left_out: 2,
      places_left_out: 3,
      hidden_people: 1,
      hidden_activities: 4,
      origins: 2,
      accounts_of_nobody: 1,
      counts: { start: 0, certain: 0, likely: 1, name_only: 1 },
    }),
  );
  expect(all).toHaveLength(10);
  expect(all[0]).toMatch(/3,000,000 activities, its limit/);
  expect(all[4]).toBe(
    '4 activities of 1 person are not shown to you: they are outside of your units. It was not followed through them.',
  );
  expect(untold(result([]))).toHaveLength(1);
});
