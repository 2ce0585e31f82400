import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { serve } from '../../../test/server';
import PoliciesPage from './policies_page';

it('shows what hides or turns text in a policy', async () => {
  const policy = {
    id: 'p',
    name: 'Leaks \u202Egpj',
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
  };
  serve({ 'GET /policies': { policies: [policy] } });
  renderAt('/policies', <PoliciesPage />);
  expect(await screen.findByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+00AD')).toBeInTheDocument();
  expect(screen.getByText('1 warning')).toHaveAttribute('title', 'No indicator is on.');
  expect(screen.getByText('lacks owner')).toBeInTheDocument();
});
