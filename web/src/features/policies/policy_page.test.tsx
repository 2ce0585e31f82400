import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { serve } from '../../../test/server';
import PolicyPage from './policy_page';

const LAWFUL: Schemas['LawfulStart'] = {
  purpose: 'prevent_sabotage',
  purpose_means: 'keep content and services from being destroyed',
  legal_basis: 'works_agreement',
  legal_basis_means: 'GDPR article 88: a collective or works agreement',
  agreement: 'BV 7',
  impact_assessment: 'DPIA 3',
  owner: 'Head of security',
  all_countries: false,
  countries: ['AT', 'DE'],
  review_by: '2999-01-01',
};

const POLICY: Schemas['Policy'] = {
  id: 'leaks',
  name: 'Leaks',
  template: 'data_leaks',
  description: 'What leaves.',
  version: 'a94a8fe5ccb19ba6',
  enabled: true,
  state: 'validated',
  since: null,
  review_by: null,
  windows: { volume: 'default', look_back_days: 90, activation_days: 30, evidence_days: 90 },
  waits: true,
  lacks: [],
  health: [],
  lawful_start: LAWFUL,
  indicators: [],
  yaml: 'id: leaks\n',
  waiting: {
    number: 1,
    version: 'a94a8fe5ccb19ba6',
    asked_by: 'bob',
    reason: 'for the spring review',
    asked_at: '2026-03-01T08:00:00Z',
    widens: ['it is new'],
    lawful_start: LAWFUL,
    yaml: 'id: leaks\n',
  },
};
const VERSIONS: Schemas['PolicyVersions'] = {
  versions: [
    {
      number: 1,
      version: 'a94a8fe5ccb19ba6',
      act: 'active',
      asked_at: '2026-03-01T08:00:00Z',
      asked_by: 'bob',
      reason: 'for the spring review',
      effective_from: '2026-03-01',
      decision: 'waits',
      decided_by: '',
      decided_reason: '',
      decided_at: null,
      diff: ['-weight: 1', '+weight: 2', ' same'],
    },
  ],
};

function show(policy: Schemas['Policy'], permissions: Schemas['Permission'][]) {
  const calls = serve({
    'GET /policies/leaks': policy,
    'GET /policies/leaks/versions': VERSIONS,
    'POST /policies/leaks/approve': { state: 'active', effective_from: '2026-03-02' },
  });
  renderAt(
    '/policies/leaks',
    <Routes>
      <Route path="/policies/:policyId" element={<PolicyPage />} />
    </Routes>,
    { ...SESSION, permissions },
  );
  return calls;
}

it('lets a second person approve what waits, with a reason', async () => {
  show(POLICY, ['policies.read', 'policies.approve']);
  expect(await screen.findByText('Waits for a second person', { selector: 'h2' })).toBeInTheDocument();
  expect(screen.getByText('keep content and services from being destroyed')).toBeInTheDocument();
  expect(screen.getByText('AT, DE')).toBeInTheDocument();
  expect(screen.getByText('it is new')).toBeInTheDocument();
  expect(await screen.findByText('2 lines changed')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Reason' }), 'purpose and scope are right');
  const buttons = screen.getAllByRole('button', { name: 'Approve', hidden: true });
  await userEvent.click(buttons[buttons.length - 1] as HTMLElement);
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
});

it('does not let the one who asked approve', async () => {
  const own = { ...POLICY, waiting: POLICY.waiting && { ...POLICY.waiting, asked_by: 'ada' } };
  show(own, ['policies.read', 'policies.write', 'policies.approve']);
  expect(await screen.findByText('You asked for it: somebody else must approve.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Reject' })).toBeInTheDocument();
});

it('names what a draft lacks', async () => {
  show({ ...POLICY, state: 'draft', lacks: ['owner', 'review_by'] }, ['policies.read', 'policies.approve']);
  expect(await screen.findByText(/lacks owner, review by/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
});
