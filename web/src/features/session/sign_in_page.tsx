import { Button, Field, Input } from '@fluentui/react-components';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { CallFailed } from '../../shared/api/client';
import { ActFailed } from '../../shared/states/states';
import { CodeField } from './code_field';
import { Doorway } from './doorway';
import { ProviderButton } from './provider_button';
import { useSignInWays } from './provider_calls';
import { explained } from './refusals';
import { useSignIn } from './session';

// `ended`: the viewer was signed in a moment ago; the page they were on comes back after sign-in.
export function SignInPage({ ended }: { ended: boolean }) {
  const signIn = useSignIn();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  // The second step: user and password are kept here, and go out again together with the code.
  const [asksCode, setAsksCode] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), [asksCode]);
  const { data: ways } = useSignInWays();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const credentials = { user: user.trim(), password };
    signIn.mutate(asksCode ? { ...credentials, code: code.trim() } : credentials, {
      onError: (error) => {
        setCode('');
        if (error instanceof CallFailed && error.id === 'access.code_needed') setAsksCode(true);
        else if (!asksCode) setPassword('');
      },
    });
  };
  const startAgain = () => {
    signIn.reset();
    setAsksCode(false);
    setPassword('');
    setCode('');
  };

  if (asksCode) {
    return (
      <Doorway
        title="Enter a code"
        lead={`For ${user.trim()}. Whether user name and password are right is told together with the code.`}
      >
        <form onSubmit={submit}>
          <CodeField ref={first} value={code} onChange={setCode} />
          {signIn.error && !isAsking(signIn.error) && (
            <ActFailed title="Not signed in" error={explained(signIn.error)} />
          )}
          <p>If you have set up no second factor, the user name or the password was wrong: start again.</p>
          <Button type="submit" appearance="primary" size="large" disabled={code.trim() === '' || signIn.isPending}>
            {signIn.isPending ? 'Signing in…' : 'Sign in'}
          </Button>
          <Button appearance="subtle" onClick={startAgain}>
            Start again
          </Button>
        </form>
      </Doorway>
    );
  }
  return (
    <Doorway
      title="Sign in"
      lead={
        ended
          ? 'Your session has ended. Sign in again to go on where you were.'
          : ways?.provider
            ? `With your account of ${ways.provider}, or with a password of Candor's own.`
            : 'At the first start Candor prints a user name and a one-time password in its terminal.'
      }
    >
      <ProviderButton ways={ways} />
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
          appearance={ways?.provider ? 'secondary' : 'primary'}
          size="large"
          disabled={user.trim() === '' || password === '' || signIn.isPending}
        >
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </Doorway>
  );
}

function isAsking(error: Error): boolean {
  return error instanceof CallFailed && error.id === 'access.code_needed';
}
