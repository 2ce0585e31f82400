import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Radio,
  RadioGroup,
  Textarea,
} from '@fluentui/react-components';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Schemas } from '../../shared/api/client';
import { useFocusBack } from '../../shared/focus/focus';
import { ActFailed } from '../../shared/states/states';
import { useConfirm, useDismiss, type Alert } from './alert_calls';
import styles from './dialogs.module.css';
import { DISMISS_REASON } from './status';

const LONGEST_NOTE = 4000;
const REASONS = Object.keys(DISMISS_REASON) as Schemas['DismissReason'][];

type Props = { alert: Alert; onClose: () => void };

export function DismissDialog({ alert, onClose }: Props) {
  const dismiss = useDismiss(alert.id);
  const [reason, setReason] = useState<Schemas['DismissReason'] | ''>('');
  const [note, setNote] = useState('');
  const ready = reason !== '' && (reason !== 'other' || note.trim() !== '');
  const submit = () => {
    if (reason === '') return;
    dismiss.mutate({ reason, note: note.trim(), evidence_until: alert.evidence_until }, { onSuccess: onClose });
  };
  return (
    <ActDialog
      title="Dismiss this alert"
      act="Dismiss"
      ready={ready && !dismiss.isPending}
      failure={dismiss.error && <ActFailed title="The alert was not dismissed" error={dismiss.error} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className={styles.lead}>It is closed with what it holds now. Later activity opens a new alert.</p>
      <Field label="Reason" required>
        <RadioGroup value={reason} onChange={(_, data) => setReason(data.value as Schemas['DismissReason'])}>
          {REASONS.map((one) => (
            <Radio key={one} value={one} label={DISMISS_REASON[one]} />
          ))}
        </RadioGroup>
      </Field>
      <Field label="Note" required={reason === 'other'}>
        <Textarea value={note} maxLength={LONGEST_NOTE} rows={3} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </ActDialog>
  );
}

export function ConfirmDialog({ alert, onClose }: Props) {
  const confirm = useConfirm(alert.id);
  const [note, setNote] = useState('');
  return (
    <ActDialog
      title="Confirm this alert"
      act="Confirm"
      ready={!confirm.isPending}
      failure={confirm.error && <ActFailed title="The alert was not confirmed" error={confirm.error} />}
      onSubmit={() => confirm.mutate({ note: note.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={styles.lead}>
        You say that it needs work. The alert stays open and goes on gathering this person's activity.
      </p>
      <Field label="Note">
        <Textarea value={note} maxLength={LONGEST_NOTE} rows={3} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </ActDialog>
  );
}

type ActProps = {
  title: string;
  act: string;
  ready: boolean;
  failure: ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

// A dialog around one act: what happens, what it needs, why it failed.
export function ActDialog({ title, act, ready, failure, onSubmit, onClose, children }: ActProps) {
  useFocusBack();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSubmit();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {children}
              {failure}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={!ready}>
                {act}
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
