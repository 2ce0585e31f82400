import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import AnalyticsPage from './analytics_page';
import { fittedInWords, peopleInWords } from './words';

const LEVELS = { low: 10, medium: 25, high: 1200 };
const LOOK = {
  state: 'done',
  from: '2026-04-27',
  to: '2026-05-24',
  done: 430,
  total: 430,
  message: null,
  result: {
    people: 420,
    person_days: 8300,
    policies: [
      { policy: 'data-leaks', name: 'Data leaks', description: 'Leaks', in_force: true, people: 40 },
      { policy: 'risky-ai', name: 'Risky AI', description: 'Prompts', in_force: false, people: 0 },
      { policy: 'exposed', name: 'Exposed', description: 'Links', in_force: false, people: 10 },
    ],
    indicators: [
      {
        indicator: 'usb_copy',
        title: 'Copied to a stick\u202E',
        category: 'exfiltration',
        people: 30,
        reached_low: 10,
        reached_high: 0,
        shipped: LEVELS,
        fitted: [
          { dimension: 'all', levels: { low: 4, medium: 9, high: 30 } },
          { dimension: 'priority', levels: { low: 1, medium: 2, high: 4 } },
        ],
      },
    ],
  },
};

it('shows policies worth a look first, and levels beside the shipped ones', async () => {
  serve({ 'GET /analytics': LOOK });
  renderAt('/analytics', <AnalyticsPage />);
  const policies = await screen.findByRole('table', { name: 'Policies' });
  const names = within(policies)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent);
  expect(names[0]).toMatch(/^Exposed.*10 or more.*Start from it$/);
  expect(names[1]).toMatch(/^Data leaks.*40 or more.*In force$/);
  expect(names[2]).toMatch(/^Risky AI.*fewer than 10/);
  expect(within(policies).getAllByRole('link', { name: 'Start from it' })[0]).toHaveAttribute(
    'href',
    '/policies/new?template=exposed',
  );
  const row = within(screen.getByRole('table', { name: 'Indicators' })).getAllByRole('row')[1];
  expect(row).toHaveTextContent('30 or more');
  expect(row).toHaveTextContent('10 / 25 / 1,200');
  expect(row).toHaveTextContent('4 / 9 / 30');
  expect(row).toHaveTextContent('priority 1 / 2 / 4');
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByText(/^1 policy not in force/)).toBeInTheDocument();
});

it('says that it is off, and how to switch it on', async () => {
  serve({ 'GET /analytics': { ...LOOK, state: 'off', from: null, to: null, result: null } });
  renderAt('/analytics', <AnalyticsPage />);
  expect(await screen.findByText('Analytics are off')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Settings' })).toHaveAttribute('href', '/settings#settings-privacy');
});

it('shows how far it is while it counts', async () => {
  serve({ 'GET /analytics': { ...LOOK, state: 'running', done: 128, total: 430, result: null } });
  renderAt('/analytics', <AnalyticsPage />);
  expect(await screen.findByText('Counting: 128 of 430 people')).toBeInTheDocument();
});

it('says why there is nothing', async () => {
  serve({ 'GET /analytics': new Refusal(500, 'store.corrupt', 'the file is damaged') });
  renderAt('/analytics', <AnalyticsPage />);
  expect(await screen.findByText(/the file is damaged/)).toBeInTheDocument();
});

it('puts numbers into words', () => {
  expect(peopleInWords(0)).toBe('fewer than 10');
  expect(fittedInWords([])).toEqual(['too little to tell']);
});
