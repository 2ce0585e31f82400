import { screen, within } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON } from '../../../test/samples';
import { serve } from '../../../test/server';
import PersonPage from './person_page';

const ID = '0123456789abcdef0123456789abcdef';
const DETAIL = {
  id: ID,
  person: PERSON,
  at: '2026-03-09',
  has_left: false,
  manager: null,
  attributes: [],
  facts: [
    {
      kind: 'job_level_change',
      valid_from: '2026-03-01',
      valid_to: null,
      known_since: '2026-03-02T08:00:00Z',
      source: 'hr',
      holds: true,
      attributes: [],
    },
  ],
  accounts: [
    {
      account: 'f'.repeat(32),
      use: 'sign_in',
      source: 'directory',
      name: null,
      from: null,
      to: '2026-02-01',
      holds: false,
    },
  ],
};

it('tells from when to when facts hold and accounts are the person’s', async () => {
  serve({ [`GET /people/${ID}`]: DETAIL });
  renderAt(
    `/people/${ID}`,
    <Routes>
      <Route path="/people/:personId" element={<PersonPage />} />
    </Routes>,
  );
  const facts = within(await screen.findByRole('table', { name: 'Facts' }));
  const heads = (table: typeof facts) => table.getAllByRole('columnheader').map((one) => one.textContent);
  expect(heads(facts)).toEqual(['Kind', 'From', 'To', 'Known since', 'Source']);
  expect(facts.getByRole('row', { name: /job level change 2026-03-01 further notice .* hr/ })).toBeInTheDocument();
  const accounts = within(screen.getByRole('table', { name: 'Accounts' }));
  expect(heads(accounts)).toEqual(['Account', 'From', 'To', 'Source']);
  expect(accounts.getByRole('row', { name: /sign in always 2026-02-01 directory/ })).toBeInTheDocument();
});
