import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import PacksPage from './packs_page';
import { driftInWords, grouped } from './words';

const WRITER = {
  ...SESSION,
  permissions: [...SESSION.permissions, 'policies.write' as const, 'settings.write' as const],
};

function pack(id: string, title: string, applied: boolean) {
  return {
    id,
    title,
    kind: id === 'de' ? 'country' : 'industry',
    country: id === 'de' ? 'DE' : '',
    about: 'About\u202E it',
    checked_by: 'Counsel',
    policy_count: 2,
    limit_count: 0,
    switch_count: 1,
    text_count: 0,
    applied,
  };
}

const PACKS = {
  second_person: false,
  packs: [pack('de', 'Germany', true), pack('shop', 'Shops', false)],
  drift: { policies: 1, switches: 0, retention: true },
  applications: [
    {
      packs: ['de'],
      applied_at: '2026-05-01T10:00:00Z',
      applied_by: 'root',
      reason: 'agreed in May',
      agreement: 'BV 7',
      lawful_start: '',
      retention: true,
    },
  ],
};

const PLAN = {
  changes: true,
  digest: '0123456789abcdef',
  packs: [{ id: 'de', title: 'Germany', checked_by: 'Counsel' }],
  conflicts: ['retention.raw_days: 5 (de), 9 (shop); 5 holds'],
  notes: [],
  policies: [
    { id: 'leaks', name: 'Leaks', change: 'changed', widens: ['more people'], lacks: [], diff: ['-a', '+b'] },
    { id: 'new', name: 'New one', change: 'added', widens: [], lacks: ['owner'], diff: [] },
  ],
  switches: [
    { indicator: 'a', title: 'A', on: false, country: 'DE', group: '', agreement: 'pack de: why', outcome: 'set' },
    { indicator: 'b', title: 'B', on: false, country: 'DE', group: '', agreement: 'pack de: why', outcome: 'set' },
  ],
  retention: {
    kept: { raw_days: 30, activity_days: 90 },
    wanted: { raw_days: 14, activity_days: 60 },
    asked: false,
    waits: true,
  },
};

it('shows what would change before anything is applied, and applies exactly that', async () => {
  const asked: unknown[] = [];
  serve({
    'GET /packs': PACKS,
    'POST /packs/plan': ({ body }: { body: unknown }) => {
      asked.push(body);
      return { applied: false, diagnostics: [], plan: PLAN };
    },
    'POST /packs/apply': ({ body }: { body: unknown }) => {
      asked.push(body);
      return { applied: true, diagnostics: [], plan: PLAN };
    },
  });
  renderAt('/packs', <PacksPage />, WRITER);
  const user = userEvent.setup();
  expect(await screen.findByText('Since then: 1 policy differs, things are kept longer.')).toBeInTheDocument();
  expect(screen.getByRole('checkbox', { name: 'Take Germany' })).toBeChecked();
  await user.click(screen.getByRole('checkbox', { name: 'Take Shops' }));
  await user.click(screen.getByRole('button', { name: 'Show what would change' }));
  expect(await screen.findByText(/waits for a second person/)).toBeInTheDocument();
  expect(screen.getByText(/as a draft: its lawful start lacks owner/)).toBeInTheDocument();
  expect(screen.getByText(/Off in DE: 2, decided, from today on/)).toBeInTheDocument();
  expect(screen.getByText(/this asks for it, and a second person approves/)).toBeInTheDocument();
  const act = screen.getByRole('button', { name: 'Apply all of it' });
  expect(act).toBeDisabled();
  await user.type(screen.getByRole('textbox', { name: /Why/ }), 'what the board asked for');
  await user.click(act);
  expect(await screen.findByText(/^Applied\./)).toBeInTheDocument();
  const body = { packs: 'de,shop', lawful_start: '', agreement: 'BV 7', retention: 'yes' };
  expect(asked).toEqual([body, { ...body, reason: 'what the board asked for', digest: PLAN.digest }]);
});

it('forgets what was shown when something else is asked for, and tells of a refusal', async () => {
  serve({
    'GET /packs': PACKS,
    'POST /packs/plan': { applied: false, diagnostics: [], plan: PLAN },
    'POST /packs/apply': new Refusal(409, 'pack.changed_meanwhile', 'something else would change now'),
  });
  renderAt('/packs', <PacksPage />, WRITER);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Show what would change' }));
  await user.type(await screen.findByRole('textbox', { name: /Why/ }), 'what the board asked for');
  await user.click(screen.getByRole('button', { name: 'Apply all of it' }));
  expect(await screen.findByText(/something else would change now/)).toBeInTheDocument();
  await user.click(screen.getByRole('checkbox', { name: 'Take Shops' }));
  expect(screen.queryByRole('button', { name: 'Apply all of it' })).not.toBeInTheDocument();
});

it('tells faults instead of a plan, and lets nobody apply who may not', async () => {
  let answer: unknown = {
    applied: false,
    diagnostics: [{ line: 1, column: 2, severity: 'error', id: 'x', message: 'no such purpose', hint: '' }],
    plan: null,
  };
  serve({ 'GET /packs': PACKS, 'POST /packs/plan': () => answer });
  renderAt('/packs', <PacksPage />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Show what would change' }));
  expect(await screen.findByText('no such purpose')).toBeInTheDocument();
  expect(screen.queryByRole('checkbox', { name: /shorter times/ })).not.toBeInTheDocument();
  answer = { applied: false, diagnostics: [], plan: PLAN };
  await user.click(screen.getByRole('button', { name: 'Show what would change' }));
  expect(await screen.findByText('Whoever may write policies can apply this.')).toBeInTheDocument();
});

it('puts together what is decided alike, and says when nothing has changed', () => {
  const one = {
    indicator: 'a',
    title: 'A',
    on: true,
    country: '',
    group: '',
    agreement: '',
    outcome: 'holds' as const,
  };
  const groups = grouped([one, { ...one, title: 'B' }, { ...one, title: 'C', country: 'DE' }]);
  expect(groups.map((group) => [group.where, group.titles])).toEqual([
    ['everywhere', ['A', 'B']],
    ['in DE', ['C']],
  ]);
  expect(driftInWords({ policies: 0, switches: 0, retention: false })).toBe('Nothing has changed since.');
});
