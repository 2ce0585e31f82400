import { readFileSync } from 'node:fs';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import type { Session } from '../session/session';
import SettingsPage from './settings_page';
import { SECTIONS, SETTING_WORD, valueInWords } from './words';

type Setting = Schemas['Setting'];

function setting(name: string, more: Partial<Setting> = {}): Setting {
  return {
    name,
    kind: 'whole_number',
    secret: false,
    changes: 'with_second_person',
    value: '90',
    in_file: '90',
    default: '90',
    origin: 'default',
    least: 1,
    most: 3650,
    line: null,
    since: null,
    change: null,
    waiting: null,
    ...more,
  };
}

const WAITING: Schemas['SettingChange'] = {
  number: 4,
  setting: 'retention.raw_days',
  value: '20',
  asked_by: 'root',
  reason: 'the works council \u202E agreed',
  asked_at: '2026-03-04T08:00:00Z',
  decision: 'waits',
  decided_by: null,
  decided_reason: null,
  decided_at: null,
};

const SETTINGS: Schemas['Settings'] = {
  second_person: true,
  file: 'settings.yml',
  settings: [
    setting('retention.raw_days', { value: '30', in_file: '30', default: '30', waiting: WAITING }),
    setting('retention.activity_days', {
      value: '120',
      in_file: '60',
      origin: 'changed',
      line: 4,
      since: '2026-03-02T08:00:00Z',
      change: { ...WAITING, number: 3, value: '120', decision: 'agreed', decided_by: 'boss' },
    }),
    setting('analytics.enabled', {
      kind: 'yes_or_no',
      changes: 'second_person_switches_on',
      value: 'true',
      in_file: 'false',
      default: 'false',
      least: null,
      most: null,
    }),
    setting('silence.webhook', {
      kind: 'address',
      secret: true,
      changes: 'in_file_only',
      value: 'set',
      in_file: 'set',
      default: '',
      origin: 'file',
      line: 9,
      since: '2026-03-01T08:00:00Z',
    }),
  ],
  changes: [WAITING],
};

const LISTS: Schemas['Lists'] = {
  second_person: true,
  pending: true,
  takes_up: true,
  lists: [
    {
      name: 'domains',
      title: 'Domains allowed, unallowed, of third parties',
      file: 'organisation.yml',
      decides_matching: true,
      second_person: true,
      csv: true,
      entries: 1200,
      waiting: 2,
      fields: [],
    },
  ],
};

const ELSEWHERE = {
  'GET /lists': LISTS,
  'GET /policies': { policies: [] },
  'GET /exclusions': { exclusions: [], groups: [] },
  'GET /switches': { indicators: [] },
  'GET /intake': { version: 'v', rules: [], parties: [], days: [] },
};

const who = (user: string, ...permissions: Session['permissions']): Session => ({ ...SESSION, user, permissions });
const ADMIN = who('ada', 'policies.read', 'policies.approve', 'settings.read', 'settings.write');

const rowOf = async (name: RegExp) => within(await screen.findByRole('row', { name }));

it('says of each value where it comes from, and shows no secret', async () => {
  serve({ 'GET /settings': SETTINGS, ...ELSEWHERE });
  renderAt('/settings', <SettingsPage />, ADMIN);
  const kept = await screen.findByRole('row', { name: /retention.activity_days/ });
  expect(kept).toHaveTextContent('120 daysBy default 90 days');
  expect(kept).toHaveTextContent(/Change 3, .*By root and boss: .*settings.yml, line 4, says 60 days/);
  const webhook = screen.getByRole('row', { name: /silence.webhook/ });
  expect(webhook).toHaveTextContent(/Set.*By default Not set.*settings.yml, line 9/);
  expect(within(webhook).queryByRole('button')).not.toBeInTheDocument();
  expect(webhook).toHaveTextContent('In the file only');
  expect(screen.getAllByTitle('Hidden character U+202E').length).toBeGreaterThan(0);
  expect(screen.getByText('A change waits for a second person.')).toBeInTheDocument();
  const history = within(screen.getByRole('table', { name: 'Changes' })).getAllByRole('row');
  expect(history[1]).toHaveTextContent(/4 · Raw records20 days/);
});

