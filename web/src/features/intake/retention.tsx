import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import styles from './intake.module.css';
import { useRetention, type Kept } from './intake_calls';

// How long things are kept, and what went.
export function Retention() {
  const { data, error, isPending, refetch } = useRetention();
  return (
    <section aria-labelledby="retention" className={styles.part}>
      <h2 id="retention">How long it is kept</h2>
      {isPending && <Loading what="how long things are kept" />}
      {error && <Failed error={error} what="how long things are kept" retry={() => void refetch()} />}
      {data && !error && <Runs kept={data} />}
    </section>
  );
}

function Runs({ kept }: { kept: Kept }) {
  const runs = kept.runs.filter(({ removed, held_activities }) =>
    [removed.activities, removed.raw_records, held_activities].some((count) => count > 0),
  );
  return (
    <>
      <p>
        Activities {days(kept.activity_days)}, raw records {days(kept.raw_days)}; what an open alert is about stays
        until it is closed. What had happened before this folder began on {kept.folder_began} is kept as long from that
        day on.
      </p>
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
                <th scope="col">Held by alerts</th>
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
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  );
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count.toLocaleString()} days`;
}
