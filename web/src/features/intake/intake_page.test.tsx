import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { SESSION } from '../../../test/samples';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import { DemoBanner } from './demo_banner';
import IntakePage from './intake_page';

const INTAKE = {
  version: '0123456789abcdef',
  rules: [{ name: 'no_subjects', reason: 'Agreement 3', whole_record: false, dropped_fields: 2, masked_fields: 0 }],
  parties: [{ name: 'council', reason: 'Law', entries: 1 }],
  days: [
    { day: '2026-03-02', rule: 'council', dropped: 3, changed: 0 },
    { day: '2026-03-01', rule: 'council', dropped: 4, changed: 0 },
    { day: '2026-03-01', rule: 'no_subjects', dropped: 0, changed: 5 },
  ],
};
const ADMIN = { ...SESSION, permissions: [...SESSION.permissions, 'policies.write' as const] };
const DECISION = {
  number: 1,
  indicator: 'mail_read',
  on: true,
  country: 'FR',
  group: '',
  from: '2026-03-01',
  agreement: 'A \u202E7',
  set_at: '2026-03-01T00:00:00Z',
  set_by: 'ada',
};
const SWITCHES = {
  indicators: [{ name: 'mail_read', title: 'Mail read', intrusion: 3, on: false, decisions: [DECISION] }],
};

const NOTHING = { activities: 0, accounts: 0, raw_records: 0 };
const RUN = { raw_records_before: '2026-02-03', activities_before: '2025-12-05' };
const RETENTION = {
  raw_days: 1,
  activity_days: 90,
  folder_began: '2025-11-01',
  removed: { activities: 1204, accounts: 3, raw_records: 2000 },
  kinds: [
    { kind: 'undecided_alerts', setting: 'retention.undecided_alert_days', days: 120, removed: 41 },
    { kind: 'cases', setting: 'retention.case_days', days: 0, removed: 0 },
  ],
  runs: [
    {
      ...RUN,
      day: '2026-03-05',
      removed: { activities: 1204, accounts: 3, raw_records: 2000 },
      held_people: 2,
      held_activities: 17,
      kinds: [],
    },
    { ...RUN, day: '2026-03-04', removed: NOTHING, held_people: 0, held_activities: 0, kinds: [] },
    {
      ...RUN,
      day: '2026-03-03',
      removed: NOTHING,
      held_people: 0,
      held_activities: 0,
      kinds: [
        { kind: 'undecided_alerts', removed: 41, held: 2 },
        { kind: 'messages', removed: 0, held: 0 },
      ],
    },
  ],
};

it('sums what was kept from the disk and shows each decision', async () => {
  serve({ 'GET /intake': INTAKE, 'GET /switches': SWITCHES, 'GET /retention': RETENTION });
  renderAt('/intake', <IntakePage />, ADMIN);
  expect(await screen.findByRole('row', { name: /council.*7.*0/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /no_subjects.*2 fields dropped.*0.*5/ })).toBeInTheDocument();
  expect(await screen.findByText(/On FR, from 2026-03-01/)).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
});

it('shows how long things are kept and what went', async () => {
  serve({ 'GET /intake': INTAKE, 'GET /switches': SWITCHES, 'GET /retention': RETENTION });
  renderAt('/intake', <IntakePage />, ADMIN);
  expect(await screen.findByRole('row', { name: /Activities 90 days when they happened 1,204/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Raw records 1 day when they arrived 2,000/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /nobody decided about 120 days .*last commented 41/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Closed cases .* without end .* 0/ })).toBeInTheDocument();
  const run = screen.getByRole('row', { name: /2026-03-03.*nobody decided about: 41, 2 held/ });
  expect(run).not.toHaveTextContent('mail');
  expect(
    screen.getByRole('row', { name: /2026-03-05 1,204.*before 2025-12-05.*3.*2,000.*17.*of 2 people/ }),
  ).toBeInTheDocument();
  expect(screen.queryByRole('row', { name: /2026-03-04/ })).not.toBeInTheDocument();
});

it('shows why a decision was refused', async () => {
  serve({
    'GET /intake': INTAKE,
    'GET /switches': SWITCHES,
    'GET /retention': RETENTION,
    'POST /switches': new Refusal(400, 'switches.agreement_needed', 'name the agreement'),
  });
  renderAt('/intake', <IntakePage />, ADMIN);
  await userEvent.click(await screen.findByRole('button', { name: 'Decide' }));
  expect(await screen.findByText(/name the agreement/)).toBeInTheDocument();
});

it('says that people are invented, of a demo only', async () => {
  serve({ 'GET /status': { data: 'demo', fill: { state: 'idle' } } });
  renderAt('/status', <DemoBanner />);
  expect(await screen.findByTestId('demo')).toHaveTextContent('invented');
});
