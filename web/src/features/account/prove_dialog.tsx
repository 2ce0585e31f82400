import { useState } from 'react';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import { explained } from '../session/refusals';
import { useChangeFactor, type ChangedFactor } from '../session/second_factor_calls';
import styles from './account.module.css';
import { ProofFields } from './proof_fields';

const TEXTS = {
  remove: {
    title: 'Remove the second factor',
    act: 'Remove',
    lead: 'From then on a password is enough to sign in as you. Your recovery codes are void, your other sessions end.',
    failed: 'The second factor was not removed',
  },
  renew: {
    title: 'Make new recovery codes',
    act: 'Make new ones',
    lead: 'The old ones are void from then on. Your other sessions end.',
    failed: 'No new codes were made',
  },
} as const;

type Props = { what: keyof typeof TEXTS; onDone: (changed: ChangedFactor) => void; onClose: () => void };

// What changes the second factor is proved with password and code.
export function ProveDialog({ what, onDone, onClose }: Props) {
  const change = useChangeFactor(what);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const texts = TEXTS[what];
  return (
    <ActDialog
      title={texts.title}
      act={texts.act}
      ready={password !== '' && code.trim() !== '' && !change.isPending}
      failure={change.error && <ActFailed title={texts.failed} error={explained(change.error)} />}
      onSubmit={() => change.mutate({ password, code: code.trim() }, { onSuccess: onDone, onError: () => setCode('') })}
      onClose={onClose}
    >
      <p className={styles.lead}>{texts.lead}</p>
      <ProofFields password={password} code={code} onPassword={setPassword} onCode={setCode} />
    </ActDialog>
  );
}
