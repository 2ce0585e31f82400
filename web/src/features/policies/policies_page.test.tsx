import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import PoliciesPage from './policies_page';

const ORDER = '0123456789abcdef';
const WRITER = { ...SESSION, permissions: [...SESSION.permissions, 'policies.write' as const] };

function policyAt(place: number, id = 'p', name = 'Leaks \u202Egpj') {
  return {
    id,
    place,
    name,
    template: 'data_leaks',
    description: 'Soft\u00ADhyphen',
    version: 'a',
    enabled: true,
    state: 'draft',
    since: null,
    review_by: null,
    waits: true,
    lacks: ['owner'],
    health: [{ level: 'warning', id: 'x', text: 'No indicator is on.' }],
    needs_review: 0,
    confirmed: 0,
    dismissed: 0,
    windows: { volume: 'default', look_back_days: 90, activation_days: 30, evidence_days: 90 },
  };
}

it('shows what hides or turns text in a policy', async () => {
  serve({ 'GET /policies': { order: ORDER, policies: [policyAt(1)] } });
  renderAt('/policies', <PoliciesPage />);
  expect(await screen.findByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+00AD')).toBeInTheDocument();
  expect(screen.getByText('1 warning')).toHaveAttribute('title', 'No indicator is on.');
  expect(screen.getByText('lacks owner')).toBeInTheDocument();
});

it('moves a policy up, down and to a place by the keyboard alone', async () => {
  const asked: unknown[] = [];
  let names = ['a', 'b', 'c'];
  serve({
    'GET /policies': () => ({ order: ORDER, policies: names.map((name, i) => policyAt(i + 1, name, name)) }),
    'POST /policies/c/place': ({ body }: { body: unknown }) => {
      asked.push(body);
      const to = (body as { place: number }).place - 1;
      names = names.filter((name) => name !== 'c');
      names.splice(to, 0, 'c');
      return { order: ORDER, policies: names };
    },
  });
  renderAt('/policies', <PoliciesPage />, WRITER);
  const user = userEvent.setup();
  const up = await screen.findByRole('button', { name: 'Move c up' });
  expect(screen.getByRole('button', { name: 'Move c down' })).toHaveAttribute('aria-disabled', 'true');
  up.focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByText('c is now at place 2 of 3.')).toBeInTheDocument();
  const place = screen.getByRole('textbox', { name: 'Place of c, of 3' });
  await user.clear(place);
  await user.type(place, '99{Enter}');
  expect(await screen.findByText('c is now at place 3 of 3.')).toBeInTheDocument();
  await user.type(place, 'x{Enter}');
  expect(asked).toEqual([
    { place: 2, order: ORDER, reason: '' },
    { place: 3, order: ORDER, reason: '' },
  ]);
  const rows = within(screen.getByRole('table', { name: 'Policies' })).getAllByRole('rowheader');
  expect(rows.map((row) => row.textContent?.[0])).toEqual(['a', 'b', 'c']);
});

it('tells when somebody else changed the order, and shows it without controls to whoever may not', async () => {
  serve({
    'GET /policies': { order: ORDER, policies: [policyAt(1, 'a', 'a'), policyAt(2, 'b', 'b')] },
    'POST /policies/b/place': new Refusal(409, 'policy.order_changed', 'somebody else changed the order meanwhile'),
  });
  const { unmount } = renderAt('/policies', <PoliciesPage />, WRITER);
  await userEvent.click(await screen.findByRole('button', { name: 'Move b up' }));
  expect(await screen.findByText(/somebody else changed the order/)).toBeInTheDocument();
  unmount();
  renderAt('/policies', <PoliciesPage />, { ...SESSION, permissions: ['policies.read'] });
  expect(await screen.findByRole('cell', { name: '2' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Move b up' })).not.toBeInTheDocument();
});
