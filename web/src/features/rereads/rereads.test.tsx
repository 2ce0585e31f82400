import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { ALERT, PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import AlertPage from '../alerts/alert_page';
import RereadPage from './reread_page';
import RereadsPage from './rereads_page';

const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe';
const WAITS: Schemas['Reread'] = {
  alert_id: 'A-1',
  severity: 'high',
  score: 87.25,
  policy: { id: 'data_leaks', name: HOSTILE },
  person: PERSON,
  first_day: '2026-03-01',
  last_day: '2026-03-04',
  due: '2026-03-20',
  overdue: false,
};
const SHOWN: Schemas['Alert'] = { ...ALERT, waits_for_reread: true };
const SECOND: Schemas['SecondReading'] = {
  answer: 'confirm',
  agrees: false,
  reason: HOSTILE,
  viewer: 'rex',
  at: '2026-03-06T08:00:00Z',
  first: {
    kind: 'dismissed',
    reason: 'expected',
    note: 'the note of the first',
    viewer: 'dora',
    at: '2026-03-05T08:00:00Z',
  },
};
const ANALYST = { ...SESSION, permissions: ['alerts.read', 'alerts.decide'] as Schemas['Permission'][] };

function show(answers: Answers) {
  const served = serve(answers);
  renderAt(
    '/rereads/A-1',
    <Routes>
      <Route path="/rereads/:alertId" element={<RereadPage />} />
    </Routes>,
    ANALYST,
  );
  return served;
}

it('lists what waits, with what is overdue, hostile names as text', async () => {
  serve({ 'GET /rereads': { rereads: [WAITS, { ...WAITS, alert_id: 'A-2', overdue: true }], total: 5, knows: false } });
  renderAt('/rereads', <RereadsPage />, ANALYST);
  const rows = within(await screen.findByRole('table', { name: 'To read again' })).getAllByRole('row');
  expect(rows[1]).toHaveTextContent('<script>alert(1)</script> U+202Efdp.exe');
  expect(rows[1]).not.toHaveTextContent('Overdue');
  expect(rows[2]).toHaveTextContent('Overdue');
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    '/rereads/A-1',
    '/rereads/A-2',
  ]);
  expect(screen.getByText('3 more wait.')).toBeInTheDocument();
  expect(document.querySelector('script')).toBeNull();
});

it('says why there is nothing', async () => {
  serve({ 'GET /rereads': { rereads: [], total: 0, knows: true } });
  const { unmount } = renderAt('/rereads', <RereadsPage />, ANALYST);
  expect(await screen.findByText('Nothing is given to you')).toBeInTheDocument();
  unmount();
  serve({ 'GET /rereads': { rereads: [], total: 0, knows: false } });
  renderAt('/rereads', <RereadsPage />, ANALYST);
  expect(await screen.findByText('Nothing waits for you')).toBeInTheDocument();
});

it('asks first, and shows the first reading afterwards', async () => {
  const bodies: unknown[] = [];
  show({
    'GET /rereads/A-1': SHOWN,
    'POST /rereads/A-1/answer': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return { ...ALERT, second_reading: SECOND };
    },
  });
  const answer = await screen.findByRole('button', { name: 'Answer' });
  expect(screen.getByText('Downloaded 120 files.')).toBeInTheDocument();
  expect(screen.queryByText(/the note of the first/)).not.toBeInTheDocument();
  expect(answer).toBeDisabled();
  await userEvent.click(screen.getByRole('radio', { name: /^Confirm it/ }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), 'short');
  expect(answer).toBeDisabled();
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), ' but the same stick');
  await userEvent.click(answer);
  const both = await screen.findByRole('region', { name: 'Both readings' });
  expect(both).toHaveTextContent('You disagree: the alert is back in the queue');
  expect(both).toHaveTextContent(/Dismissed by dora.*the note of the first/);
  expect(within(both).getByTestId('second-reading')).toHaveTextContent('<script>alert(1)</script> U+202Efdp.exe');
  expect(bodies).toEqual([{ answer: 'confirm', reason: 'short but the same stick' }]);
  expect(screen.queryByRole('button', { name: 'Answer' })).not.toBeInTheDocument();
});

it('says why an answer was not kept', async () => {
  show({
    'GET /rereads/A-1': SHOWN,
    'POST /rereads/A-1/answer': new Refusal(409, 'rereads.not_waiting', 'this alert does not wait to be read again'),
  });
  await userEvent.click(await screen.findByRole('radio', { name: 'Dismiss it' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), 'the usual stick');
  await userEvent.click(screen.getByRole('button', { name: 'Answer' }));
  expect(await screen.findByText('Nothing was kept')).toBeInTheDocument();
});

it('the page of an alert leads there, and shows the second reading once there is one', async () => {
  const page = (
    <Routes>
      <Route path="/alerts/:alertId" element={<AlertPage />} />
    </Routes>
  );
  const others = { 'GET /lifts': { lifts: [] }, 'GET /expectations': { expectations: [] } };
  serve({ 'GET /alerts/A-1': { ...SHOWN, status: 'dismissed' }, ...others });
  const { unmount } = renderAt('/alerts/A-1', page, ANALYST);
  const told = await screen.findByTestId('waits-for-reread');
  expect(within(told).getByRole('link')).toHaveAttribute('href', '/rereads/A-1');
  unmount();
  serve({ 'GET /alerts/A-1': { ...ALERT, second_reading: SECOND }, ...others });
  renderAt('/alerts/A-1', page, ANALYST);
  await waitFor(() =>
    expect(screen.getByTestId('second-reading')).toHaveTextContent('A second reading disagreed: rex'),
  );
});
