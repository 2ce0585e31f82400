import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import CasesPage, { casesFilterOf, casesQueryOf } from './cases_page';

const PERMISSIONS: Schemas['Permission'][] = ['cases.view', 'cases.work'];
const ROW: Schemas['CaseRow'] = {
  id: '0f',
  number: 7,
  person: PERSON,
  title: '<b>Files</b> to a \u202Estick',
  state: 'open',
  owner: 'ben',
  opened_by: 'ben',
  opened_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-05T08:00:00Z',
  erased_on: null,
  links: 0,
};
const VIEWERS = {
  viewers: [
    { user: 'ada', may_own: true },
    { user: 'ben', may_own: true },
    { user: 'law', may_own: false },
  ],
};

function show(cases: unknown, address = '/cases') {
  const served = serve({ 'GET /cases': cases, 'GET /case-viewers': VIEWERS });
  renderAt(address, <CasesPage />, { ...SESSION, permissions: PERMISSIONS });
  return served;
}

it('lists cases, by pseudonym, hostile titles as text', async () => {
  show({ cases: [ROW], total: 1, page: 1, limit: 50 });
  const link = await screen.findByRole('link', { name: /Files/ });
  expect(link).toHaveAttribute('href', '/cases/0f');
  expect(link).toHaveTextContent('<b>Files</b> to a U+202Estick');
  expect(screen.getByText(PERSON.pseudonym)).toBeInTheDocument();
  expect(screen.getByText('1–1 of 1 cases')).toBeInTheDocument();
});

it('says which cases are linked, and which are stubs', async () => {
  const stub = { ...ROW, id: '1f', number: 8, state: 'closed', erased_on: '2026-04-01' };
  show({ cases: [{ ...ROW, links: 2 }, stub], total: 2, page: 1, limit: 50 });
  expect(await screen.findAllByText('Linked')).toHaveLength(1);
  expect(screen.getByText('Erased')).toBeInTheDocument();
});

it('filters by state and owner', async () => {
  const { calls } = show({ cases: [], total: 0, page: 1, limit: 50 });
  expect(await screen.findByText('No case is open')).toBeInTheDocument();
  await userEvent.selectOptions(screen.getByLabelText('State'), 'closed');
  expect(await screen.findByText('No case fits')).toBeInTheDocument();
  await screen.findByRole('option', { name: 'Owned by ben' });
  expect(screen.queryByRole('option', { name: 'Owned by law' })).not.toBeInTheDocument();
  await userEvent.selectOptions(screen.getByLabelText('Whose'), 'owner:ben');
  await userEvent.selectOptions(screen.getByLabelText('State'), 'all');
  await screen.findByText('No case fits');
  expect(calls.filter((call) => call.startsWith('GET /cases'))).toEqual([
    'GET /cases?state=open&page=1&limit=50',
    'GET /cases?state=closed&page=1&limit=50',
    'GET /cases?state=closed&owner=ben&page=1&limit=50',
    'GET /cases?owner=ben&page=1&limit=50',
  ]);
});

it('says why there is no list', async () => {
  show(new Refusal(403, 'access.not_allowed', 'no'));
  expect(await screen.findByText('You may not see cases')).toBeInTheDocument();
  expect(screen.queryByRole('table')).not.toBeInTheDocument();
});

it('can be tried again after a failure', async () => {
  show(new Refusal(503, 'store.locked', 'busy'));
  expect(await screen.findByText('Could not load cases')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
});

it('reads addresses with care', () => {
  const query = (text: string) => casesQueryOf(casesFilterOf(new URLSearchParams(text)), 'ada');
  expect(query('')).toEqual({ state: 'open' });
  expect(query('state=nonsense&whose=nonsense&page=-1')).toEqual({ state: 'open' });
  expect(query('state=all&whose=mine')).toEqual({ member: 'ada' });
  expect(query('whose=owner:')).toEqual({ state: 'open' });
  expect(casesFilterOf(new URLSearchParams('page=0')).page).toBe(1);
});
