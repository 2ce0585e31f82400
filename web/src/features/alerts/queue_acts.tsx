import { Button, Field, MessageBar, MessageBarBody, ProgressBar, Select, Textarea } from '@fluentui/react-components';
import { Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { ActFailed, messageOf } from '../../shared/states/states';
import { useViewer } from '../session/session';
import { ActDialog } from './decision_dialogs';
import dialog from './dialogs.module.css';
import {
  newActId,
  useAssignees,
  useQueueAct,
  useQueueActProgress,
  useUndoQueueAct,
  type QueueActKind,
  type QueueActOutcome,
  type QueueActWanted,
  type Selection,
} from './queue_act_calls';
import styles from './queue_acts.module.css';
import type { QueueFilter } from './queue_filter';
import { DISMISS_REASON } from './status';

const LONGEST_NOTE = 4000;
const REASONS = Object.keys(DISMISS_REASON) as Schemas['DismissReason'][];

const DONE_WORD: Record<QueueActKind, string> = { dismiss: 'Dismissed', confirm: 'Confirmed', assign: 'Assigned' };
const DOING_WORD: Record<QueueActKind, string> = { dismiss: 'Dismissing', confirm: 'Confirming', assign: 'Assigning' };

// Why alerts were left as they are. Whatever is not here is told by its id.
const WHY: Record<string, string> = {
  'alerts.changed': 'changed since the list was shown',
  'alerts.closed': 'decided already',
  'alerts.not_found': 'no longer there',
  'alerts.assigned_already': 'given to that viewer already',
  'access.own_team': 'about somebody you lead, or who leads you',
  'alerts.own_person': 'about that viewer',
  'alerts.outside_units': 'about somebody outside of that viewer’s units',
  'alerts.their_team': 'about somebody that viewer leads, or who leads them',
  'alerts.told': 'told to a webhook already',
  'alerts.decided_since': 'worked on since',
  'alerts.next_exists': 'followed by a newer alert',
};

function alertsWord(count: number): string {
  return count === 1 ? 'alert' : 'alerts';
}

function whyOf(outcome: QueueActOutcome): string {
  return outcome.why.map(({ error, alerts }) => `${alerts.toLocaleString()} ${WHY[error] ?? error}`).join(', ');
}

type Props = {
  selection: Selection;
  selected: number;
  // Alerts that match on all pages.
  matching: number;
  most: number;
  filter: QueueFilter;
  onAll: () => void;
  onClear: () => void;
};

// What is chosen, what may be done with it, how far that has come, and taking the last act back.
export default function QueueActs({ selection, selected, matching, most, filter, onAll, onClear }: Props) {
  const [open, setOpen] = useState<QueueActKind | null>(null);
  const act = useQueueAct();
  const running = act.isPending ? act.variables : null;
  const run = (wanted: Pick<QueueActWanted, 'kind' | 'reason' | 'note' | 'to'>) => {
    act.mutate({ ...wanted, id: newActId(), selection, filter, shown: matching }, { onSuccess: onClear });
    setOpen(null);
  };
  const close = () => setOpen(null);
  return (
    <section className={styles.bar} aria-label="Selected alerts">
      {running && <Progress act={running} total={selected} />}
      {!running && act.error && <ActFailed title="Nothing was changed" error={act.error} />}
      {!running && act.data && <Outcome key={act.data.id} outcome={act.data} onDismiss={act.reset} />}
      {!running && selected > 0 && (
        <div className={styles.line}>
          <span aria-live="polite" data-testid="selected">
            <strong>{selected.toLocaleString()}</strong> {alertsWord(selected)} selected
            {selection.all && ', on all pages'}
          </span>
          {!selection.all && matching > selected && matching <= most && (
            <Button appearance="subtle" onClick={onAll}>
              Select all {matching.toLocaleString()} that match
            </Button>
          )}
          {matching > most && (
            <span className={styles.hint}>More than {most.toLocaleString()} match: narrow the filter to take all.</span>
          )}
          <span className={styles.acts}>
            <Button onClick={() => setOpen('assign')}>Assign…</Button>
            <Button onClick={() => setOpen('dismiss')}>Dismiss…</Button>
            <Button appearance="primary" onClick={() => setOpen('confirm')}>
              Confirm…
            </Button>
            <Button appearance="subtle" onClick={onClear}>
              Clear selection
            </Button>
          </span>
        </div>
      )}
      {open === 'dismiss' && <DismissMany count={selected} onAct={run} onClose={close} />}
      {open === 'confirm' && <ConfirmMany count={selected} onAct={run} onClose={close} />}
      {open === 'assign' && <AssignMany count={selected} onAct={run} onClose={close} />}
    </section>
  );
}

function Progress({ act, total }: { act: QueueActWanted; total: number }) {
  const { data } = useQueueActProgress(act.id);
  const passed = data ? data.done + data.refused : 0;
  const of = data?.total ?? total;
  return (
    <Field label={`${DOING_WORD[act.kind]} ${passed.toLocaleString()} of ${of.toLocaleString()}`}>
      <ProgressBar value={of === 0 ? undefined : passed / of} aria-label={DOING_WORD[act.kind]} />
    </Field>
  );
}

function Outcome({ outcome, onDismiss }: { outcome: QueueActOutcome; onDismiss: () => void }) {
  const undo = useUndoQueueAct();
  const undone = undo.data;
  return (
    <MessageBar intent={outcome.refused > 0 ? 'warning' : 'success'} layout="multiline" data-testid="queue-act">
      <MessageBarBody>
        <span role="status">
          {undone
            ? `Undone for ${undone.undone.toLocaleString()} of ${outcome.done.toLocaleString()} ${alertsWord(outcome.done)}.`
            : `${DONE_WORD[outcome.act]} ${outcome.done.toLocaleString()} ${alertsWord(outcome.done)}.`}{' '}
          {undone && undone.why.length > 0 && `Left as they are: ${whyOf(undone)}.`}
          {!undone && outcome.refused > 0 && `Left as they are: ${whyOf(outcome)}.`}
          {undo.error && `Not undone: ${messageOf(undo.error)}`}
        </span>{' '}
        {!undone && outcome.done > 0 && (
          <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate(outcome.id)}>
            {undo.isPending ? 'Undoing' : 'Undo'}
          </Button>
        )}{' '}
        <Button size="small" appearance="subtle" onClick={onDismiss}>
          Close
        </Button>
      </MessageBarBody>
    </MessageBar>
  );
}

