import { Button, Field, ProgressBar } from '@fluentui/react-components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays } from '../../shared/time/timestamp';
import type { Case } from '../cases/case_calls';
import { MembersOnly } from '../cases/members_only';
import { STATE_WORD } from '../requests/words';
import { useMay } from '../session/session';
import { AskTrace } from './ask_trace';
import { useCancelTrace, useRunTrace, useTrace, useTraces, type DataTrace, type LookRequest } from './trace_calls';
import { TraceFound } from './trace_result';
import styles from './traces.module.css';
import { START_KINDS, START_WORD } from './words';

// Where a content went: what was asked for in the case, and what came of it.
export function CaseTraceTab({ one }: { one: Case }) {
  const mayRead = useMay('requests.read');
  if (!one.is_member) return <MembersOnly one={one} what="traces" />;
  if (!mayRead) {
    return (
      <Empty title="Your role does not include traces">
        They look through what everybody did. Investigators may ask for them; a second person decides.
      </Empty>
    );
  }
  return <Traces one={one} />;
}

function Traces({ one }: { one: Case }) {
  const mayAsk = useMay('requests.write') && one.state === 'open';
  const [parameters, setParameters] = useSearchParams();
  const activity = parameters.get('activity');
  const [asking, setAsking] = useState(false);
  const { data, error, isPending, refetch } = useTraces(one.id);
  const run = useRunTrace();
  const chosen = data?.requests.find((row) => String(row.number) === parameters.get('trace'));
  const choose = (number: number) => setParameters({ tab: 'where', trace: String(number) }, { replace: true });
  const asked = (request: LookRequest) => {
    setAsking(false);
    choose(request.number);
    if (request.state === 'approved') run.mutate(request.number);
  };
  return (
    <>
      <div className={styles.head}>
        <p className={styles.words}>
          From a file, label, site or domain: by which names, archives, sticks, mails and links it went, through whose
          hands, since when. Each look is in the audit log.
        </p>
        {mayAsk && (
          <Button appearance="primary" onClick={() => setAsking(true)}>
            Ask where it went…
          </Button>
        )}
      </div>
      {mayAsk && activity !== null && (
        <p role="status" className={styles.words}>
          You come from an activity: asking begins with it.
        </p>
      )}
      {isPending && <Loading what="what was asked for" rows={3} />}
      {error && <Failed error={error} what="what was asked for" retry={() => void refetch()} />}
      {data?.requests.length === 0 && !error && <Empty title="Nobody has asked yet">Ask where something went.</Empty>}
      {data && data.requests.length > 0 && !error && (
        <Asked rows={data.requests} chosen={chosen?.number} onChoose={choose} />
      )}
      {run.error && <ActFailed title="It did not begin" error={run.error} />}
      {chosen?.may_read && <OneTrace key={chosen.number} request={chosen} isOpen={one.state === 'open'} />}
      {chosen && !chosen.may_read && (
        <p role="status" className={styles.words} data-testid="not-yet">
          {chosen.state === 'waits'
            ? 'Somebody else must agree first: it is on the page Requests.'
            : 'It may not be read: it was not agreed to, was taken back, or its days are over.'}
        </p>
      )}
      {asking && mayAsk && (
        <AskTrace
          caseId={one.id}
          from={activity === null ? undefined : { activity }}
          onAsked={asked}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

type AskedProps = { rows: readonly LookRequest[]; chosen: number | undefined; onChoose: (number: number) => void };

function Asked({ rows, chosen, onChoose }: AskedProps) {
  return (
    <TableFrame label="What was asked for">
      <table className={table.table} aria-label="What was asked for">
        <thead>
          <tr>
            <th scope="col" className={table.number}>
              No.
            </th>
            <th scope="col">Begins with</th>
            <th scope="col">Days</th>
            <th scope="col">Asked by</th>
            <th scope="col">State</th>
            <th scope="col">Look</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.number} aria-current={row.number === chosen ? 'true' : undefined}>
              <td className={table.number}>{row.number}</td>
              <th scope="row">
                <Begins request={row} />
              </th>
              <td className={table.nowrap}>
                <CalendarDays from={row.from} to={row.until} />
              </td>
              <td>{row.asked_by !== null && <RecordText text={row.asked_by} />}</td>
              <td>{STATE_WORD[row.state]}</td>
              <td>
                <Button size="small" onClick={() => onChoose(row.number)} disabled={row.number === chosen}>
                  {row.number === chosen ? 'Below' : `Open trace ${row.number}`}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Begins({ request }: { request: LookRequest }) {
  const { start } = request;
  if (start === null) return null;
  const kind = START_KINDS.find((one) => one === start.kind);
  return (
    <>
      <RecordText text={start.text} />
      {kind && <span className={styles.words}>{START_WORD[kind]}</span>}
    </>
  );
}

function OneTrace({ request, isOpen }: { request: LookRequest; isOpen: boolean }) {
  const { data, error, isPending, refetch } = useTrace(request.number);
  const run = useRunTrace();
  return (
    <section className={styles.section} aria-label={`Trace ${request.number}`}>
      <h2>Trace {request.number}</h2>
      {isPending && <Loading what="the trace" rows={4} />}
      {error && <Failed error={error} what="the trace" retry={() => void refetch()} />}
      {data?.state === 'running' && <Progress trace={data} />}
      {data && data.state !== 'running' && (
        <div className={styles.tools}>
          {isOpen ? (
            <Button disabled={run.isPending} onClick={() => run.mutate(request.number)}>
              {data.state === 'done' ? 'Look again' : 'Look where it went'}
            </Button>
          ) : (
            <p className={styles.words}>The case is closed: reopen it to look again.</p>
          )}
          {data.state === 'none' && <p className={styles.words}>What is found stays for an hour, for you only.</p>}
        </div>
      )}
      {run.error && <ActFailed title="It did not begin" error={run.error} />}
      {data?.state === 'cancelled' && <p role="status">Cancelled; there is no result.</p>}
      {data?.state === 'failed' && <p role="alert">It failed: {data.failure ?? 'nobody knows why'}.</p>}
      {data?.state === 'done' && data.result && <TraceFound trace={data} result={data.result} isOpen={isOpen} />}
    </section>
  );
}

function Progress({ trace }: { trace: DataTrace }) {
  const cancel = useCancelTrace(trace.request);
  const known = trace.total > 0;
  return (
    <section aria-label="Progress" className={styles.progress}>
      <Field
        label="Looking through what everybody did"
        validationMessage={
          known ? `${trace.done.toLocaleString()} of ${trace.total.toLocaleString()} accounts` : 'Counting accounts'
        }
        validationState="none"
      >
        <ProgressBar value={known ? trace.done / trace.total : undefined} />
      </Field>
      <Button disabled={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate()}>
        Cancel
      </Button>
    </section>
  );
}
