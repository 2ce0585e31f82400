import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import AccountPage from './account_page';

const NO_FACTOR = { since: null, required: false, recovery_codes_left: 0 };
const FACTOR = { since: '2026-11-01T08:00:00Z', required: false, recovery_codes_left: 3 };
const CODES = Array.from({ length: 10 }, (_, index) => `aaaa-bbbb-cccc-000${index}`);
const SESSIONS = {
  sessions: [
    {
      id: 's1',
      since: '2026-11-02T08:00:00Z',
      last_use: '2026-11-02T08:10:00Z',
      address: '192.0.2.7',
      program: 'Firefox on Linux',
      present: true,
    },
    {
      id: 's2',
      since: '2026-11-01T08:00:00Z',
      last_use: '2026-11-01T08:10:00Z',
      address: null,
      program: null,
      present: false,
    },
  ],
};
const TOKEN = {
  id: 't1',
  name: 'nightly',
  permissions: ['alerts.read'],
  created: '2026-11-01T08:00:00Z',
  expires: '2999-01-01T00:00:00Z',
  last_use: null,
  revoked: null,
};
const base: Answers = {
  'GET /session/second-factor': NO_FACTOR,
  'GET /sessions': SESSIONS,
  'GET /tokens': { tokens: [] },
  'GET /session/mail': { address: '', mail: true, domains: ['example.com'] },
  'GET /session/notifications': new Refusal(503, 'store.unavailable', 'later'),
};
const user = () => userEvent.setup();

