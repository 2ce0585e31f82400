import { Button, Field, Input } from '@fluentui/react-components';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { CallFailed } from '../../shared/api/client';
import { ActFailed } from '../../shared/states/states';
import { Doorway } from './doorway';
import { useSignIn } from './session';

// `ended`: the viewer was signed in a moment ago; the page they were on comes back after sign-in.
export function SignInPage({ ended }: { ended: boolean }) {
  const signIn = useSignIn();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ user: user.trim(), password }, { onError: () => setPassword('') });
  };

  return (
    <Doorway
      title="Sign in"
      lead={
        ended
          ? 'Your session has ended. Sign in again to go on where you were.'
          : 'At the first start Candor prints a user name and a one-time password in its terminal.'
      }
    >
      <form onSubmit={submit}>
        <Field label="User name" required>
          <Input
            ref={first}
            name="user"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={user}
            onChange={(_, data) => setUser(data.value)}
          />
        </Field>
        <Field label="Password" required>
          <Input
            name="password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(_, data) => setPassword(data.value)}
          />
        </Field>
        {signIn.error && <ActFailed title="Not signed in" error={explained(signIn.error)} />}
        <Button
          type="submit"
          appearance="primary"
          size="large"
          disabled={user.trim() === '' || password === '' || signIn.isPending}
        >
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </Doorway>
  );
}

function explained(error: Error): Error {
  if (!(error instanceof CallFailed) || error.status !== 429) return error;
  const wait = error.retryAfterSeconds === null ? 'a while' : `${error.retryAfterSeconds} seconds`;
  return new CallFailed(error.status, error.id, `Too many attempts. Wait ${wait}, then try again.`);
}
