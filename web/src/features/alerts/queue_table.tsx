import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
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
import { columnLabel, type QueueColumn } from './queue_columns';
import { addressOfAlert, type QueueFilter } from './queue_filter';
import styles from './queue_page.module.css';
import type { QueueSelection } from './queue_selection';
import { STATUS_WORD, StatusWord } from './status';

type Props = {
  alerts: readonly AlertRow[];
  filter: QueueFilter;
  columns: readonly QueueColumn[];
  onSort: (sort: string) => void;
  // Where nothing can be done with rows, there is nothing to select.
  selecting: QueueSelection | null;
};

// What else there is about the person of a row.
function MoreAlerts({ alert: { more }, filter }: { alert: AlertRow; filter: QueueFilter }) {
  if (!more || more.total === 0) return null;
  const untold = more.total - more.alerts.length;
  return (
    <ul className={styles.more} aria-label="Further alerts of this person">
      {more.alerts.map((one) => (
        <li key={one.id}>
          <Link to={addressOfAlert(one.id, filter)}>
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

function SelectPage({ selecting }: { selecting: QueueSelection }) {
  const box = useRef<HTMLInputElement>(null);
  const { pageIs } = selecting;
  useEffect(() => {
    if (box.current) box.current.indeterminate = pageIs === 'some';
  }, [pageIs]);
  return (
    <th scope="col" className={styles.select}>
      <input
        ref={box}
        type="checkbox"
        aria-label="Select all on this page"
        checked={pageIs === 'all'}
        onChange={selecting.togglePage}
      />
    </th>
  );
}

// By what a column sorts, and where there is no room for it.
const HEADS: Record<QueueColumn, { sorts?: string; number?: boolean; room?: 'middle' | 'wide' }> = {
  severity: { sorts: 'severity' },
  score: { sorts: 'score', number: true },
  policy: { sorts: 'policy' },
  person: { room: 'middle' },
  activity: { sorts: 'last_day', room: 'middle' },
  updated: { sorts: 'updated', room: 'wide' },
  status: { sorts: 'status', room: 'middle' },
  opened: { sorts: 'created', room: 'middle' },
  assigned_to: { room: 'middle' },
  id: { room: 'middle' },
};

function Head({ column, sort, onSort }: { column: QueueColumn; sort: string; onSort: (sort: string) => void }) {
  const { sorts, number, room } = HEADS[column];
  const className = room && styles[room];
  const label = columnLabel(column);
  if (sorts) {
    return (
      <SortHeader label={label} column={sorts} sort={sort} onSort={onSort} number={number} className={className} />
    );
  }
  return (
    <th scope="col" className={className}>
      {label}
    </th>
  );
}

type CellProps = { column: QueueColumn; alert: AlertRow; filter: QueueFilter; columns: readonly QueueColumn[] };

function Cell({ column, alert, filter, columns }: CellProps) {
  switch (column) {
    case 'severity':
      return (
        <td>
          <SeverityBadge severity={alert.severity} />
        </td>
      );
    case 'score':
      return (
        <td className={table.number}>
          <span className={styles.score}>
            {shownPoints(alert.score)}
            <span className={styles.bar} aria-hidden="true">
              <span className={styles.fill} data-severity={alert.severity} style={{ width: `${alert.score}%` }} />
            </span>
          </span>
        </td>
      );
    case 'policy':
      return (
        <th scope="row">
          <Link to={addressOfAlert(alert.id, filter)} className={styles.open} data-row={alert.id}>
            <RecordText text={alert.policy.name} />
          </Link>
          {alert.in_linked_case === true && <span className={styles.linked}>In a linked case</span>}
          {alert.assigned_to && !columns.includes('assigned_to') && (
            <span className={styles.linked}>Assigned to {alert.assigned_to}</span>
          )}
          <MoreAlerts alert={alert} filter={filter} />
          <span className={styles.narrow}>
            {columns.includes('person') && <PersonName person={alert.person} />}
            {columns.includes('status') && <StatusWord status={alert.status} changed={alert.changed_after_decision} />}
          </span>
        </th>
      );
    case 'person':
      return (
        <td className={styles.middle}>
          <PersonName person={alert.person} />
        </td>
      );
    case 'activity':
      return (
        <td className={`${table.nowrap} ${styles.middle}`}>
          <CalendarDays from={alert.first_day} to={alert.last_day} />
        </td>
      );
    case 'updated':
      return (
        <td className={`${table.nowrap} ${styles.wide}`}>
          <Timestamp at={alert.updated_at} />
        </td>
      );
    case 'status':
      return (
        <td className={styles.middle}>
          <StatusWord status={alert.status} changed={alert.changed_after_decision} />
        </td>
      );
    case 'opened':
      return (
        <td className={`${table.nowrap} ${styles.middle}`}>
          <Timestamp at={alert.created_at} />
        </td>
      );
    case 'assigned_to':
      return <td className={styles.middle}>{alert.assigned_to ?? ''}</td>;
    case 'id':
      return (
        <td className={styles.middle}>
          <code title={alert.id}>{alert.id.slice(0, 8)}</code>
        </td>
      );
  }
}

// One link a row that the arrow keys know: they go from row to row, Enter opens, x selects, and with the shift key
// whatever lies between. A click anywhere on the row opens, too.
export function QueueTable({ alerts, filter, columns, onSort, selecting }: Props) {
  const { sort } = filter;
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();

  const rowOf = (link: Element | null) => alerts.find((one) => one.id === link?.getAttribute('data-row'));
  const move = (event: KeyboardEvent) => {
    const focused = rowOf(document.activeElement);
    if (event.key.toLowerCase() === 'x' && focused && selecting && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      selecting.toggle(focused, event.shiftKey);
      return;
    }
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
    void navigate(addressOfAlert(alertId, filter));
  };

  return (
    <TableFrame label="Alerts">
      <table className={table.table} aria-label="Alerts">
        <thead>
          <tr>
            {selecting && <SelectPage selecting={selecting} />}
            {columns.map((id) => (
              <Head key={id} column={id} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys bubble from the rows' links */}
        <tbody ref={body} onKeyDown={move}>
          {alerts.map((alert) => (
            <tr
              key={alert.id}
              className={styles.row}
              data-selected={selecting?.isSelected(alert) === true}
              onClick={(event) => open(event, alert.id)}
            >
              {selecting && (
                <td className={styles.select} onClick={(event) => event.stopPropagation()}>
                  <input
                    type="checkbox"
                    aria-label={`Select ${alert.person.pseudonym}, ${alert.policy.name}`}
                    checked={selecting.isSelected(alert)}
                    onChange={(event) =>
                      selecting.toggle(alert, (event.nativeEvent as Partial<globalThis.MouseEvent>).shiftKey === true)
                    }
                  />
                </td>
              )}
              {columns.map((id) => (
                <Cell key={id} column={id} alert={alert} filter={filter} columns={columns} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
