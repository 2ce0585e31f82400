import { Button, Field, Input } from '@fluentui/react-components';
import { QRCodeSVG } from 'qrcode.react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ActFailed, Loading } from '../../shared/states/states';
import { CodeField } from './code_field';
import { RecoveryCodes } from './recovery_codes';
import { explained } from './refusals';
import styles from './second_factor.module.css';
import { useBeginFactor, useChangeFactor } from './second_factor_calls';
import type { Session } from './session';

type Props = {
  // Called with the new session once the recovery codes are kept.
  onDone: (session: Session) => void;
  onCancel: () => void;
  cancel: string;
};

// Setting up a second factor: the secret as picture and text, a code of it, the recovery codes.
export function FactorSetup({ onDone, onCancel, cancel }: Props) {
  const { mutate: beginIt, data: begun, error: notBegun } = useBeginFactor();
  const confirm = useChangeFactor('confirm');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    // Once, also where effects run twice: a second secret makes the first void.
    if (!asked.current) beginIt();
    asked.current = true;
  }, [beginIt]);
  useEffect(() => {
    if (begun) first.current?.focus();
  }, [begun]);

  if (confirm.data) {
    const { recovery_codes: codes, session } = confirm.data;
    return <RecoveryCodes codes={codes} onKept={() => onDone(session)} />;
  }
  if (notBegun) return <ActFailed title="The second factor was not set up" error={notBegun} />;
  if (!begun) return <Loading what="the secret" rows={3} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const again = () => {
      setCode('');
      first.current?.focus();
    };
    confirm.mutate({ password, code: code.trim() }, { onError: again });
  };
  return (
    <form onSubmit={submit} className={styles.steps}>
      <p>Scan this with an authenticator app, or type the key into it. It is not shown again.</p>
      <div className={styles.secret}>
        {/* On white in dark colours, too: cameras look for dark squares on a light ground. */}
        <QRCodeSVG value={begun.address} size={176} marginSize={3} level="M" title="QR code of the key" role="img" />
        <div>
          <span className={styles.words} id="factor-key">
            Key
          </span>
          <code className={styles.key} aria-labelledby="factor-key" data-testid="factor-key">
            {begun.secret.match(/.{4}/g)?.join(' ')}
          </code>
          <span className={styles.words}>Time based, 6 digits, 30 seconds, SHA-1</span>
        </div>
      </div>
      <CodeField ref={first} value={code} onChange={setCode} takesRecoveryCodes={false} />
      <Field label="Your password" required>
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, data) => setPassword(data.value)}
        />
      </Field>
      {confirm.error && <ActFailed title="The second factor was not set up" error={explained(confirm.error)} />}
      <div className={styles.acts}>
        <Button
          type="submit"
          appearance="primary"
          disabled={code.trim() === '' || password === '' || confirm.isPending}
        >
          {confirm.isPending ? 'Confirming…' : 'Confirm'}
        </Button>
        <Button appearance="subtle" onClick={onCancel}>
          {cancel}
        </Button>
      </div>
    </form>
  );
}
