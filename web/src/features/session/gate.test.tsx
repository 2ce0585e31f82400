import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ROW, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { QueuePage } from '../alerts/queue_page';
import { Gate } from './gate';

const nobody = new Refusal(401, 'access.no_session', 'Sign in first.');
const page = {
  alerts: [ROW],
  total: 1,
  matching: 1,
  as_of: '2026-03-05T08:00:00Z',
  page: 1,
  limit: 50,
  needs_review: { high: 1, medium: 0, low: 0 },
  held: 0,
};

async function signIn(password = 'something long') {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText(/User name/), 'ada');
  await user.type(screen.getByLabelText(/Password/), password);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('the gate', () => {
  it('lets somebody in who signs in', async () => {
    serve({ 'GET /session': nobody, 'POST /session': SESSION });
    renderAt('/', <Gate>inside</Gate>);
    await signIn();
    expect(await screen.findByText('inside')).toBeInTheDocument();
  });

  it('keeps somebody out with a wrong password, and empties the field', async () => {
    serve({
      'GET /session': nobody,
      'POST /session': new Refusal(401, 'access.wrong_credentials', 'Wrong user or password.'),
    });
    renderAt('/', <Gate>inside</Gate>);
    await signIn();
    expect(await screen.findByText(/Wrong user or password/)).toBeInTheDocument();
    expect(screen.getByLabelText(/Password/)).toHaveValue('');
    expect(screen.queryByText(/session has ended/)).not.toBeInTheDocument();
  });

  it('says how long to wait after too many attempts', async () => {
    serve({
      'GET /session': nobody,
      'POST /session': new Refusal(429, 'access.too_many_attempts', 'Later.', { 'Retry-After': '30' }),
    });
    renderAt('/', <Gate>inside</Gate>);
    await signIn();
    expect(await screen.findByText(/Wait 30 seconds/)).toBeInTheDocument();
  });

  it('asks for a password of one’s own after a one-time password', async () => {
    const changes: unknown[] = [];
    serve({
      'GET /session': { ...SESSION, must_change_password: true },
      'PUT /session/password': ({ body }: { body: unknown }) => {
        changes.push(body);
        return SESSION;
      },
    });
    renderAt('/', <Gate>inside</Gate>);
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText(/One-time password/), 'one-time');
    await user.type(screen.getByLabelText(/^New password(?! again)/), 'several words together');
    expect(screen.getByRole('button', { name: 'Change password' })).toBeDisabled();
    await user.type(screen.getByLabelText(/New password again/), 'several words together');
    await user.click(screen.getByRole('button', { name: 'Change password' }));
    expect(await screen.findByText('inside')).toBeInTheDocument();
    expect(changes).toEqual([{ password: 'one-time', new_password: 'several words together' }]);
  });

  it('asks for a code as a second step, and sends it with user and password', async () => {
    const tried: unknown[] = [];
    serve({
      'GET /session': nobody,
      'POST /session': ({ body }: { body: { code?: string } }) => {
        tried.push(body);
        if (body.code === undefined) return new Refusal(401, 'access.code_needed', 'Give the code.');
        return body.code === '123456' ? SESSION : new Refusal(401, 'access.wrong_credentials', 'Wrong.');
      },
    });
    renderAt('/', <Gate>inside</Gate>);
    await signIn();
    const user = userEvent.setup();
    const code = await screen.findByLabelText(/^Code/);
    expect(code).toHaveFocus();
    expect(screen.queryByText('Not signed in')).not.toBeInTheDocument();
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Not signed in')).toBeInTheDocument();
    expect(screen.getByLabelText(/^Code/)).toHaveValue('');
    await user.type(screen.getByLabelText(/^Code/), '123456');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('inside')).toBeInTheDocument();
    const whole = { user: 'ada', password: 'something long' };
    expect(tried).toEqual([whole, { ...whole, code: '000000' }, { ...whole, code: '123456' }]);
  });

  it('starts again from the code, with an empty password', async () => {
    serve({ 'GET /session': nobody, 'POST /session': new Refusal(401, 'access.code_needed', 'Give the code.') });
    renderAt('/', <Gate>inside</Gate>);
    await signIn();
    await userEvent.click(await screen.findByRole('button', { name: 'Start again' }));
    expect(screen.getByLabelText(/Password/)).toHaveValue('');
    expect(screen.getByLabelText(/User name/)).toHaveValue('ada');
  });

  it('lets nobody by whose role requires a second factor, until the recovery codes are kept', async () => {
    serve({
      'GET /session': { ...SESSION, must_set_up_second_factor: true },
      'POST /session/second-factor': { secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', address: 'otpauth://totp/x' },
      'POST /session/second-factor/confirm': { session: SESSION, recovery_codes: ['aaaa-bbbb-cccc-dddd'] },
    });
    renderAt('/', <Gate>inside</Gate>);
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText(/^Code/), '123456');
    await user.type(screen.getByLabelText(/Your password/), 'something long');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText('aaaa-bbbb-cccc-dddd')).toBeInTheDocument();
    expect(screen.queryByText('inside')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'I have kept them' }));
    expect(await screen.findByText('inside')).toBeInTheDocument();
  });

  it('shows nothing of a session that has ended, and comes back to the same page', async () => {
    let alive = true;
    serve({
      'GET /session': SESSION,
      'POST /session': () => {
        alive = true;
        return SESSION;
      },
      'GET /alerts': () => (alive ? page : nobody),
      'GET /policies': { policies: [] },
    });
    renderAt(
      '/alerts?view=all',
      <Gate>
        <QueuePage />
      </Gate>,
    );
    expect((await screen.findAllByText(ROW.person.pseudonym))[0]).toBeInTheDocument();
    alive = false;
    await userEvent.click(screen.getByRole('button', { name: /^Updated/ }));
    expect(await screen.findByText(/Your session has ended/)).toBeInTheDocument();
    expect(screen.queryByText(ROW.person.pseudonym)).not.toBeInTheDocument();
    await signIn();
    await waitFor(() => expect(screen.getAllByText(ROW.person.pseudonym)[0]).toBeInTheDocument());
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts?view=all');
  });
});
