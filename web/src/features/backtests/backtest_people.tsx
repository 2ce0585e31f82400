import { Button, Field, Select } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { shownPoints } from '../../shared/points/points';
import { ActFailed } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ReasonDialog } from '../people/reason_dialog';
import { useViewer } from '../session/session';
import { useBacktestPeople, type Backtest, type BacktestResult, type ChangeKind } from './backtest_calls';
import styles from './backtests.module.css';

type Shown = 'changes' | 'all';
const KINDS: Record<Shown, ChangeKind[]> = { changes: ['new', 'gone', 'changed'], all: [] };

const CHANGE_WORD: Record<ChangeKind, string> = {
  new: 'New',
  gone: 'Gone',
  changed: 'Another score',
  same: 'As it is',
};

type Props = { run: Backtest; result: BacktestResult };

// Whom the numbers are about: only for those who may read alerts, and only with a reason.
export function BacktestPeople({ run, result }: Props) {
  const { permissions } = useViewer();
  const people = useBacktestPeople(run);
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<Shown>(result.new + result.gone + result.changed > 0 ? 'changes' : 'all');
  const [reason, setReason] = useState('');
  const all = result.new + result.gone + result.changed + result.same;
  const look = (why: string, which: Shown, page: number, onSuccess?: () => void) =>
    people.mutate({ reason: why, change: KINDS[which], page }, { onSuccess });
  if (!permissions.includes('alerts.read')) {
    return <p className={styles.hint}>Whom these numbers are about is for those who may read alerts.</p>;
  }
  return (
    <section aria-labelledby="who-title" className={styles.section}>
      <h2 id="who-title">Who</h2>
      {!people.data && (
        <div className={styles.row}>
          <Button disabled={all === 0} onClick={() => setAsking(true)}>
            Show who…
          </Button>
          <span className={styles.hint}>
            {all === 0 ? 'There is nobody to show.' : 'By pseudonym, with a reason; the audit log keeps it.'}
          </span>
        </div>
      )}
      {people.data && (
        <>
          <Field label="Alerts shown" orientation="horizontal" className={styles.which}>
            <Select
              value={shown}
              disabled={people.isPending}
              onChange={(_, { value }) => {
                setShown(value as Shown);
                look(reason, value as Shown, 1);
              }}
            >
              <option value="changes">Those that would change</option>
              <option value="all">All</option>
            </Select>
          </Field>
          {people.data.alerts.length === 0 ? (
            <p className={styles.hint}>No alert would change.</p>
          ) : (
            <>
              <PeopleTable alerts={people.data.alerts} />
              <Pager
                page={people.data.page}
                limit={people.data.limit}
                total={people.data.total}
                what="alerts"
                onPage={(page) => look(reason, shown, page)}
              />
            </>
          )}
          {result.not_kept > 0 && (
            <p className={styles.hint}>{result.not_kept.toLocaleString()} more are counted, but too many to show.</p>
          )}
        </>
      )}
      {people.error && !asking && <ActFailed title="Nobody was shown" error={people.error} />}
      {asking && (
        <ReasonDialog
          title="Show who"
          act="Show"
          lead="You see pseudonyms, scores and receipts of people about whom there may be no alert."
          failed="Nobody was shown"
          error={people.error}
          isPending={people.isPending}
          onSubmit={(why) => {
            setReason(why);
            look(why, shown, 1, () => setAsking(false));
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function PeopleTable({ alerts }: { alerts: readonly Schemas['BacktestAlert'][] }) {
  return (
    <TableFrame label="Alerts of the back-test">
      <table className={table.table} aria-label="Alerts of the back-test">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Change</th>
            <th scope="col" className={table.number}>
              In force
            </th>
            <th scope="col" className={table.number}>
              Draft
            </th>
            <th scope="col">Day</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert, index) => (
            <tr key={index}>
              <th scope="row" className={table.nowrap}>
                <PersonName person={alert.person} />
              </th>
              <td className={table.nowrap}>
                {CHANGE_WORD[alert.change]}
                {alert.decided && <span className={styles.words}>was {alert.decided}</span>}
              </td>
              <Score of={alert.live} />
              <Score of={alert.draft} />
              <td className={table.nowrap}>
                <Day alert={alert} />
              </td>
              <td>
                <Why assessment={alert.draft ?? alert.live} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Score({ of }: { of: Schemas['BacktestAssessment'] | null }) {
  return <td className={table.number}>{of ? shownPoints(of.score) : '–'}</td>;
}

function Day({ alert }: { alert: Schemas['BacktestAlert'] }) {
  const day = (alert.draft ?? alert.live)?.day;
  return day ? <CalendarDay day={day} /> : null;
}

function Why({ assessment }: { assessment: Schemas['BacktestAssessment'] | null }) {
  if (!assessment) return null;
  return (
    <details>
      <summary>
        {assessment.parts.length} {assessment.parts.length === 1 ? 'part' : 'parts'}
      </summary>
      <ul className={styles.parts}>
        {assessment.parts.map((part, index) => (
          <li key={index}>
            <RecordText text={part.text} /> <span className={styles.points}>{shownPoints(part.points)} points</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
