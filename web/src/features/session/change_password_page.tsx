import { Button, Field, Input } from '@fluentui/react-components';
import { CheckmarkCircleFilled, CircleRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ActFailed } from '../../shared/states/states';
import { Doorway } from './doorway';
import styles from './doorway.module.css';
import { LONGEST_PASSWORD, passwordRules } from './password_rules';
import { useChangePassword, useSignOut, type Session } from './session';

type Props = {
  session: Session;
  // Present where the change is the viewer's own wish, not a must.
  onDone?: () => void;
};

export function ChangePasswordPage({ session, onDone }: Props) {
  const change = useChangePassword();
  const signOut = useSignOut();
  const [present, setPresent] = useState('');
  const [chosen, setChosen] = useState('');
  const [repeated, setRepeated] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const rules = passwordRules(present, chosen, repeated);
  const ready = present !== '' && rules.every((rule) => rule.met);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) change.mutate({ password: present, new_password: chosen }, { onSuccess: onDone });
  };

  return (
    <Doorway
      title="Choose a password"
      lead={
        onDone
          ? `For ${session.user}. Your other sessions end.`
          : `You are signed in as ${session.user} with a one-time password. Choose one of your own to go on.`
      }
    >
      <form onSubmit={submit}>
        <input type="text" name="user" autoComplete="username" value={session.user} readOnly hidden />
        <Field label={onDone ? 'Present password' : 'One-time password'} required>
          <Input
            ref={first}
            name="present"
            type="password"
            autoComplete="current-password"
            value={present}
            onChange={(_, data) => setPresent(data.value)}
          />
        </Field>
        <Field label="New password" required>
          <Input
            name="chosen"
            type="password"
            autoComplete="new-password"
            maxLength={LONGEST_PASSWORD}
            aria-describedby="password-rules"
            value={chosen}
            onChange={(_, data) => setChosen(data.value)}
          />
        </Field>
        <Field label="New password again" required>
          <Input
            name="repeated"
            type="password"
            autoComplete="new-password"
            maxLength={LONGEST_PASSWORD}
            value={repeated}
            onChange={(_, data) => setRepeated(data.value)}
          />
        </Field>
        <ul id="password-rules" className={styles.rules} aria-label="Rules for the new password">
          {rules.map((rule) => (
            <li key={rule.text} data-met={rule.met}>
              {rule.met ? <CheckmarkCircleFilled aria-label="Met:" /> : <CircleRegular aria-label="Not yet:" />}{' '}
              {rule.text}
            </li>
          ))}
        </ul>
        {change.error && <ActFailed title="The password was not changed" error={change.error} />}
        <Button type="submit" appearance="primary" size="large" disabled={!ready || change.isPending}>
          {change.isPending ? 'Changing…' : 'Change password'}
        </Button>
        <Button appearance="subtle" onClick={onDone ?? (() => signOut.mutate())}>
          {onDone ? 'Cancel' : 'Sign out'}
        </Button>
      </form>
    </Doorway>
  );
}
