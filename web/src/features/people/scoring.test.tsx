import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { WaitingScoring } from '../policies/waiting_scoring';
import { Scoring } from './scoring';
import type { PersonScoring, ScoringRequest } from './scoring_calls';

const REQUEST: ScoringRequest = {
  number: 3,
  person_id: 'p1',
  person: PERSON,
  policy: 'leaks',
  days: 14,
  reason: 'named by the head of research',
  asked_by: 'ivy',
  asked_at: '2026-03-04T08:00:00Z',
  decision: 'waits',
  decided_by: null,
  decided_reason: null,
  decided_at: null,
};
const NOTHING: PersonScoring = {
  person_id: 'p1',
  second_person: true,
  most_days: 90,
  policies: [{ id: 'leaks', name: 'Data leaks' }],
  starts: [],
  requests: [],
};
const APPROVER = { ...SESSION, user: 'otto', permissions: ['people.read' as const, 'policies.approve' as const] };

it('asks with policy, days and reason, and says that a second person must agree', async () => {
  let sent: unknown;
  serve({
    'GET /people/p1/scoring': NOTHING,
    'POST /people/p1/scoring': ({ body }: { body: unknown }) => {
      sent = body;
      return REQUEST;
    },
  });
  renderAt('/people/p1', <Scoring personId="p1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Start scoring…' }));
  const dialog = within(screen.getByRole('dialog'));
  expect(dialog.getByText(/It begins when a second person approves/)).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText(/Reason/), 'named by the head of research');
  await userEvent.clear(dialog.getByRole('spinbutton'));
  await userEvent.type(dialog.getByRole('spinbutton'), '91');
  expect(dialog.getByRole('button', { name: 'Ask' })).toBeDisabled();
  await userEvent.clear(dialog.getByRole('spinbutton'));
  await userEvent.type(dialog.getByRole('spinbutton'), '14');
  await userEvent.click(dialog.getByRole('button', { name: 'Ask' }));
  await expect.poll(() => sent).toEqual({ policy: 'leaks', days: 14, reason: 'named by the head of research' });
});

it('shows the end, and stops', async () => {
  let sent: unknown;
  serve({
    'GET /people/p1/scoring': {
      ...NOTHING,
      second_person: false,
      starts: [{ policy: 'leaks', from: '2026-03-01', until: '2026-03-30', holds: true }],
      requests: [{ ...REQUEST, decision: 'not_needed' }],
    } satisfies PersonScoring,
    'POST /people/p1/scoring/stop': ({ body }: { body: unknown }) => {
      sent = body;
      return new Refusal(409, 'scoring.not_started', 'nobody asked');
    },
  });
  renderAt('/people/p1', <Scoring personId="p1" />);
  expect(await screen.findByText(/^Scored under/)).toHaveTextContent(/Scored under Data leaks from .* until/);
  await userEvent.click(screen.getByRole('button', { name: 'Stop scoring under Data leaks' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Reason/), 'the talk cleared it up');
  await userEvent.click(dialog.getByRole('button', { name: 'Stop' }));
  expect(await dialog.findByText(/nobody asked/)).toBeInTheDocument();
  expect(sent).toEqual({ policy: 'leaks', reason: 'the talk cleared it up' });
});

it('lets somebody else approve, on the policy’s page too', async () => {
  serve({
    'GET /people/p1/scoring': { ...NOTHING, requests: [REQUEST] },
    'GET /scoring': { requests: [REQUEST, { ...REQUEST, number: 4, policy: 'other', reason: 'of another policy' }] },
  });
  const { unmount } = renderAt('/people/p1', <Scoring personId="p1" />, { ...SESSION, user: 'ivy' });
  expect(await screen.findByText(/You asked for it/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
  unmount();
  renderAt('/policies/leaks', <WaitingScoring policyId="leaks" policyName="Data leaks" />, APPROVER);
  expect(await screen.findByRole('button', { name: 'Approve' })).toBeInTheDocument();
  expect(screen.getByText(PERSON.pseudonym)).toBeInTheDocument();
  expect(screen.queryByText(/of another policy/)).not.toBeInTheDocument();
});

it('says that nobody asked, and what failed', async () => {
  let answer: unknown = { ...NOTHING, policies: [] };
  serve({ 'GET /people/p1/scoring': () => answer });
  const { unmount } = renderAt('/people/p1', <Scoring personId="p1" />);
  expect(await screen.findByText(/Nobody asked for it/)).toBeInTheDocument();
  expect(screen.getByText(/No policy is in force/)).toBeInTheDocument();
  unmount();
  answer = new Refusal(500, 'store.corrupt', 'the store is damaged');
  renderAt('/people/p1', <Scoring personId="p1" />);
  expect(await screen.findByText(/the store is damaged/)).toBeInTheDocument();
});
