import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import { explained } from '../session/refusals';
import { useSecondFactor } from '../session/second_factor_calls';
import { useViewer, type Permission } from '../session/session';
import styles from './account.module.css';
import { useCreateToken } from './account_calls';
import { ProofFields } from './proof_fields';

// As the server has it where no scope is given.
const READING: readonly Permission[] = ['alerts.read', 'people.read', 'policies.read', 'audit.read', 'cases.view'];
const DAYS = [7, 30, 90, 365] as const;
const NAME = /^[A-Za-z0-9._-]{1,40}$/;

// `onMade` gets the token itself, which nobody can ask for again.
export function TokenDialog({ onMade, onClose }: { onMade: (token: string) => void; onClose: () => void }) {
  const viewer = useViewer();
  const create = useCreateToken();
  const { data: factor } = useSecondFactor();
  const [name, setName] = useState('');
  const [days, setDays] = useState<number>(30);
  const [chosen, setChosen] = useState<readonly Permission[]>(
    viewer.permissions.filter((one) => READING.includes(one)),
  );
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const needsCode = factor?.since != null;
  const isName = NAME.test(name);

  const submit = () => {
    const wish = { name, days, scope: chosen.join(' '), password };
    create.mutate(needsCode ? { ...wish, code: code.trim() } : wish, {
      onSuccess: ({ token }) => onMade(token),
      onError: () => setCode(''),
    });
  };
  const toggle = (permission: Permission, isOn: boolean) =>
    setChosen(viewer.permissions.filter((one) => (one === permission ? isOn : chosen.includes(one))));
  const ready = isName && chosen.length > 0 && password !== '' && (!needsCode || code.trim() !== '');
  return (
    <ActDialog
      title="New token"
      act="Make it"
      ready={ready && !create.isPending}
      failure={create.error && <ActFailed title="No token was made" error={explained(create.error)} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Name"
        required
        hint="Letters, digits, dots, dashes and underscores: it stands in the audit log."
        {...(name !== '' && !isName ? { validationState: 'error', validationMessage: 'Not a name for a token' } : {})}
      >
        <Input name="token-name" maxLength={40} value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label="Expires after" required>
        <Select value={String(days)} onChange={(_, data) => setDays(Number(data.value))}>
          {DAYS.map((one) => (
            <option key={one} value={one}>{`${one} days`}</option>
          ))}
        </Select>
      </Field>
      <fieldset className={styles.permissions}>
        <legend>It may</legend>
        {viewer.permissions.map((one) => (
          <Checkbox
            key={one}
            label={one}
            checked={chosen.includes(one)}
            onChange={(_, data) => toggle(one, data.checked === true)}
          />
        ))}
      </fieldset>
      <ProofFields password={password} onPassword={setPassword} code={needsCode ? code : null} onCode={setCode} />
    </ActDialog>
  );
}
