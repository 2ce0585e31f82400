import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { ActWithReason } from '../people/reason_dialog';
import { useMay, useViewer } from '../session/session';
import { Differences } from './differences';
import { useDecideList, useListChange, type ListChange, type ListStep } from './list_calls';
import styles from './lists.module.css';
import { DECISION_WORD, entriesInWords, STEPS } from './words';

// Who changed the list, when and why, what differed, and what can be done about it.
export function ListHistory({ list, changes }: { list: string; changes: readonly ListChange[] }) {
  return (
    <section className={styles.part} aria-labelledby="list-history">
      <h2 id="list-history">Changes</h2>
      {changes.length === 0 && (
        <Empty title="Nothing was changed here yet">Every change is kept, with who asked, who agreed and why.</Empty>
      )}
      {changes.length > 0 && (
        <TableFrame label="Changes">
          <table className={table.table} aria-label="Changes">
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Asked for</th>
                <th scope="col">Decision</th>
                <th scope="col">Acts</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <ChangeRow key={change.number} list={list} change={change} changes={changes} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

type RowProps = { list: string; change: ListChange; changes: readonly ListChange[] };

function ChangeRow({ list, change, changes }: RowProps) {
  const [open, setOpen] = useState(false);
  const undone = changes.find(
    ({ undoes, decision }) => undoes === change.number && decision !== 'rejected' && decision !== 'withdrawn',
  );
  return (
    <>
      <tr>
        <th scope="row">
          {change.number}
          {change.undoes !== null && <span className={styles.words}>Takes change {change.undoes} back</span>}
          <span className={styles.words}>
            {entriesInWords(change.entries_set)} written, {change.entries_removed.toLocaleString()} taken out
          </span>
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide what differs' : 'What differs'}
          </Button>
        </th>
        <td>
          <RecordText text={change.asked_by} />, <Timestamp at={change.asked_at} />
          <span className={styles.words}>
            <RecordText text={change.reason} />
          </span>
        </td>
        <td>
          {DECISION_WORD[change.decision]}
          {undone && <span className={styles.words}>Taken back by change {undone.number}</span>}
          {change.decided_by && (
            <span className={styles.words}>
              <RecordText text={change.decided_by} />
              {change.decided_reason && (
                <>
                  : <RecordText text={change.decided_reason} />
                </>
              )}
            </span>
          )}
        </td>
        <td>
          <ChangeActs list={list} change={change} undone={undone !== undefined} />
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={4}>
            <ChangeDifferences list={list} number={change.number} />
          </td>
        </tr>
      )}
    </>
  );
}

function ChangeDifferences({ list, number }: { list: string; number: number }) {
  const { data, error, isPending, refetch } = useListChange(list, number, true);
  if (isPending) return <Loading what="what differs" rows={2} />;
  if (error) return <Failed error={error} what="what differs" retry={() => void refetch()} />;
  return data.total === 0 ? <p>It never held.</p> : <Differences total={data.total} differences={data.differences} />;
}

function ChangeActs({ list, change, undone }: { list: string; change: ListChange; undone: boolean }) {
  const [step, setStep] = useState<ListStep | null>(null);
  const { user } = useViewer();
  const mayWrite = useMay('settings.write');
  const mayApprove = useMay('policies.approve');
  const own = change.asked_by === user;
  const holds = change.decision === 'agreed' || change.decision === 'not_needed';
  return (
    <span className={styles.acts}>
      {change.decision === 'waits' && mayApprove && !own && (
        <>
          <Button size="small" appearance="primary" onClick={() => setStep('approve')}>
            Approve
          </Button>
          <Button size="small" onClick={() => setStep('reject')}>
            Reject
          </Button>
        </>
      )}
      {change.decision === 'waits' && own && (
        <>
          {mayWrite && (
            <Button size="small" onClick={() => setStep('withdraw')}>
              Take back
            </Button>
          )}
          <span className={styles.words}>You asked for it: somebody else must approve.</span>
        </>
      )}
      {holds && !undone && mayWrite && (
        <Button size="small" aria-label={`Undo change ${change.number}`} onClick={() => setStep('undo')}>
          Undo…
        </Button>
      )}
      {step && <StepDialog key={step} list={list} number={change.number} step={step} onClose={() => setStep(null)} />}
    </span>
  );
}

type StepProps = { list: string; number: number; step: ListStep; onClose: () => void };

function StepDialog({ list, number, step, onClose }: StepProps) {
  const acting = useDecideList(list, number, step);
  return <ActWithReason words={STEPS[step]} acting={acting} onClose={onClose} />;
}
