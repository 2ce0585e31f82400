import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { IndicatorTitle } from '../../shared/category/category';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ActWithReason, type ActWords } from '../people/reason_dialog';
import { useMay, useViewer } from '../session/session';
import { useExpectationAct, type Expectation, type ExpectationAct } from './expectation_calls';
import styles from './expectations.module.css';
import { STATE_WORD, TOWARDS_WORD } from './words';

const ACTS: Record<ExpectationAct, ActWords> = {
  approve: {
    title: 'Approve this expectation',
    act: 'Approve',
    lead: 'From now on it holds: what it means adds no points, and every receipt says so. What was decided stays.',
  },
  reject: { title: 'Reject this expectation', act: 'Reject', lead: 'It is dropped. Nothing changes.' },
  withdraw: {
    title: 'Withdraw this expectation',
    act: 'Withdraw',
    lead: 'What it left out counts again, from the beginning. Alerts that were decided while it held stay as they were.',
  },
};

export function ExpectationTable({ rows, withPerson }: { rows: readonly Expectation[]; withPerson: boolean }) {
  return (
    <TableFrame label="Expectations">
      <table className={table.table} aria-label="Expectations">
        <thead>
          <tr>
            <th scope="col" className={table.number}>
              No.
            </th>
            <th scope="col">What, and why</th>
            {withPerson && <th scope="col">Whom</th>}
            <th scope="col">Days</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.number}>
              <td className={table.number}>{one.number}</td>
              <th scope="row">
                <What expectation={one} />
                <span className={styles.words}>
                  because <RecordText text={one.because} />; <RecordText text={one.owner} /> answers for it
                </span>
              </th>
              {withPerson && (
                <td>
                  <Whom expectation={one} />
                </td>
              )}
              <td className={table.nowrap}>
                <CalendarDays from={one.from} to={one.until} />
                {one.ends_soon && <span className={styles.soon}>Ends within 14 days</span>}
              </td>
              <td>
                {STATE_WORD[one.state]}
                <span className={styles.words}>
                  asked by <RecordText text={one.created_by} />
                  {one.decided_by !== '' && (
                    <>
                      , decided by <RecordText text={one.decided_by} />
                    </>
                  )}
                </span>
                <Acts expectation={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function What({ expectation }: { expectation: Expectation }) {
  const { indicators, towards, destinations } = expectation;
  return (
    <>
      {indicators.length === 0
        ? 'Anything'
        : indicators.map((one) => <IndicatorTitle key={one.name} indicator={one} />)}
      <span className={styles.words}>
        {towards === 'anything' ? (
          TOWARDS_WORD.anything
        ) : (
          <>
            only to the {TOWARDS_WORD[towards]} <RecordText text={destinations.join(', ')} />
          </>
        )}
      </span>
    </>
  );
}

function Whom({ expectation }: { expectation: Expectation }) {
  const { whom, person, alert_id, attribute, value, policy_id } = expectation;
  return (
    <>
      {whom === 'person' && (person ? <PersonName person={person} /> : 'One person')}
      {whom === 'group' && <RecordText text={`${attribute}: ${value}`} />}
      {whom === 'everyone' && 'Everyone it scores'}
      {alert_id && (
        <span className={styles.words}>
          <Link to={`/alerts/${encodeURIComponent(alert_id)}`}>The alert</Link>
        </span>
      )}
      {policy_id && (
        <span className={styles.words}>
          only under <Link to={`/policies/${encodeURIComponent(policy_id)}`}>{policy_id}</Link>
        </span>
      )}
    </>
  );
}

function Acts({ expectation }: { expectation: Expectation }) {
  const [open, setOpen] = useState<ExpectationAct | null>(null);
  const mayApprove = useMay('policies.approve');
  const mayDecide = useMay('alerts.decide');
  const { user } = useViewer();
  const { state, created_by, owner } = expectation;
  const own = created_by === user || owner === user;
  const agreed = state === 'holds' || state === 'planned' || state === 'ended';
  return (
    <span className={styles.acts}>
      {state === 'waits' && mayApprove && !own && (
        <Button size="small" appearance="primary" onClick={() => setOpen('approve')}>
          Approve
        </Button>
      )}
      {state === 'waits' && mayApprove && (
        <Button size="small" onClick={() => setOpen('reject')}>
          Reject
        </Button>
      )}
      {state === 'waits' && own && <span className={styles.words}>Somebody else must approve it.</span>}
      {agreed && mayDecide && (
        <Button size="small" onClick={() => setOpen('withdraw')}>
          Withdraw
        </Button>
      )}
      {open && <ActOn key={open} expectation={expectation} act={open} onClose={() => setOpen(null)} />}
    </span>
  );
}

type ActOnProps = { expectation: Expectation; act: ExpectationAct; onClose: () => void };

function ActOn({ expectation, act, onClose }: ActOnProps) {
  const acting = useExpectationAct(expectation.number, act);
  return <ActWithReason words={ACTS[act]} acting={acting} onClose={onClose} />;
}
