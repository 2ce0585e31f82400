import { Link } from 'react-router';
import { Failed } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { useExclusions, type DetectionGroup, type Exclusion } from './indicator_calls';
import styles from './indicators.module.css';
import { itemsInWords } from './words';

// What indicators are not about, and the groups that variants and exclusions narrow by: below the indicators.
export function Exclusions() {
  const { data, error, refetch } = useExclusions();
  if (error) return <Failed error={error} what="the exclusions" retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      {data.exclusions.length > 0 && <ExclusionTable exclusions={data.exclusions} />}
      {data.groups.length > 0 && <GroupTable groups={data.groups} />}
    </>
  );
}

function ExclusionTable({ exclusions }: { exclusions: readonly Exclusion[] }) {
  return (
    <section className={styles.part} aria-labelledby="exclusions">
      <h2 id="exclusions" className={styles.heading}>
        Exclusions
      </h2>
      <p className={styles.note}>
        Such activities are stored like any other; only matches are left out. Counts are those of the last time the
        ledger was counted.
      </p>
      <TableFrame label="Exclusions">
        <table className={table.table} aria-label="Exclusions">
          <thead>
            <tr>
              <th scope="col">Exclusion</th>
              <th scope="col">Not asked</th>
              <th scope="col">Lists</th>
              <th scope="col">Left out</th>
            </tr>
          </thead>
          <tbody>
            {exclusions.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <span className={styles.code}>{one.name}</span>
                  <span className={styles.words}>
                    <RecordText text={one.reason} />
                  </span>
                </th>
                <td>{one.all ? 'All indicators' : <Names exclusion={one} />}</td>
                <td>{listsInWords(one)}</td>
                <td>
                  <LeftOut exclusion={one} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Names({ exclusion }: { exclusion: Exclusion }) {
  return exclusion.indicators.map((one) => (
    <div key={one.name}>
      <Link to={`/indicators/${encodeURIComponent(one.name)}`}>
        <RecordText text={one.title} />
      </Link>
    </div>
  ));
}

function listsInWords({ items, groups, unless_keywords: unless }: Exclusion): string {
  const parts = [itemsInWords(items), ...groups.map((group) => `group ${group}`)].filter(Boolean);
  const lists = parts.length > 0 ? parts.join(', ') : 'Nothing';
  return unless > 0 ? `${lists}; unless one of ${unless.toLocaleString()} keywords` : lists;
}

function LeftOut({ exclusion }: { exclusion: Exclusion }) {
  if (exclusion.left_out.length === 0) return 'Nothing';
  return exclusion.left_out.map(({ indicator, activities, last_day: last }) => (
    <div key={indicator.name}>
      {activities.toLocaleString()} of <RecordText text={indicator.title} />
      {last && `, last on ${localDay(last)}`}
    </div>
  ));
}

function GroupTable({ groups }: { groups: readonly DetectionGroup[] }) {
  return (
    <section className={styles.part} aria-labelledby="detection-groups">
      <h2 id="detection-groups" className={styles.heading}>
        Detection groups
      </h2>
      <TableFrame label="Detection groups">
        <table className={table.table} aria-label="Detection groups">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Lists</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <RecordText text={one.title} /> <span className={styles.code}>{one.name}</span>
                </th>
                <td>{itemsInWords(one.items) || 'Nothing'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
