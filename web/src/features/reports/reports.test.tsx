import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import type { AlertFigures } from './report_calls';
import ReportsPage, { reportDaysOf } from './reports_page';

const FIGURES: AlertFigures = {
  alerts: 12,
  low: 5,
  medium: 4,
  high: 3,
  waiting: 2,
  confirmed: 6,
  dismissed: 3,
  expired: 1,
  withdrawn: 0,
  dismissed_because: { expected: 3 },
  median_seconds: 5400,
  slow_seconds: 172_800,
  precision_millionths: 666_666,
};
const REPORT = {
  from: '2026-01-01',
  until: '2026-03-31',
  whole_from: null as string | null,
  all: FIGURES,
  rereads: { read: 20, agreed: 18, disagreed: 2, agreement_millionths: 900_000 },
  policies: [{ id: 'data-leaks', title: 'Data leaks \u202Eevil', figures: FIGURES, rereads: null }],
  causes: [{ id: 'usb_copy', title: 'Copy to removable media', figures: FIGURES }],
  weeks: [],
  viewers: [],
};

it('tells how often two agree about dismissals, and of few nothing', async () => {
  const figures = { read: 5, agreed: 4, disagreed: 1, agreement_millionths: 800_000 };
  const [policy] = REPORT.policies;
  serve({
    'GET /reports/alerts': { ...REPORT, policies: [policy, { ...policy, id: 'b', title: 'B', rereads: figures }] },
  });
  const { unmount } = renderAt('/reports', <ReportsPage />);
  expect(await screen.findByTestId('rereads')).toHaveTextContent(
    '20 dismissals were read again by another analyst, who did not know of the first reading: 18 agreed, 2 disagreed, an agreement of 90 %.',
  );
  const cells = (name: RegExp) => within(screen.getByRole('row', { name })).getAllByRole('cell');
  expect(
    cells(/^B /)
      .slice(-4)
      .map((cell) => cell.textContent),
  ).toEqual(['5', '4', '1', '80 %']);
  expect(
    cells(/^Data leaks/)
      .slice(-4)
      .map((cell) => cell.textContent),
  ).toEqual(['–', '–', '–', '–']);
  expect(cells(/^Copy to/)).toHaveLength(7);
  unmount();
  serve({ 'GET /reports/alerts': { ...REPORT, rereads: null } });
  renderAt('/reports', <ReportsPage />);
  expect(await screen.findByTestId('rereads')).toHaveTextContent('fewer than five');
});

it('says of days whose alerts are no longer all here that they are not', async () => {
  const row = ['2025-12-31', '2026-01-01', '2026-01-02'];
  for (const whole_from of row) {
    serve({ 'GET /reports/alerts': { ...REPORT, whole_from } });
    const { unmount } = renderAt('/reports', <ReportsPage />);
    await screen.findByTestId('summary');
    const told = screen.queryByTestId('not-whole')?.textContent ?? '';
    expect(told.includes('before 2026-01-02 are no longer all here')).toBe(whole_from === '2026-01-02');
    expect(told === '').toBe(whole_from !== '2026-01-02');
    unmount();
  }
  const none = { ...FIGURES, alerts: 0 };
  serve({ 'GET /reports/alerts': { ...REPORT, all: none, whole_from: '2026-02-01' } });
  renderAt('/reports', <ReportsPage />);
  expect(await screen.findByTestId('not-whole')).toHaveTextContent('before 2026-02-01');
});

it('says in a sentence and in tables what became of the alerts', async () => {
  serve({ 'GET /reports/alerts': REPORT });
  renderAt('/reports', <ReportsPage />);
  expect(await screen.findByTestId('summary')).toHaveTextContent(
    '12 alerts: 6 confirmed or resolved, 3 dismissed, 1 expired, 0 withdrawn, 2 still waiting. Half were decided within 1 h 30 min, nine of ten within 2 d 0 h. Of those decided 67 % were confirmed.',
  );
  const row = screen.getByRole('row', { name: /Copy to removable media/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['12', '3', '6', '3', '2', '67 %', '1 h 30 min']);
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: 'By who decided first' })).not.toBeInTheDocument();
  expect(screen.getByLabelText('From')).toHaveValue('2026-01-01');
});

it('tells days without alerts from days it refuses', async () => {
  serve({ 'GET /reports/alerts': { ...REPORT, all: { ...FIGURES, alerts: 0 } } });
  const { unmount } = renderAt('/reports', <ReportsPage />);
  expect(await screen.findByText('No alert was raised on these days')).toBeInTheDocument();
  unmount();
  serve({ 'GET /reports/alerts': new Refusal(400, 'alerts.bad_query', 'a report is about at most 400 days') });
  renderAt('/reports?from=2020-01-01', <ReportsPage />);
  expect(await screen.findByText(/at most 400 days/)).toBeInTheDocument();
  expect(reportDaysOf(new URLSearchParams('from=x&until=2026-02-30'))).toEqual({ until: '2026-02-30' });
});
