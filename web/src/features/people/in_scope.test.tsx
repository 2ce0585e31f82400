import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON } from '../../../test/samples';
import { serve } from '../../../test/server';
import PeoplePage from './people_page';

const ID = '0123456789abcdef0123456789abcdef';
const ROW = {
  id: ID,
  person: PERSON,
  severity: 'high',
  open_alerts: 2,
  confirmed: 1,
  open_cases: 3,
  by_hand_until: '2026-06-25',
  scopes: [
    { policy: { id: 'leaks', name: 'Leaks \u202Egpj' }, since: '2026-05-20', until: '2026-06-20', by_hand: false },
    { policy: { id: 'leaks', name: 'Leaks \u202Egpj' }, since: '2026-05-10', until: '2026-06-25', by_hand: true },
  ],
};
const POLICIES = { order: '0123456789abcdef', policies: [] };

it('shows whom policies look at, why and since when, and no more', async () => {
  const { calls } = serve({ 'GET /people/in-scope': { total: 1, people: [ROW] }, 'GET /policies': POLICIES });
  renderAt('/people', <PeoplePage />);
  const rows = within(await screen.findByRole('table', { name: 'People in scope' })).getAllByRole('row');
  expect(rows).toHaveLength(2);
  expect(rows[1]).toHaveTextContent(/High21Leaks/);
  expect(screen.getAllByTitle('Hidden character U+202E')).toHaveLength(1);
  expect(screen.getByText(/since/)).toHaveTextContent('10');
  expect(rows[0]).not.toHaveTextContent(/activit|hour|points|rank/i);
  expect(calls).toContain('GET /people/in-scope?sort=severity&page=1&limit=50');
});

it('keeps the filter in the address, but not the pseudonym that is looked for', async () => {
  const { calls } = serve({ 'GET /people/in-scope': { total: 1, people: [ROW] }, 'GET /policies': POLICIES });
  renderAt('/people?page=3', <PeoplePage />);
  await screen.findByRole('table', { name: 'People in scope' });
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Severity' }), 'high');
  await userEvent.click(screen.getByRole('checkbox', { name: 'Scored by hand' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Pseudonym' }), ' Anon-7K ');
  await userEvent.click(screen.getByRole('button', { name: 'Find' }));
  await screen.findByRole('table', { name: 'People in scope' });
  expect(screen.getByTestId('address')).toHaveTextContent('/people?severity=high&by_hand=true');
  expect(calls.at(-1)).toBe(
    'GET /people/in-scope?severity=high&by_hand=true&text=Anon-7K&sort=severity&page=1&limit=50',
  );
});

it('starts and stops scoring where it is', async () => {
  serve({
    'GET /people/in-scope': { total: 1, people: [ROW] },
    'GET /policies': POLICIES,
    [`GET /people/${ID}/scoring`]: { second_person: true, most_days: 90, policies: [], starts: [], requests: [] },
  });
  renderAt('/people', <PeoplePage />);
  const toggle = await screen.findByRole('button', { name: /^Scoring by hand of/ });
  expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(toggle);
  expect(await screen.findByText(/Nobody asked for it/)).toBeInTheDocument();
  expect(toggle).toHaveAttribute('aria-expanded', 'true');
});
