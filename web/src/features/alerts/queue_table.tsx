import { useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { shownPoints } from '../../shared/points/points';
import { SEVERITY_WORD, SeverityBadge } from '../../shared/severity/severity';
import { SortHeader } from '../../shared/table/sort_header';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays, Timestamp } from '../../shared/time/timestamp';
import type { AlertRow } from './alert_calls';
import { PersonName } from './person';
import styles from './queue_page.module.css';
import { STATUS_WORD, StatusWord } from './status';

type Props = { alerts: readonly AlertRow[]; sort: string; onSort: (sort: string) => void };

// What else there is about the person of a row.
function MoreAlerts({ alert: { more } }: { alert: AlertRow }) {
  if (!more || more.total === 0) return null;
  const untold = more.total - more.alerts.length;
  return (
    <ul className={styles.more} aria-label="Further alerts of this person">
      {more.alerts.map((one) => (
        <li key={one.id}>
          <Link to={`/alerts/${one.id}`}>
            <RecordText text={one.policy.name} />
          </Link>{' '}
          {SEVERITY_WORD[one.severity].toLowerCase()}, {shownPoints(one.score)}
          {one.status !== 'needs_review' && `, ${STATUS_WORD[one.status].toLowerCase()}`}
        </li>
      ))}
      {untold > 0 && <li>{untold.toLocaleString()} more</li>}
    </ul>
  );
}

// One link a row that the arrow keys know: they go from row to row, Enter opens. A click anywhere on the row opens, too.
export function QueueTable({ alerts, sort, onSort }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !body.current) return;
    const links = [...body.current.querySelectorAll<HTMLAnchorElement>('a[data-row]')];
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const open = (event: MouseEvent, alertId: string) => {
    // Somebody who marks text, or asks for another tab, does not mean to open it here.
    const marking = window.getSelection()?.isCollapsed === false;
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || marking)
      return;
    void navigate(`/alerts/${alertId}`);
  };

  return (
    <TableFrame label="Alerts">
      <table className={table.table} aria-label="Alerts">
        <thead>
          <tr>
            <SortHeader label="Severity" column="severity" sort={sort} onSort={onSort} />
            <SortHeader label="Score" column="score" sort={sort} onSort={onSort} number />
            <SortHeader label="Policy" column="policy" sort={sort} onSort={onSort} />
            <th scope="col" className={styles.middle}>
              Person
            </th>
            <SortHeader label="Activity" column="last_day" sort={sort} onSort={onSort} className={styles.middle} />
            <SortHeader label="Updated" column="updated" sort={sort} onSort={onSort} className={styles.wide} />
            <SortHeader label="Status" column="status" sort={sort} onSort={onSort} className={styles.middle} />
          </tr>
        </thead>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys bubble from the rows' links */}
        <tbody ref={body} onKeyDown={move}>
          {alerts.map((alert) => (
            <tr key={alert.id} className={styles.row} onClick={(event) => open(event, alert.id)}>
              <td>
                <SeverityBadge severity={alert.severity} />
              </td>
              <td className={table.number}>
                <span className={styles.score}>
                  {shownPoints(alert.score)}
                  <span className={styles.bar} aria-hidden="true">
                    <span className={styles.fill} data-severity={alert.severity} style={{ width: `${alert.score}%` }} />
                  </span>
                </span>
              </td>
              <th scope="row">
                <Link to={`/alerts/${alert.id}`} className={styles.open} data-row>
                  <RecordText text={alert.policy.name} />
                </Link>
                {alert.in_linked_case === true && <span className={styles.linked}>In a linked case</span>}
                <MoreAlerts alert={alert} />
                <span className={styles.narrow}>
                  <PersonName person={alert.person} />
                  <StatusWord status={alert.status} changed={alert.changed_after_decision} />
                </span>
              </th>
              <td className={styles.middle}>
                <PersonName person={alert.person} />
              </td>
              <td className={`${table.nowrap} ${styles.middle}`}>
                <CalendarDays from={alert.first_day} to={alert.last_day} />
              </td>
              <td className={`${table.nowrap} ${styles.wide}`}>
                <Timestamp at={alert.updated_at} />
              </td>
              <td className={styles.middle}>
                <StatusWord status={alert.status} changed={alert.changed_after_decision} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