describe('the account page', () => {
  it('sets up a second factor, and shows the recovery codes once', async () => {
    const bodies: unknown[] = [];
    serve({
      ...base,
      'POST /session/second-factor': {
        secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
        address: 'otpauth://totp/Candor:ada?x',
      },
      'POST /session/second-factor/confirm': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { session: SESSION, recovery_codes: CODES };
      },
    });
    renderAt('/account', <AccountPage />);
    const hands = user();
    await hands.click(await screen.findByRole('button', { name: 'Set up' }));
    expect(await screen.findByRole('img', { name: 'QR code of the key' })).toBeInTheDocument();
    expect(screen.getByTestId('factor-key')).toHaveTextContent('ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567');
    await hands.type(screen.getByLabelText(/^Code/), ' 123456 ');
    await hands.type(screen.getByLabelText(/Your password/), 'something long');
    await hands.click(screen.getByRole('button', { name: 'Confirm' }));
    const list = await screen.findByRole('list', { name: 'Recovery codes' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(10);
    expect(bodies).toEqual([{ password: 'something long', code: '123456' }]);
    await hands.click(screen.getByRole('button', { name: 'I have kept them' }));
    expect(screen.queryByText(CODES[0] ?? '')).not.toBeInTheDocument();
  });

  it('says what was wrong, and goes on asking', async () => {
    serve({
      ...base,
      'POST /session/second-factor': { secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', address: 'otpauth://totp/x' },
      'POST /session/second-factor/confirm': new Refusal(401, 'access.wrong_credentials', 'Wrong.'),
    });
    renderAt('/account', <AccountPage />);
    const hands = user();
    await hands.click(await screen.findByRole('button', { name: 'Set up' }));
    await hands.type(await screen.findByLabelText(/^Code/), '000000');
    await hands.type(screen.getByLabelText(/Your password/), 'x');
    await hands.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText('The second factor was not set up')).toBeInTheDocument();
    expect(screen.getByLabelText(/^Code/)).toHaveValue('');
  });

  it('removes it only with password and code', async () => {
    serve({ ...base, 'GET /session/second-factor': FACTOR });
    renderAt('/account', <AccountPage />);
    const hands = user();
    expect(await screen.findByText('3 of 10 are left.')).toBeInTheDocument();
    await hands.click(screen.getByRole('button', { name: 'Remove…' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole('button', { name: 'Remove' })).toBeDisabled();
    await hands.type(within(dialog).getByLabelText(/Your password/), 'x');
    expect(within(dialog).getByRole('button', { name: 'Remove' })).toBeDisabled();
    await hands.type(within(dialog).getByLabelText(/^Code/), '123456');
    expect(within(dialog).getByRole('button', { name: 'Remove' })).toBeEnabled();
  });

  it('lists sessions, marks the present one and ends another', async () => {
    const { calls } = serve({ ...base, 'DELETE /sessions/s2': null });
    renderAt('/account', <AccountPage />);
    const rows = within(await screen.findByRole('table', { name: 'Sessions' })).getAllByRole('row');
    expect(rows[1]).toHaveTextContent('Firefox on Linux');
    expect(rows[1]).toHaveTextContent('This one');
    expect(rows[2]).toHaveTextContent('Not known');
    await user().click(screen.getByRole('button', { name: 'End the session with Not known' }));
    expect(calls).toContain('DELETE /sessions/s2');
  });

  it('makes a token that reads, and shows it once', async () => {
    const bodies: unknown[] = [];
    serve({
      ...base,
      'POST /tokens': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { ...TOKEN, token: 'candor_viewer_secret' };
      },
    });
    renderAt('/account', <AccountPage />);
    const hands = user();
    await hands.click(await screen.findByRole('button', { name: 'New token…' }));
    await hands.type(screen.getByLabelText(/Name/), 'two words');
    expect(screen.getByText('Not a name for a token')).toBeInTheDocument();
    await hands.clear(screen.getByLabelText(/Name/));
    await hands.type(screen.getByLabelText(/Name/), 'nightly');
    expect(screen.queryByLabelText(/^Code/)).not.toBeInTheDocument();
    await hands.type(screen.getByLabelText(/Your password/), 'something long');
    await hands.click(screen.getByRole('button', { name: 'Make it' }));
    expect(await screen.findByTestId('token')).toHaveTextContent('candor_viewer_secret');
    expect(bodies).toEqual([
      {
        name: 'nightly',
        days: 30,
        scope: 'alerts.read people.read policies.read audit.read',
        password: 'something long',
      },
    ]);
    // No motion ends here, so the dialog that closes hides the page for good; the browser test sees it go.
    await hands.click(screen.getByRole('button', { name: 'I have kept it', hidden: true }));
    expect(screen.queryByText('candor_viewer_secret')).not.toBeInTheDocument();
  });

  it('revokes a token, and says which are over', async () => {
    const { calls } = serve({
      ...base,
      'GET /tokens': {
        tokens: [
          TOKEN,
          { ...TOKEN, id: 't2', name: 'old', expires: '2020-01-01T00:00:00Z' },
          { ...TOKEN, id: 't3', name: 'gone', revoked: '2026-11-02T08:00:00Z' },
        ],
      },
      'DELETE /tokens/t1': null,
    });
    renderAt('/account', <AccountPage />);
    const rows = within(await screen.findByRole('table', { name: 'Tokens' })).getAllByRole('row');
    expect(rows[2]).toHaveTextContent('Expired');
    expect(rows[3]).toHaveTextContent('Revoked');
    await user().click(screen.getByRole('button', { name: 'Revoke nightly' }));
    expect(calls).toContain('DELETE /tokens/t1');
  });
});

it('has neither password nor second factor nor tokens for an account of the identity provider', async () => {
  const { calls } = serve(base);
  renderAt('/account', <AccountPage />, { ...SESSION, display_name: 'Ada Love', of_provider: true });
  expect(await screen.findByText(/there you are Ada Love/)).toBeInTheDocument();
  expect(await screen.findByRole('table', { name: 'Sessions' })).toBeInTheDocument();
  for (const name of ['Change password', 'Set up', 'New token…'])
    expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
  expect(calls).toEqual(['GET /session/mail', 'GET /session/notifications', 'GET /sessions']);
});

it('names where mail of Candor goes', async () => {
  const bodies: unknown[] = [];
  serve({
    ...base,
    'PUT /session/mail': ({ body }: { body: { address: string } }) => {
      bodies.push(body);
      return body.address.endsWith('@example.com')
        ? { address: body.address, mail: true, domains: ['example.com'] }
        : new Refusal(400, 'access.bad_mail_address', 'only the domains of the settings');
    },
  });
  renderAt('/account', <AccountPage />);
  const hands = user();
  const field = await screen.findByLabelText('Mail address');
  expect(screen.getByText(/In one of these domains: example.com/)).toBeInTheDocument();
  await hands.type(field, 'ada@private.example');
  await hands.click(screen.getByRole('button', { name: 'Save the address' }));
  expect(await screen.findByText(/only the domains of the settings/)).toBeInTheDocument();
  await hands.clear(field);
  await hands.type(field, 'ada@example.com');
  await hands.click(screen.getByRole('button', { name: 'Save the address' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Save the address' })).toBeDisabled());
  expect(screen.getByLabelText('Mail address')).toHaveValue('ada@example.com');
  expect(bodies).toHaveLength(2);
});
