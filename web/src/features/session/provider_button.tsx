import { Button, Divider } from '@fluentui/react-components';
import { PeopleTeamRegular } from '@fluentui/react-icons';
import { useLocation } from 'react-router';
import { ActFailed } from '../../shared/states/states';
import styles from './doorway.module.css';
import { useBeginProviderSignIn, type SignInWays } from './provider_calls';
import { explained } from './refusals';
import { FAILED_PARAMETER, signInFailure } from './sign_in_failures';

// Signs in with the identity provider, where there is one, and says why that failed. `ways`: undefined while nobody
// knows; a password can be typed all the same.
export function ProviderButton({ ways }: { ways: SignInWays | undefined }) {
  const begin = useBeginProviderSignIn();
  const { pathname, search } = useLocation();
  const parameters = new URLSearchParams(search);
  const failure = begin.error ? explained(begin.error) : signInFailure(parameters.get(FAILED_PARAMETER));
  parameters.delete(FAILED_PARAMETER);
  const rest = parameters.toString();
  const returnTo = rest === '' ? pathname : `${pathname}?${rest}`;
  const provider = ways?.provider ?? null;
  if (provider === null && failure === null) return null;
  // After the answer the browser is on its way.
  const isGoing = begin.isPending || begin.isSuccess;
  return (
    <div className={styles.provider}>
      {failure && !isGoing && <ActFailed title="Not signed in" error={failure} />}
      {provider !== null && (
        <>
          <Button
            appearance="primary"
            size="large"
            icon={<PeopleTeamRegular />}
            disabled={isGoing}
            onClick={() => begin.mutate({ return_to: returnTo })}
          >
            {isGoing ? `Going to ${provider}…` : `Sign in with ${provider}`}
          </Button>
          <Divider>or</Divider>
          {ways?.administrators_only && <p>With a password only administrators sign in.</p>}
        </>
      )}
    </div>
  );
}
