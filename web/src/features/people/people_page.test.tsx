import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON } from '../../../test/samples';
import { serve } from '../../../test/server';
import PeoplePage from './people_page';

const ID = '0123456789abcdef0123456789abcdef';
const ROW = { id: ID, person: PERSON, employee_type: 'contractor', department: 'Sales', country: 'DE', has_left: true };
const WAITING = { account: 'f'.repeat(32), person_id: ID, person: PERSON };

it('says what to do while no directory was imported', async () => {
  serve({ 'GET /people': { total: 0, people: [] } });
  renderAt('/people?view=known', <PeoplePage />);
  expect(await screen.findByText('No directory was imported yet')).toBeInTheDocument();
});

it('searches with a reason, and keeps the name out of the address', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /people': { total: 1, people: [ROW] },
    'POST /people/search': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return { total: 1, people: [ROW] };
    },
  });
  renderAt('/people?view=known', <PeoplePage />);
  await screen.findByRole('table', { name: 'People' });
  await userEvent.click(screen.getByRole('button', { name: 'Find by name' }));
  await userEvent.type(screen.getByLabelText(/Name or account/), ' Ada Kelm ');
  const find = screen.getByRole('button', { name: 'Find' });
  expect(find).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Reason/), 'interview on Monday');
  await userEvent.click(find);
  // A dialog that was closed leaves the page hidden from assistive technology in jsdom; browsers are tested in e2e.
  expect(await screen.findByRole('table', { name: 'People found', hidden: true })).toBeInTheDocument();
  expect(bodies).toEqual([{ name: 'Ada Kelm', reason: 'interview on Monday' }]);
  expect(screen.getByTestId('address').textContent).toBe('/people?view=known');
});

it('decides that an account is somebody of its own, or somebody else by the address of a page', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /accounts/unresolved': { total: 1, accounts: [WAITING] },
    [`POST /accounts/${WAITING.account}/owner`]: ({ body }: { body: unknown }) => {
      bodies.push(body);
      return null;
    },
  });
  renderAt('/people?view=unresolved', <PeoplePage />);
  const other = 'a'.repeat(32);
  for (const [typed, person] of [
    ['', ID],
    [`https://candor.example/people/${other}`, other],
  ] as const) {
    await userEvent.click(await screen.findByRole('button', { name: 'Decide', hidden: true }));
    const owner = screen.getByLabelText(/Address of the owner/);
    await userEvent.type(owner, 'x');
    await userEvent.type(screen.getByLabelText(/Reason/), 'a second account');
    expect(screen.getByRole('dialog').querySelector('[type=submit]')).toBeDisabled();
    await userEvent.clear(owner);
    if (typed !== '') await userEvent.type(owner, typed);
    await userEvent.click(screen.getByRole('dialog').querySelector('[type=submit]') as Element);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bodies.at(-1)).toEqual({ person, reason: 'a second account' });
  }
});
