import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Failed, Loading } from '../../shared/states/states';
import { ChangePasswordPage } from './change_password_page';
import { forgetAnswers, SessionContext, useSessionState } from './session';
import { SignInPage } from './sign_in_page';

// With what draws QR codes: few need it, and once.
const RequiredFactorPage = lazy(() => import('./required_factor_page'));

const LONGEST_TIMER_MS = 2 ** 31 - 1;

// Shows its children to somebody who is signed in. The address stays, so that sign-in comes back to the same page.
export function Gate({ children }: { children: ReactNode }) {
  const { data: state, error, refetch } = useSessionState();
  const client = useQueryClient();
  const isOut = state?.is === 'out';
  const expiresAt = state?.is === 'in' ? state.session.expires_at : null;

  useEffect(() => {
    if (isOut) forgetAnswers(client);
  }, [client, isOut]);

  // Look again when the session is due to end, so that an unattended screen does not keep showing people.
  useEffect(() => {
    if (!expiresAt) return;
    const wait = Math.min(Math.max(1000, Date.parse(expiresAt) - Date.now() + 1000), LONGEST_TIMER_MS);
    const timer = setTimeout(() => void refetch(), wait);
    return () => clearTimeout(timer);
  }, [refetch, expiresAt]);

  if (!state) {
    return error ? (
      <Failed error={error} what="Candor" retry={() => void refetch()} />
    ) : (
      <Loading what="Candor" rows={0} />
    );
  }
  if (state.is === 'out') return <SignInPage ended={state.ended} />;
  if (state.session.must_change_password) return <ChangePasswordPage session={state.session} />;
  if (state.session.must_set_up_second_factor) {
    return (
      <Suspense fallback={<Loading what="Candor" rows={0} />}>
        <RequiredFactorPage session={state.session} />
      </Suspense>
    );
  }
  return <SessionContext value={state.session}>{children}</SessionContext>;
}
