import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, CalendarDays, Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ExportFile } from '../exports/export_file';
import { ActWithReason, type ActWords } from '../people/reason_dialog';
import { useRequestAct, type LookRequest, type RequestAct } from './request_calls';
import styles from './requests.module.css';
import { KIND_WORD, STATE_WORD } from './words';

const ACTS: Record<RequestAct, ActWords> = {
  approve: {
    title: 'Agree to this request',
    act: 'Agree',
    lead: 'A report, package or sheet is then there for 14 days, for whoever asked and the members of the case. A recording is yours to hand to the recorder.',
  },
  reject: {
    title: 'Reject this request',
    act: 'Reject',
    lead: 'Nothing is shown or recorded. Whoever asked may ask again with better reasons.',
  },
  withdraw: {
    title: 'Withdraw this request',
    act: 'Withdraw',
    lead: 'What was agreed to may no longer be used.',
  },
};

export function RequestTable({ rows }: { rows: readonly LookRequest[] }) {
  return (
    <TableFrame label="Requests">
      <table className={table.table} aria-label="Requests">
        <thead>
          <tr>
            <th scope="col" className={table.number}>
              No.
            </th>
            <th scope="col">What, and why</th>
            <th scope="col">Whom</th>
            <th scope="col">Days</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.number}>
              <td className={table.number}>{one.number}</td>
              <th scope="row">
                {KIND_WORD[one.kind]}
                {one.start && (
                  <span className={styles.words}>
                    Begins with: <RecordText text={one.start.text} />
                  </span>
                )}
                <span className={styles.words}>
                  <RecordText text={one.reason} />
                </span>
                <span className={styles.words}>
                  Less is not enough: <RecordText text={one.milder} />
                </span>
              </th>
              <td>
                <PersonName person={one.person} />
                <Where request={one} />
              </td>
              <td className={table.nowrap}>
                <CalendarDays from={one.from} to={one.until} />
              </td>
              <td>
                {STATE_WORD[one.state]}
                <History request={one} />
                <Acts request={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Where({ request }: { request: LookRequest }) {
  const { alert_id, case_id, policy } = request;
  return (
    <span className={styles.words}>
      {alert_id && <Link to={`/alerts/${encodeURIComponent(alert_id)}`}>The alert</Link>}
      {case_id && <Link to={`/cases/${encodeURIComponent(case_id)}`}>The case</Link>}
      {policy && (
        <>
          {alert_id && ', '}policy <RecordText text={policy.name} />
        </>
      )}
    </span>
  );
}

function History({ request }: { request: LookRequest }) {
  const { asked_by, asked_at, decided_by, decided_reason, open_until, state, withdrawn_by, withdrawn_reason } = request;
  return (
    <>
      <span className={styles.words}>
        asked {asked_by === null ? 'by the policy' : <RecordText text={`by ${asked_by}`} />},{' '}
        <Timestamp at={asked_at} />
      </span>
      {decided_by !== '' && (
        <span className={styles.words}>
          decided by <RecordText text={decided_by} />: <RecordText text={decided_reason} />
        </span>
      )}
      {withdrawn_reason !== '' && (
        <span className={styles.words}>
          withdrawn{withdrawn_by !== '' && <RecordText text={` by ${withdrawn_by}`} />}:{' '}
          <RecordText text={withdrawn_reason} />
        </span>
      )}
      {state === 'approved' && open_until !== null && (
        <span className={styles.words}>
          until <CalendarDay day={open_until} />
        </span>
      )}
    </>
  );
}

function Acts({ request }: { request: LookRequest }) {
  const [open, setOpen] = useState<RequestAct | null>(null);
  const { kind, state, may_decide, may_read, is_mine, number, case_id } = request;
  const isOpen = state === 'waits' || state === 'approved';
  return (
    <span className={styles.acts}>
      {may_read && kind === 'activity_report' && <Link to={`/requests/${number}`}>Read the report</Link>}
      {may_read && kind === 'data_trace' && case_id && (
        <Link to={`/cases/${encodeURIComponent(case_id)}?tab=where&trace=${number}`}>See where it went</Link>
      )}
      {may_read && kind === 'investigation_package' && (
        <Save path={`/requests/${number}/package`} name={`candor-package-${number}.zip`} act="Save the package" />
      )}
      {may_read && kind === 'content' && (
        <Save path={`/requests/${number}/content-sheet`} name={`candor-content-${number}.json`} act="Save the sheet" />
      )}
      {may_decide && (
        <>
          <Button size="small" appearance="primary" onClick={() => setOpen('approve')}>
            Agree
          </Button>
          <Button size="small" onClick={() => setOpen('reject')}>
            Reject
          </Button>
        </>
      )}
      {state === 'waits' && is_mine && <span className={styles.words}>Somebody else must agree.</span>}
      {isOpen && (is_mine || (state === 'approved' && !may_decide)) && (
        <Button size="small" onClick={() => setOpen('withdraw')}>
          Withdraw
        </Button>
      )}
      {open && <ActOn key={open} request={request} act={open} onClose={() => setOpen(null)} />}
    </span>
  );
}

function Save({ path, name, act }: { path: string; name: string; act: string }) {
  return <ExportFile act={act} busy="Making it…" size="small" file={{ path, name }} failed="Nothing was saved" />;
}

type ActOnProps = { request: LookRequest; act: RequestAct; onClose: () => void };

function ActOn({ request, act, onClose }: ActOnProps) {
  const acting = useRequestAct(request.number, act);
  return <ActWithReason words={ACTS[act]} acting={acting} onClose={onClose} />;
}
