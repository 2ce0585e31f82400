import { Field, Textarea } from '@fluentui/react-components';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import styles from './people.module.css';

const SHORTEST_REASON = 10;
const LONGEST_REASON = 1000;

type Props = {
  title: string;
  act: string;
  lead: string;
  failed: string;
  error: Error | null;
  ready?: boolean;
  isPending: boolean;
  children?: ReactNode;
  onSubmit: (reason: string) => void;
  onClose: () => void;
};

// An act on people that needs a reason, which the audit log keeps.
export function ReasonDialog(props: Props) {
  const { title, act, lead, failed, error, ready = true, isPending, children, onSubmit, onClose } = props;
  const [reason, setReason] = useState('');
  const missing = SHORTEST_REASON - reason.trim().length;
  return (
    <ActDialog
      title={title}
      act={act}
      ready={ready && missing <= 0 && !isPending}
      failure={error && <ActFailed title={failed} error={error} />}
      onSubmit={() => onSubmit(reason.trim())}
      onClose={onClose}
    >
      <p className={styles.lead}>{lead}</p>
      {children}
      <Field
        label="Reason"
        required
        hint={missing > 0 ? `At least ${SHORTEST_REASON} characters; ${missing} to go.` : 'Kept in the audit log.'}
      >
        <Textarea value={reason} maxLength={LONGEST_REASON} rows={3} onChange={(_, data) => setReason(data.value)} />
      </Field>
    </ActDialog>
  );
}

export type ActWords = { title: string; act: string; lead: string };
type ActProps<T> = {
  words: ActWords;
  acting: Pick<UseMutationResult<T, Error, string>, 'mutate' | 'error' | 'isPending'>;
  onClose: () => void;
};

// An act that takes nothing but its reason: a decision on what waits, taking something back.
export function ActWithReason<T>({ words, acting, onClose }: ActProps<T>) {
  const { mutate, error, isPending } = acting;
  return (
    <ReasonDialog
      title={words.title}
      act={words.act}
      lead={words.lead}
      failed="Nothing has changed"
      error={error}
      isPending={isPending}
      onSubmit={(reason) => mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