type DialogProps = {
  count: number;
  onAct: (wanted: Pick<QueueActWanted, 'kind' | 'reason' | 'note' | 'to'>) => void;
  onClose: () => void;
};

const title = (act: string, count: number) => `${act} ${count.toLocaleString()} ${alertsWord(count)}`;

function NoteField({ note, required, onNote }: { note: string; required?: boolean; onNote: (note: string) => void }) {
  return (
    <Field label="Note" required={required === true}>
      <Textarea value={note} maxLength={LONGEST_NOTE} rows={3} onChange={(_, data) => onNote(data.value)} />
    </Field>
  );
}

function DismissMany({ count, onAct, onClose }: DialogProps) {
  const [reason, setReason] = useState<Schemas['DismissReason'] | ''>('');
  const [note, setNote] = useState('');
  const ready = reason !== '' && (reason !== 'other' || note.trim() !== '');
  return (
    <ActDialog
      title={title('Dismiss', count)}
      act="Dismiss"
      ready={ready}
      failure={null}
      onSubmit={() => reason !== '' && onAct({ kind: 'dismiss', reason, note: note.trim() })}
      onClose={onClose}
    >
      <p className={dialog.lead}>
        Each is closed with what it holds now; later activity opens a new alert. The reason and note are kept with each
        of them. You can undo it for a day, as long as nothing came of it.
      </p>
      <Field label="Reason" required>
        <RadioGroup value={reason} onChange={(_, data) => setReason(data.value as Schemas['DismissReason'])}>
          {REASONS.map((one) => (
            <Radio key={one} value={one} label={DISMISS_REASON[one]} />
          ))}
        </RadioGroup>
      </Field>
      <NoteField note={note} required={reason === 'other'} onNote={setNote} />
    </ActDialog>
  );
}

function ConfirmMany({ count, onAct, onClose }: DialogProps) {
  const [note, setNote] = useState('');
  return (
    <ActDialog
      title={title('Confirm', count)}
      act="Confirm"
      ready
      failure={null}
      onSubmit={() => onAct({ kind: 'confirm', note: note.trim() })}
      onClose={onClose}
    >
      <p className={dialog.lead}>You say that each of them needs work. They stay open and go on gathering activity.</p>
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  );
}

function AssignMany({ count, onAct, onClose }: DialogProps) {
  const { user } = useViewer();
  const [to, setTo] = useState(user);
  const { data, error } = useAssignees(true);
  const others = data?.assignees.filter((one) => one !== user) ?? [];
  return (
    <ActDialog
      title={title('Assign', count)}
      act="Assign"
      ready
      failure={error && <ActFailed title="Who may be given alerts is not known" error={error} />}
      onSubmit={() => onAct({ kind: 'assign', to })}
      onClose={onClose}
    >
      <p className={dialog.lead}>It says who works on them. Others may still decide.</p>
      <Field label="To">
        <Select value={to} onChange={(_, chosen) => setTo(chosen.value)}>
          <option value={user}>Me ({user})</option>
          {others.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
          <option value="">Nobody</option>
        </Select>
      </Field>
    </ActDialog>
  );
}