it('asks for a change with a reason, and says that it waits', async () => {
  let sent: unknown;
  serve({
    'GET /settings': SETTINGS,
    ...ELSEWHERE,
    'POST /settings/retention.activity_days': ({ body }: { body: unknown }) => {
      sent = body;
      return new Refusal(400, 'settings.bad_value', '`activity_days` is a whole number from 1 to 3650');
    },
  });
  renderAt('/settings', <SettingsPage />, ADMIN);
  await userEvent.click(await screen.findByRole('button', { name: 'Change Activities' }));
  const dialog = within(screen.getByRole('dialog'));
  expect(dialog.getByText(/It waits until a second person approves/)).toBeInTheDocument();
  expect(dialog.getByRole('button', { name: 'Ask' })).toBeDisabled();
  await userEvent.clear(dialog.getByRole('spinbutton'));
  await userEvent.type(dialog.getByRole('spinbutton'), '4000');
  await userEvent.type(dialog.getByLabelText(/Reason/), 'a longer case is open');
  await userEvent.click(dialog.getByRole('button', { name: 'Ask' }));
  expect(await dialog.findByText(/is a whole number from 1 to 3650/)).toBeInTheDocument();
  expect(sent).toEqual({ value: '4000', reason: 'a longer case is open' });
});

it('switches off at once, and on with somebody else', async () => {
  serve({ 'GET /settings': SETTINGS, ...ELSEWHERE });
  renderAt('/settings', <SettingsPage />, ADMIN);
  await userEvent.click(await screen.findByRole('button', { name: 'Change Analytics' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.selectOptions(dialog.getByRole('combobox'), 'false');
  expect(dialog.getByRole('button', { name: 'Change' })).toBeInTheDocument();
  expect(dialog.getByText(/It holds from now on/)).toBeInTheDocument();
});

it('lets a second person approve what was looked at, and nobody their own', async () => {
  let sent: unknown;
  serve({
    'GET /settings': SETTINGS,
    ...ELSEWHERE,
    'POST /settings/retention.raw_days/approve': ({ body }: { body: unknown }) => {
      sent = body;
      return { ...WAITING, decision: 'agreed' };
    },
  });
  const { unmount } = renderAt('/settings', <SettingsPage />, ADMIN);
  const row = await rowOf(/retention.raw_days/);
  await userEvent.click(row.getByRole('button', { name: 'Approve' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Reason/), 'looked at and right');
  await userEvent.click(dialog.getByRole('button', { name: 'Approve' }));
  await expect.poll(() => sent).toEqual({ reason: 'looked at and right', number: 4 });
  unmount();
  renderAt('/settings', <SettingsPage />, { ...ADMIN, user: 'root' });
  const own = await rowOf(/retention.raw_days/);
  expect(own.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
  expect(own.getByRole('button', { name: 'Take back' })).toBeInTheDocument();
  expect(own.getByText(/somebody else must approve/)).toBeInTheDocument();
});

it('asks for nothing that the viewer may not see, and offers no change', async () => {
  const { calls } = serve({ 'GET /settings': { ...SETTINGS, changes: [] } });
  renderAt('/settings', <SettingsPage />, who('otto', 'settings.read'));
  await screen.findByRole('row', { name: /retention.activity_days/ });
  expect(new Set(calls)).toEqual(new Set(['GET /settings', 'GET /lists']));
  expect(screen.queryByRole('button', { name: /^Change / })).not.toBeInTheDocument();
  expect(screen.getAllByText('You may not change it').length).toBeGreaterThan(0);
  expect(screen.getByText('Nothing was changed yet')).toBeInTheDocument();
});

it('says what failed, and that it is not allowed', async () => {
  let answer = new Refusal(500, 'store.corrupt', 'the store is damaged');
  serve({ 'GET /settings': () => answer });
  const { unmount } = renderAt('/settings', <SettingsPage />, ADMIN);
  expect(await screen.findByText(/the store is damaged/)).toBeInTheDocument();
  unmount();
  answer = new Refusal(403, 'access.not_allowed', 'no');
  renderAt('/settings', <SettingsPage />, ADMIN);
  expect(await screen.findByText('You may not see the settings')).toBeInTheDocument();
});

it('has a word and one place for every setting', () => {
  const placed = SECTIONS.flatMap(({ settings }) => settings);
  expect(new Set(placed).size).toBe(placed.length);
  expect([...placed].sort()).toEqual(Object.keys(SETTING_WORD).sort());
  const schema = JSON.parse(readFileSync('../content/schemas/settings.schema.json', 'utf8')) as {
    properties: Record<string, { properties?: Record<string, unknown> }>;
  };
  const known = Object.entries(schema.properties).flatMap(([section, { properties }]) =>
    Object.keys(properties ?? {}).map((name) => `${section}.${name}`),
  );
  expect([...placed].sort()).toEqual(known.sort());
  expect(valueInWords({ kind: 'whole_number', secret: false, name: 'audit.anchor_minutes' }, '60')).toBe('60');
});
