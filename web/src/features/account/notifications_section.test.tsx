import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import type { OwnNotifications } from './account_calls';
import { NotificationsSection } from './notifications_section';

const ALL = ['off', 'at_once', 'digest'] as const;
const OWN: OwnNotifications = {
  mail: true,
  has_address: true,
  language: 'en',
  languages: [
    { id: 'de', title: 'Deutsch' },
    { id: 'en', title: 'English' },
  ],
  zone: 'UTC',
  digest_hour: 8,
  quiet_from: null,
  quiet_to: null,
  most_an_hour: 10,
  kinds: [
    { kind: 'high_alert', choice: 'at_once', choices: [...ALL], readable: true },
    { kind: 'request_waiting', choice: 'off', choices: [...ALL], readable: false },
    { kind: 'weekly_summary', choice: 'off', choices: ['off', 'at_once'], readable: true },
  ],
};
const user = () => userEvent.setup();

describe('notifications', () => {
  it('saves what is chosen for each kind, and when', async () => {
    const bodies: unknown[] = [];
    serve({
      'GET /session/notifications': OWN,
      'PUT /session/notifications': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { ...OWN, language: 'de', quiet_from: '22:00', quiet_to: '07:00' };
      },
    });
    renderAt('/account', <NotificationsSection />);
    const hands = user();
    const table = await screen.findByRole('table', { name: 'Notifications' });
    expect(screen.getByRole('button', { name: 'Save the notifications' })).toBeDisabled();
    const weekly = within(table).getByLabelText('When: Summary of the week');
    expect(
      within(weekly)
        .getAllByRole('option')
        .map((one) => one.textContent),
    ).toEqual(['Off', 'On Mondays']);
    await hands.selectOptions(weekly, 'On Mondays');
    await hands.selectOptions(within(table).getByLabelText('When: High alerts'), 'In the daily digest');
    await hands.selectOptions(screen.getByLabelText('Digest at'), '17:00');
    await hands.selectOptions(screen.getByLabelText('Language'), 'Deutsch');
    await hands.type(screen.getByLabelText('Quiet from'), '22:00');
    expect(screen.getByText('Name both times, or neither')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Save the notifications' })).toBeDisabled();
    await hands.type(screen.getByLabelText('Quiet until'), '07:00');
    await hands.click(screen.getByRole('button', { name: 'Save the notifications' }));
    await waitFor(() => expect(bodies).toHaveLength(1));
    expect(bodies[0]).toEqual({
      language: 'de',
      zone: 'UTC',
      digest_hour: 17,
      quiet_from: '22:00',
      quiet_to: '07:00',
      high_alert: 'digest',
      request_waiting: 'off',
      weekly_summary: 'at_once',
    });
    await waitFor(() => expect(screen.getByLabelText('Quiet from')).toHaveValue('22:00'));
    expect(screen.getByLabelText('When: High alerts')).toHaveValue('at_once');
  });

  it('says why nothing is sent', async () => {
    serve({ 'GET /session/notifications': { ...OWN, mail: false, has_address: false } });
    renderAt('/account', <NotificationsSection />);
    expect(await screen.findByText(/Candor has no mail server yet/)).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Requests/ })).toHaveTextContent('Your role does not let you read this');
    expect(screen.getByRole('row', { name: /High alerts/ })).not.toHaveTextContent('Your role');
  });

  it('asks for an address first', async () => {
    serve({ 'GET /session/notifications': { ...OWN, has_address: false } });
    renderAt('/account', <NotificationsSection />);
    expect(await screen.findByText(/You have named no mail address/)).toBeInTheDocument();
  });

  it('keeps what was chosen when it is refused, and says so', async () => {
    serve({
      'GET /session/notifications': OWN,
      'PUT /session/notifications': new Refusal(400, 'notifications.bad', 'the time zone is a name like Europe/Berlin'),
    });
    renderAt('/account', <NotificationsSection />);
    const hands = user();
    const zone = await screen.findByLabelText('Time zone');
    await hands.clear(zone);
    await hands.type(zone, 'Mars/Base');
    await hands.click(screen.getByRole('button', { name: 'Save the notifications' }));
    expect(await screen.findByText('Your notifications were not changed')).toBeInTheDocument();
    expect(screen.getByText(/a name like Europe/)).toBeInTheDocument();
    expect(zone).toHaveValue('Mars/Base');
  });

  it('can be asked again when it could not be loaded', async () => {
    serve({ 'GET /session/notifications': new Refusal(503, 'store.unavailable', 'later') });
    renderAt('/account', <NotificationsSection />);
    expect(await screen.findByText('Could not load your notifications')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});
