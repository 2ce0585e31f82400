import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ROW, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import type { MassEvent } from './mass_event_calls';
import { QueuePage } from './queue_page';

const EVENT: MassEvent = {
  number: 3,
  title: 'Copy to USB <b>\u202Egnp.exe',
  indicator: { name: 'usb_copy', title: 'Copy to USB', category: 'exfiltration' },
  department: null,
  day: '2026-03-04',
  raised_at: '2026-03-04T10:00:00Z',
  most_before: 3,
  state: 'held',
  people: 47,
  alerts: 48,
  high: 2,
  highest_score: 71.5,
  decided_by: '',
  decided_at: null,
  reason: '',
  expectations: [],
};
const page = { alerts: [ROW], total: 1, page: 1, limit: 50, needs_review: { high: 1, medium: 0, low: 0 }, held: 48 };

function show(events: MassEvent[], more: Answers = {}) {
  const served = serve({
    'GET /alerts': page,
    'GET /policies': { policies: [] },
    'GET /mass-events': { mass_events: events },
    ...more,
  });
  renderAt('/alerts', <QueuePage />, { ...SESSION, permissions: [...SESSION.permissions, 'policies.write'] });
  return served;
}

it('tells how many are held as one, what they have in common and how unusual that is', async () => {
  show([EVENT, { ...EVENT, number: 2, alerts: 0, people: 0, state: 'released' }]);
  const notice = await screen.findByTestId('mass-event');
  expect(notice).toHaveTextContent('47 people have alerts about “Copy to USB <b>');
  expect(notice).toHaveTextContent('At most 3 had one on any of the 90 days before.');
  expect(notice).toHaveTextContent('These 48 alerts are held as one; 2 of high severity; the highest score is 71.50.');
  expect(notice.textContent).not.toContain('\u202E');
});

it('says whose people they are where one department explains it', async () => {
  show([{ ...EVENT, department: 'IT <i>\u202Exx' }]);
  const notice = await screen.findByTestId('mass-event');
  expect(notice).toHaveTextContent('47 people of the department “IT <i>');
  expect(notice).toHaveTextContent('” have alerts about “Copy to USB <b>');
  expect(notice).toHaveTextContent('At most 3 there had one on any of the 90 days before.');
  expect(notice.textContent).not.toContain('\u202E');
});

it('shows the alerts of one, and the queue again', async () => {
  const { calls } = show([EVENT]);
  await userEvent.click(await screen.findByRole('button', { name: 'Show them' }));
  expect(screen.getByTestId('address')).toHaveTextContent('/alerts?mass_event=3');
  expect(calls.some((one) => one.startsWith('GET /alerts?') && one.includes('mass_event=3'))).toBe(true);
  expect(calls.filter((one) => one.includes('mass_event=3')).some((one) => one.includes('held='))).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Back to the queue' }));
  expect(screen.getByTestId('address')).not.toHaveTextContent('mass_event');
});

it('releases them with a reason, and says why it did not', async () => {
  let body: unknown;
  const { calls } = show([EVENT], {
    'POST /mass-events/3/release': (given: { body: unknown }) => {
      body = given.body;
      return new Refusal(409, 'mass_events.not_held', 'nothing of this mass event is held: it is released');
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Release…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Release' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/Reason/), 'the copies were real');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Release' }));
  expect(await within(dialog).findByText(/it is released/)).toBeInTheDocument();
  expect(body).toEqual({ reason: 'the copies were real' });
  expect(calls).toContain('POST /mass-events/3/release');
});

it('explains them, and says that this waits', async () => {
  let body: unknown;
  let events: MassEvent[] = [{ ...EVENT, department: 'Finance' }];
  show([], {
    'GET /mass-events': () => ({ mass_events: events }),
    'POST /mass-events/3/explain': (given: { body: unknown }) => {
      body = given.body;
      events = [{ ...EVENT, state: 'explained', expectations: [1] }];
      return events[0];
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Explain…' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('then counts for nobody of the department “Finance” under the policies');
  await userEvent.type(within(dialog).getByLabelText(/What it was/), 'all laptops were exchanged');
  await userEvent.type(within(dialog).getByLabelText(/Who answers/), 'Mia');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Explain' }));
  expect(await screen.findByText(/the explanation waits for a second person/)).toBeInTheDocument();
  expect(body).toEqual({ because: 'all laptops were exchanged', owner: 'Mia' });
  expect(screen.queryByRole('button', { name: 'Explain…' })).not.toBeInTheDocument();
});

it('offers no explanation where a sequence is what they have in common', async () => {
  show([{ ...EVENT, indicator: null, title: 'Downloaded, then taken out' }]);
  expect(await screen.findByRole('button', { name: 'Release…' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Explain…' })).not.toBeInTheDocument();
});
