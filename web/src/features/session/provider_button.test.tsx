import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { AccountMenu } from './account_menu';
import { Gate } from './gate';
import { leaveFor } from './leave';
import { signInFailure } from './sign_in_failures';

vi.mock('./leave', () => ({ leaveFor: vi.fn() }));
beforeEach(() => vi.mocked(leaveFor).mockReset());

const nobody = new Refusal(401, 'access.no_session', 'Sign in first.');
const WAYS = { provider: 'Contoso', administrators_only: false };
const ADDRESS = 'https://login.example.com/auth?state=x';

describe('sign-in with the identity provider', () => {
  it('goes there, and asks to come back to the same page', async () => {
    const bodies: unknown[] = [];
    serve({
      'GET /session': nobody,
      'GET /session/ways': WAYS,
      'POST /session/provider': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { address: ADDRESS };
      },
    });
    renderAt('/cases?view=all&sign_in_failed=access.provider_denied', <Gate>inside</Gate>);
    expect(await screen.findByText(/did not let you in/)).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with Contoso' }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledWith(ADDRESS));
    expect(bodies).toEqual([{ return_to: '/cases?view=all' }]);
    expect(screen.getByRole('button', { name: 'Going to Contoso…' })).toBeDisabled();
    expect(screen.queryByText(/did not let you in/)).not.toBeInTheDocument();
  });

  it('says that the provider cannot be reached, and takes a password all the same', async () => {
    serve({
      'GET /session': nobody,
      'GET /session/ways': { ...WAYS, administrators_only: true },
      'POST /session/provider': new Refusal(503, 'access.provider_unreachable', 'It cannot be reached.'),
      'POST /session': SESSION,
    });
    renderAt('/', <Gate>inside</Gate>);
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with Contoso' }));
    expect(await screen.findByText(/It cannot be reached/)).toBeInTheDocument();
    expect(screen.getByText(/only administrators/)).toBeInTheDocument();
    expect(leaveFor).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText(/User name/), 'ada');
    await userEvent.type(screen.getByLabelText(/Password/), 'something long');
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('inside')).toBeInTheDocument();
  });

  it('is not offered where there is none, or nobody knows', async () => {
    for (const ways of [{ ...WAYS, provider: null }, new Refusal(500, 'api.failed', 'Oh.')]) {
      serve({ 'GET /session': nobody, 'GET /session/ways': ways });
      const { unmount } = renderAt('/', <Gate>inside</Gate>);
      expect(await screen.findByRole('button', { name: 'Sign in' })).toBeInTheDocument();
      expect(screen.queryByRole('button', { name: /Sign in with/ })).not.toBeInTheDocument();
      unmount();
    }
  });

  it('ends the session there, too', async () => {
    serve({
      'GET /session': { ...SESSION, display_name: 'Ada Love', of_provider: true },
      'DELETE /session': { address: ADDRESS },
      'GET /session/ways': WAYS,
    });
    renderAt(
      '/',
      <Gate>
        <AccountMenu />
      </Gate>,
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Ada Love' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledWith(ADDRESS));
    expect(await screen.findByRole('button', { name: 'Sign in with Contoso' })).toBeInTheDocument();
  });
});

it.each([
  [null, null],
  ['', null],
  ['<script>', null],
  ['access.Provider', null],
  [`a.${'x'.repeat(61)}`, null],
  ['access.provider_no_role', /none of your groups/],
  ['access.something_new', /The sign-in failed/],
])('the failure %s in the address', (id, text) => {
  const failure = signInFailure(id);
  if (text === null) expect(failure).toBeNull();
  else expect(failure?.message).toMatch(text);
});
