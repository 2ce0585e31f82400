import { screen, within } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON, ROW } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { AlertPerson } from './alert_person_calls';
import AlertPersonPage from './alert_person_page';
import { byDay, daysBetween } from './days';

vi.mock('./days_canvas', () => ({ default: () => null }));

const counted = {
  count: 30,
  dimension: 'sensitive',
  level: 'high',
  threshold: 20,
  usual: 2.25,
  usual_of: { days: 'weekday', from: 12 },
  peers: null,
  points: 41.5,
} as const;
const USB = { name: 'usb_copy', title: 'Copy to USB', category: 'exfiltration' } as const;
const DOWNLOAD = { name: 'download', title: 'Download', category: 'collection' } as const;

const DATA: AlertPerson = {
  alert_id: 'A-1',
  policy: { id: 'data-leaks', name: 'Data leaks' },
  person: PERSON,
  from: '2026-03-01',
  to: '2026-03-04',
  risk_level: { level: 'elevated', until: '2026-05-03', because: 'An alert of high severity was confirmed' },
  insights: [
    { day: '2026-03-04', indicator: USB, ...counted },
    { day: '2026-03-04', indicator: DOWNLOAD, ...counted, dimension: 'all', usual: null, points: null },
    { day: '2026-03-02', indicator: USB, ...counted },
  ],
  sequences: [
    { day: '2026-03-04', title: 'Downloaded, then taken out', steps: ['downloaded', 'taken out'], ...counted },
  ],
  scopes: [
    {
      policy: { id: 'data-leaks', name: 'Data leaks' },
      trigger: 'Exfiltration over a threshold',
      since: '2026-03-02',
      from: '2025-12-02',
      to: '2026-04-03',
      times: 3,
      current: true,
    },
  ],
  alerts: [{ ...ROW, id: 'A-2', status: 'confirmed' }],
};

const show = () =>
  renderAt(
    '/alerts/A-1/person',
    <Routes>
      <Route path="alerts/:alertId/person" element={<AlertPersonPage />} />
    </Routes>,
  );

it('shows a pseudonym and the evidence, each in words beside the chart', async () => {
  serve({ 'GET /alerts/A-1/person': DATA });
  show();
  expect(await screen.findByText('Anon-7K2M-9QXD-H4TB')).toBeInTheDocument();
  expect(screen.getByTestId('risk-level')).toHaveTextContent('Elevateduntil');
  const days = within(screen.getByRole('table', { name: 'Insights by day and category' })).getAllByRole('row');
  expect(days).toHaveLength(3);
  expect(days[2]).toHaveTextContent(/11$/);
  const insights = screen.getByRole('table', { name: 'Insights' });
  expect(insights).toHaveTextContent('30with sensitive informationhigh (20)2.3on a Wednesday (12 Wednesdays)41.50');
  expect(insights).toHaveTextContent('not known–');
  expect(screen.getByRole('table', { name: 'Sequences' })).toHaveTextContent('downloaded → taken out');
  const scopes = screen.getByRole('table', { name: 'Policies in scope' });
  expect(scopes).toHaveTextContent('Exfiltration over a threshold3 times');
  expect(scopes).toHaveTextContent('In scope');
  const others = screen.getByRole('table', { name: 'Other alerts' });
  expect(within(others).getByRole('link')).toHaveAttribute('href', '/alerts/A-2');
  expect(screen.getByRole('link', { name: 'The alert' })).toHaveAttribute('href', '/alerts/A-1');
});

it('says so where there is nothing, and where nobody may look', async () => {
  serve({
    'GET /alerts/A-1/person': {
      ...DATA,
      risk_level: { level: 'none', until: null, because: '' },
      insights: [],
      sequences: [],
      scopes: [],
      alerts: [],
    },
  });
  const { unmount } = show();
  expect(await screen.findByText(/Nothing of these days is kept/)).toBeInTheDocument();
  expect(screen.getByText(/no other alert about this person/)).toBeInTheDocument();
  unmount();
  serve({ 'GET /alerts/A-1/person': new Refusal(403, 'access.not_allowed', 'no') });
  show();
  expect(await screen.findByText('You may not see this person')).toBeInTheDocument();
});

it('counts insights by day and category, and knows every day between', () => {
  const days = byDay(DATA.insights);
  expect(days.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-04']);
  expect(days[1]?.counts.get('collection')).toBe(1);
  expect(daysBetween('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
});
