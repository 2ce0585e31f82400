import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import { daysInWords } from './fact_table';
import { followsInWords } from './judgement_table';
import OrganisationPage from './organisation_page';

const fact = (value: string, more: object = {}) => ({
  attributes: [{ name: 'domain', value }],
  from: null,
  to: null,
  holds: true,
  known_since: null,
  said_in: 'organisation.yml:3',
  ...more,
});

const WORLD = {
  at: '2026-05-27',
  pending: true,
  sections: [
    {
      section: 'own_domains',
      title: 'Own domains',
      state: 'known',
      assumption: null,
      total: 120,
      facts: [fact('example.com'), fact('later\u202E.example', { from: '2027-01-01', holds: false })],
    },
    { section: 'clouds', title: 'Clouds', state: 'missing', assumption: null, total: 0, facts: [] },
    { section: 'labels', title: 'Labels', state: 'assumed', assumption: 'the shipped order', total: 0, facts: [] },
  ],
  judgements: [
    { indicator: 'a', title: 'Downgrade', section: 'labels', need: 'label_order', dimension: null, state: 'assumed' },
    { indicator: 'b', title: 'Upload', section: 'clouds', need: 'clouds', dimension: 'unallowed', state: 'missing' },
  ],
  total_faults: 1,
  faults: [{ id: 'organisation.overlap', said_in: 'sites.csv:9', message: 'said twice', hint: 'end one' }],
};

it('shows what is said, what is not, and who cannot judge', async () => {
  serve({ 'GET /organisation': WORLD });
  renderAt('/organisation', <OrganisationPage />);
  const lacking = await screen.findByRole('table', { name: 'Indicators that lack a fact' });
  const rows = within(lacking).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    'UploadCloudsIt works, but cannot tell which destinations are not allowed',
    'DowngradeLabelsIt works by a list that ships with Candor, as stated below',
  ]);
  expect(within(screen.getByRole('table', { name: 'Own domains' })).getByText('not on this day')).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByText(/118 more/)).toBeInTheDocument();
  expect(screen.getByText(/from the next start on/)).toBeInTheDocument();
  expect(screen.getByText('the shipped order', { exact: false })).toBeInTheDocument();
  expect(screen.getByText('sites.csv:9')).toBeInTheDocument();
});

it('asks for the day and the section of its address', async () => {
  const { calls } = serve({ 'GET /organisation': { ...WORLD, judgements: [], faults: [], total_faults: 0 } });
  renderAt('/organisation?at=2026-01-02&section=own_domains', <OrganisationPage />);
  await screen.findByRole('table', { name: 'Own domains' });
  expect(calls).toContain('GET /organisation?at=2026-01-02&section=own_domains');
});

it('says why it is empty', async () => {
  serve({ 'GET /organisation': new Refusal(500, 'store.corrupt', 'the file is damaged') });
  renderAt('/organisation', <OrganisationPage />);
  expect(await screen.findByText(/the file is damaged/)).toBeInTheDocument();
});

it('puts dates and states into words', () => {
  expect(daysInWords({ from: null, to: null })).toBe('always');
  expect(daysInWords({ from: '2026-01-02', to: null })).toMatch(/^from /);
  const missing = { state: 'missing', need: 'sites' } as const;
  expect(followsInWords({ ...missing, dimension: null })).toBe('It cannot judge and finds nothing');
  expect(followsInWords({ ...missing, dimension: 'priority' })).toMatch(/cannot tell what is priority content/);
  expect(followsInWords({ ...missing, need: 'own_domains', dimension: null })).toMatch(/^It cannot judge: .*certain/);
});
