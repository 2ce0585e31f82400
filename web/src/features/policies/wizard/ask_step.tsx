import { Button, Field, MessageBar, MessageBarBody, MessageBarTitle, Textarea } from '@fluentui/react-components';
import { Link } from 'react-router';
import type { Schemas } from '../../../shared/api/client';
import { ActFailed, Loading } from '../../../shared/states/states';
import { RecordText } from '../../../shared/text/record_text';
import { useNewestBacktest, useStartBacktest } from '../../backtests/backtest_calls';
import { BacktestNumbers } from '../../backtests/backtest_numbers';
import { useAskForPolicy, usePolicies } from '../policy_calls';
import styles from '../policies.module.css';
import { lacksInWords } from '../words';
import { STEPS, type Problem, type StepId } from './steps';

const SHORTEST_REASON = 10;
const DAYS = 90;

type Props = {
  yaml: string;
  policyId: string;
  templateId: string;
  reason: string;
  problems: readonly Problem[];
  checked: Schemas['PolicyAnswer'] | undefined;
  checking: boolean;
  checkFailed: Error | null;
  onReason: (reason: string) => void;
  onStep: (step: StepId) => void;
  onAsked: () => void;
};

// What the server says of it, what it would have shown, and the asking itself.
export function AskStep(props: Props) {
  const { yaml, reason, problems, checked, checking, checkFailed, onReason, onStep, onAsked } = props;
  const { mutate, error, isPending, data } = useAskForPolicy();
  const missing = SHORTEST_REASON - reason.trim().length;
  return (
    <div className={styles.form}>
      <div role="status">
        {checking && <Loading what="the check" rows={1} />}
        {checkFailed && <ActFailed title="It could not be checked" error={checkFailed} />}
        {!checking && problems.length > 0 && <Problems problems={problems} onStep={onStep} />}
        {!checking && problems.length === 0 && checked?.change && <Outlook change={checked.change} />}
      </div>
      <TryIt yaml={yaml} policyId={props.policyId} templateId={props.templateId} ready={problems.length === 0} />
      <Field
        label="Why"
        required
        hint={missing > 0 ? `At least ${SHORTEST_REASON} characters; ${missing} to go.` : 'Kept with the version.'}
      >
        <Textarea value={reason} maxLength={1000} rows={2} onChange={(_, { value }) => onReason(value)} />
      </Field>
      <div className={styles.acts}>
        <Button
          appearance="primary"
          disabled={isPending || missing > 0 || yaml.trim() === ''}
          onClick={() =>
            mutate({ yaml, reason: reason.trim() }, { onSuccess: (answer) => answer.change !== null && onAsked() })
          }
        >
          Ask for it
        </Button>
      </div>
      <div role="status">
        {error && <ActFailed title="Nothing was stored" error={error} />}
        {data && <Answer answer={data} />}
      </div>
    </div>
  );
}

function Problems({ problems, onStep }: { problems: readonly Problem[]; onStep: (step: StepId) => void }) {
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>It cannot be asked for yet.</MessageBarTitle>
        <ul aria-label="Faults">
          {problems.map((problem, index) => (
            <li key={index}>
              {problem.line !== undefined && problem.line > 0 && `Line ${problem.line}: `}
              <RecordText text={problem.message} />
              {problem.step !== 'ask' && (
                <>
                  {' '}
                  <Button size="small" appearance="subtle" onClick={() => onStep(problem.step)}>
                    {STEPS.find(({ id }) => id === problem.step)?.title}
                  </Button>
                </>
              )}
            </li>
          ))}
        </ul>
      </MessageBarBody>
    </MessageBar>
  );
}

type Change = NonNullable<Schemas['PolicyAnswer']['change']>;

function Outlook({ change }: { change: Change }) {
  if (!change.changes) return <p className={styles.note}>It says what is in force already: nothing would change.</p>;
  return (
    <MessageBar intent={change.lacks.length > 0 ? 'warning' : 'info'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {change.lacks.length > 0
            ? `It would be a draft that scores nobody: its lawful start lacks ${lacksInWords(change.lacks)}.`
            : change.waits
              ? 'It would wait for a second person.'
              : 'It would be in force from today on.'}
        </MessageBarTitle>
        {change.widens.length > 0 && (
          <ul aria-label="What a second person has to agree to">
            {change.widens.map((one) => (
              <li key={one}>
                <RecordText text={one} />
              </li>
            ))}
          </ul>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}

type TryProps = { yaml: string; policyId: string; templateId: string; ready: boolean };

// On the past of a policy that is there: its own, or that of the template it came from.
function TryIt({ yaml, policyId, templateId, ready }: TryProps) {
  const policies = usePolicies();
  const known = policies.data?.policies.map(({ id }) => id) ?? [];
  const base = [policyId, templateId].find((id) => known.includes(id));
  if (policies.data && base === undefined)
    return (
      <p className={styles.note}>
        It can be tried on the past once it is stored: until somebody agrees to it, it is in shadow, and its page tells
        what it would have shown.
      </p>
    );
  return base === undefined ? null : <TryOn key={base} base={base} yaml={yaml} own={base === policyId} ready={ready} />;
}

function TryOn({ base, yaml, own, ready }: { base: string; yaml: string; own: boolean; ready: boolean }) {
  const start = useStartBacktest(base);
  const newest = useNewestBacktest(base);
  const run = start.isSuccess ? (newest.data?.newest ?? null) : null;
  return (
    <section aria-label="On the past" className={styles.rows}>
      <div className={styles.acts}>
        <Button
          disabled={!ready || start.isPending || run?.state === 'running'}
          onClick={() => start.mutate({ days: DAYS, yaml })}
        >
          Try it on the last {DAYS} days
        </Button>
        {!own && <span className={styles.note}>Compared with {base}, which is in force.</span>}
      </div>
      {start.error && <ActFailed title="It could not be tried" error={start.error} />}
      {run?.state === 'running' && <Loading what="the past" rows={2} />}
      {run?.state === 'failed' && <p role="alert">The back-test failed: {run.failure ?? 'there is no result'}.</p>}
      {run?.state === 'done' && run.result && <BacktestNumbers run={run} result={run.result} />}
    </section>
  );
}

function Answer({ answer }: { answer: Schemas['PolicyAnswer'] }) {
  const { change, diagnostics } = answer;
  if (change === null) {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>Nothing was stored: the file has faults.</MessageBarTitle>
          <ul>
            {diagnostics.map((fault, index) => (
              <li key={index}>
                Line {fault.line}: <RecordText text={fault.message} />
                {fault.hint && (
                  <>
                    {' '}
                    (<RecordText text={fault.hint} />)
                  </>
                )}
              </li>
            ))}
          </ul>
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent={change.lacks.length > 0 ? 'warning' : 'success'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{outcome(change)}</MessageBarTitle>{' '}
        <Link to={`/policies/${encodeURIComponent(change.policy)}`}>Open the policy</Link>
      </MessageBarBody>
    </MessageBar>
  );
}

function outcome(change: Change): string {
  if (!change.changes) return 'It says the same as before: nothing changes.';
  if (change.lacks.length > 0) return `Stored as a draft: its lawful start lacks ${lacksInWords(change.lacks)}.`;
  return change.waits ? 'Stored. It waits for a second person.' : 'In force from today on.';
}
