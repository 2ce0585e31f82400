import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import styles from './intake.module.css';
import { useRetention, type Kept, type KeptKind } from './intake_calls';

const KIND_WORD: Record<KeptKind, { name: string; since: string }> = {
  undecided_alerts: { name: 'Alerts nobody decided about', since: 'when they came to wait or were last commented' },
  decided_alerts: { name: 'Decided alerts that are in no case', since: 'their last decision or change' },
  cases: { name: 'Closed cases with all they hold', since: 'when they were closed' },
  case_alerts: { name: 'Alerts of cases', since: 'with their case' },
  case_evidence: { name: 'Evidence of cases', since: 'with its case' },
  requests: { name: 'Requests to see more of a person', since: 'when they were last of use' },
  messages: { name: 'What is known of mail and webhooks that went', since: 'when they went' },
};

// How long things are kept, and what went.
export function Retention() {
  const { data, error, isPending, refetch } = useRetention();
  return (
    <section aria-labelledby="retention" className={styles.part}>
      <h2 id="retention">How long it is kept</h2>
      {isPending && <Loading what="how long things are kept" />}
      {error && <Failed error={error} what="how long things are kept" retry={() => void refetch()} />}
      {data && !error && (
        <>
          <p>
            What an open alert is about stays until it is closed; of people with an open case or on legal hold nothing
            goes. What had happened before this folder began on {data.folder_began} is kept as long from that day on.
          </p>
          <Kinds kept={data} />
          <Runs kept={data} />
        </>
      )}
    </section>
  );
}

function Kinds({ kept }: { kept: Kept }) {
  const rows = [
    { name: 'Activities', kept: days(kept.activity_days), since: 'when they happened', gone: kept.removed.activities },
    { name: 'Raw records', kept: days(kept.raw_days), since: 'when they arrived', gone: kept.removed.raw_records },
    ...kept.kinds.map(({ kind, days: count, removed }) => ({
      ...KIND_WORD[kind],
      kept: days(count),
      gone: removed,
    })),
  ];
  return (
    <TableFrame label="What is kept">
      <table className={table.table} aria-label="What is kept">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Kept</th>
            <th scope="col">Counted from</th>
            <th scope="col">Removed so far</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{row.kept}</td>
              <td>{row.since}</td>
              <td>{row.gone.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Runs({ kept }: { kept: Kept }) {
  const runs = kept.runs.filter(({ removed, held_activities, kinds }) =>
    [removed.activities, removed.raw_records, held_activities, ...kinds.map((one) => one.removed + one.held)].some(
      (count) => count > 0,
    ),
  );
  return (
    <>
      {kept.runs.length === 0 && <p>No run yet: the first one comes when the folder is opened on another day.</p>}
      {kept.runs.length > 0 && runs.length === 0 && (
        <p>Nothing had to be removed yet. Last looked on {kept.runs[0]?.day}.</p>
      )}
      {runs.length > 0 && (
        <TableFrame label="What was removed">
          <table className={table.table} aria-label="What was removed">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Activities</th>
                <th scope="col">Accounts</th>
                <th scope="col">Raw records</th>
                <th scope="col">Activities held</th>
                <th scope="col">Alerts, cases and the rest</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={`${run.day} ${run.activities_before} ${run.removed.activities}`}>
                  <th scope="row">{run.day}</th>
                  <td>
                    {run.removed.activities.toLocaleString()}
                    <span className={styles.words}>before {run.activities_before}</span>
                  </td>
                  <td>{run.removed.accounts.toLocaleString()}</td>
                  <td>{run.removed.raw_records.toLocaleString()}</td>
                  <td>
                    {run.held_activities.toLocaleString()}
                    <span className={styles.words}>of {run.held_people.toLocaleString()} people</span>
                  </td>
                  <td>
                    <RunKinds kinds={run.kinds} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  );
}

function RunKinds({ kinds }: { kinds: Kept['runs'][number]['kinds'] }) {
  const moved = kinds.filter(({ removed, held }) => removed + held > 0);
  if (moved.length === 0) return <>0</>;
  return moved.map(({ kind, removed, held }) => (
    <span key={kind} className={styles.words}>
      {KIND_WORD[kind].name}: {removed.toLocaleString()}
      {held > 0 && `, ${held.toLocaleString()} held`}
    </span>
  ));
}

function days(count: number): string {
  if (count === 0) return 'without end';
  return count === 1 ? '1 day' : `${count.toLocaleString()} days`;
}
