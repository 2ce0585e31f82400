import { Button, Field, ProgressBar, Select, Switch } from '@fluentui/react-components';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import {
  FaultyDraft,
  useCancelBacktest,
  useNewestBacktest,
  useStartBacktest,
  type Backtest,
  type Diagnostic,
} from './backtest_calls';
import { BacktestNumbers } from './backtest_numbers';
import styles from './backtests.module.css';
import { DraftEditor } from './draft_editor';

const DAYS = [14, 30, 60, 90, 180, 365] as const;

// `draft`: to begin with, in place of the policy in force. `next`: shown once it was tried.
type Props = { policyId: string; yaml: string; draft?: string | null; next?: ReactNode };

// A policy, or a draft of it, on the stored past. Nothing here changes what is in force.
export function BacktestTab({ policyId, yaml, draft: first = null, next }: Props) {
  const newest = useNewestBacktest(policyId);
  const start = useStartBacktest(policyId);
  const [days, setDays] = useState(90);
  const [edits, setEdits] = useState(first !== null);
  const [draft, setDraft] = useState(first ?? yaml);
  const run = newest.data?.newest ?? null;
  const running = run?.state === 'running';
  const faults = start.error instanceof FaultyDraft ? start.error.diagnostics : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ days, ...(edits && draft !== yaml && { yaml: draft }) });
  };
  return (
    <>
      <form className={styles.form} aria-label="Try on the past" onSubmit={submit}>
        <p className={styles.lead}>
          Replays what is stored, as if this policy or a draft of it had been in force, and compares that with what the
          policy in force shows. Nothing is changed, and no alert is raised. It goes into the audit log.
        </p>
        <div className={styles.row}>
          <Field label="Days of the past">
            <Select value={String(days)} onChange={(_, { value }) => setDays(Number(value))}>
              {DAYS.map((one) => (
                <option key={one} value={one}>
                  {one} days
                </option>
              ))}
            </Select>
          </Field>
          <Switch label="Edit a draft" checked={edits} onChange={(_, { checked }) => setEdits(checked)} />
          {edits && draft !== yaml && (
            <Button appearance="subtle" onClick={() => setDraft(yaml)}>
              Back to the policy in force
            </Button>
          )}
        </div>
        {edits && <DraftEditor text={draft} diagnostics={faults} onChange={setDraft} />}
        <div className={styles.row}>
          <Button type="submit" appearance="primary" disabled={running || start.isPending || draft.trim() === ''}>
            Try it
          </Button>
        </div>
      </form>
      {start.error && <ActFailed title={titleOf(start.error)} error={start.error} />}
      {newest.isPending && <Loading what="the last result" rows={3} />}
      {newest.error && <Failed error={newest.error} what="the last result" retry={() => void newest.refetch()} />}
      {newest.data && run === null && (
        <p className={styles.hint} data-testid="nothing-tried">
          Nothing was tried yet. A result stays here for an hour.
          {newest.data.busy && ' Somebody else’s back-test is running; one runs at a time.'}
        </p>
      )}
      {run && <Outcome key={run.id} run={run} policyId={policyId} />}
      {next && start.isSuccess && run?.state === 'done' && <p>{next}</p>}
    </>
  );
}

function titleOf(error: Error): string {
  return error instanceof FaultyDraft ? 'The draft has errors' : 'It could not be tried';
}

function Outcome({ run, policyId }: { run: Backtest; policyId: string }) {
  if (run.state === 'running') return <Progress run={run} policyId={policyId} />;
  if (run.state === 'cancelled') {
    return (
      <p role="status" className={styles.hint}>
        Cancelled; there is no result.
      </p>
    );
  }
  if (run.state === 'failed' || run.result === null) {
    return (
      <p role="alert" className={styles.error}>
        The back-test failed: {run.failure ?? 'there is no result'}.
      </p>
    );
  }
  return (
    <>
      <Warnings diagnostics={run.diagnostics} />
      <BacktestNumbers run={run} result={run.result} />
    </>
  );
}

function Warnings({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  if (diagnostics.length === 0) return null;
  return (
    <ul className={styles.diagnostics} aria-label="Warnings about the draft">
      {diagnostics.map((one, index) => (
        <li key={index}>
          <span className={styles.warning}>Warning</span>
          <span>
            {one.line > 0 && `Line ${one.line}: `}
            {one.message}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Progress({ run, policyId }: { run: Backtest; policyId: string }) {
  const cancel = useCancelBacktest(policyId);
  const known = run.total > 0;
  return (
    <section aria-label="Progress" className={styles.progress}>
      <Field
        label={`Replaying ${run.days} days`}
        validationMessage={
          known ? `${run.done.toLocaleString()} of ${run.total.toLocaleString()} people` : 'Counting people'
        }
        validationState="none"
      >
        <ProgressBar value={known ? run.done / run.total : undefined} />
      </Field>
      <Button disabled={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate(run.id)}>
        Cancel
      </Button>
    </section>
  );
}
