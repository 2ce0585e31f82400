import { Link } from 'react-router';
import { Page } from '../../shared/page/page';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, CalendarDays } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { useRereads, type Reread } from './reread_calls';
import styles from './rereads.module.css';

export default function RereadsPage() {
  const { data, error, isPending, refetch } = useRereads();
  return (
    <Page
      title="To read again"
      lead="Alerts that somebody else dismissed. Say what you would have done, before you are told why they did."
    >
      {isPending && <Loading what="what there is to read again" rows={4} />}
      {error && <Failed error={error} what="what there is to read again" retry={() => void refetch()} />}
      {data && !error && data.knows && (
        <Empty title="Nothing is given to you">
          Your role reads the audit log, which tells who dismissed what and why: a second reading is for who does not
          know.
        </Empty>
      )}
      {data && !error && !data.knows && data.rereads.length === 0 && (
        <Empty title="Nothing waits for you">A share of what others dismiss comes here, chosen by chance.</Empty>
      )}
      {data && !error && data.rereads.length > 0 && (
        <>
          <RereadsTable rereads={data.rereads} />
          {data.total > data.rereads.length && (
            <p className={styles.words}>{(data.total - data.rereads.length).toLocaleString()} more wait.</p>
          )}
        </>
      )}
    </Page>
  );
}

function RereadsTable({ rereads }: { rereads: readonly Reread[] }) {
  return (
    <TableFrame label="To read again">
      <table className={table.table} aria-label="To read again">
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">Severity</th>
            <th scope="col" className={table.number}>
              Score
            </th>
            <th scope="col">Person</th>
            <th scope="col">Activity</th>
            <th scope="col">Due</th>
          </tr>
        </thead>
        <tbody>
          {rereads.map((one) => (
            <tr key={one.alert_id}>
              <th scope="row">
                <Link to={`/rereads/${encodeURIComponent(one.alert_id)}`}>
                  <RecordText text={one.policy.name} />
                </Link>
              </th>
              <td>
                <SeverityBadge severity={one.severity} />
              </td>
              <td className={table.number}>{shownPoints(one.score)}</td>
              <td>
                <PersonName person={one.person} />
              </td>
              <td>
                <CalendarDays from={one.first_day} to={one.last_day} />
              </td>
              <td>
                <CalendarDay day={one.due} />
                {one.overdue && <strong className={styles.overdue}>Overdue</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
