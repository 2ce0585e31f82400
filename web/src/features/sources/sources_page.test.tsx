import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { serve } from '../../../test/server';
import SourcesPage from './sources_page';

const SOURCE = {
  source: 'm365-audit',
  feed: 'folder',
  state: 'silent',
  why: 'nothing came for 3 h, longer than the usual 1 h 30 min',
  silent_seconds: 10_800,
  limit_seconds: 5400,
  habit_days: 12,
  first_received: '2026-03-01T00:00:00Z',
  last_received: '2026-03-20T09:00:00Z',
  last_created: null,
  records_last_hour: 0,
  records_last_day: 1200,
  records: 52_000,
  stored: 51_000,
  repeats: 900,
  corrections: 0,
  filtered: 40,
  unknown_types: 0,
  unknown_operations: 0,
  rejected: [{ reason: 'invalid_json', count: 60 }],
  created_p50_seconds: 600,
  created_p95_seconds: 7200,
  delay_p50_seconds: 0.02,
  delay_p95_seconds: null,
  gaps: 2,
  longest_gap_seconds: 18_000,
};

it('tells why a source counts as silent, and what became of its records', async () => {
  const quiet = {
    ...SOURCE,
    source: 'files',
    feed: 'files',
    state: 'not_expected',
    why: 'no habit is expected',
    gaps: 0,
  };
  serve({ 'GET /sources': { as_of: '2026-03-20T12:00:00Z', sources: [SOURCE, quiet] } });
  renderAt('/sources', <SourcesPage />);
  const cells = within(await screen.findByRole('row', { name: /m365-audit/ }));
  expect(cells.getByText('Silent for longer than usual')).toBeInTheDocument();
  expect(cells.getByText(/longer than the usual 1 h 30 min/)).toBeInTheDocument();
  expect(cells.getByText(/60/)).toHaveTextContent('60 not usable: invalid_json');
  expect(cells.getByText('2, the longest 5 h')).toBeInTheDocument();
  expect(cells.queryByText(/of types nobody knows/)).not.toBeInTheDocument();
  expect(screen.getByText('1 is silent')).toBeInTheDocument();
});

it('tells the simulated organisation from files that somebody named', async () => {
  const demo = { ...SOURCE, source: 'demo', feed: 'simulation', state: 'not_expected', why: 'it was read once' };
  serve({ 'GET /sources': { as_of: '2026-03-20T12:00:00Z', sources: [demo] } });
  renderAt('/sources', <SourcesPage />);
  const row = await screen.findByRole('row', { name: /demo/ });
  expect(row).toHaveTextContent('the simulated organisation');
  expect(row).toHaveTextContent('Nothing more is expected');
  expect(row).not.toHaveTextContent(/by hand/);
});

it('says how records come to it while there are none', async () => {
  serve({ 'GET /sources': { as_of: '2026-03-20T12:00:00Z', sources: [] } });
  renderAt('/sources', <SourcesPage />);
  expect(await screen.findByText('No records have come yet')).toBeInTheDocument();
  expect(screen.getByText(/candor ingest --follow/)).toBeInTheDocument();
});
