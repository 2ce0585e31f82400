import { Button } from '@fluentui/react-components';
import { useState, type Ref } from 'react';
import { IndicatorTitle } from '../../shared/category/category';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { SortHeader } from '../../shared/table/sort_header';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useActivities, useActivityFields, type Activity, type ActivitySource } from './activity_calls';
import { ActivityPanel } from './activity_panel';
import { isActivityFiltered, type ActivityFilter } from './activity_filter';
import { ColumnChoice } from './column_choice';
import { useColumns } from './columns';
import { ExplorerToolbar } from './explorer_toolbar';
import styles from './explorer.module.css';
import { ExportButton } from './export_button';
import { FieldValue } from './field_value';

type Props = {
  source: ActivitySource;
  filter: ActivityFilter;
  onChange: (part: Partial<ActivityFilter>) => void;
  ref: Ref<HTMLElement>;
};

const NUMBERS = new Set(['file.size', 'candor.sensitive_info.count', 'source.port']);

// The activities one by one.
export function Explorer({ source, filter, onChange, ref }: Props) {
  const fields = useActivityFields();
  const { columns, choose } = useColumns(fields.data?.fields ?? []);
  const activities = useActivities(source, filter, columns, fields.data !== undefined);
  const [open, setOpen] = useState<Activity | null>(null);
  const rows = activities.data?.pages.flatMap((page) => page.activities) ?? [];
  const error = fields.error ?? activities.error;
  const retry = () => void (fields.error ? fields.refetch() : activities.refetch());

  return (
    <section ref={ref} tabIndex={-1} aria-labelledby="explorer-title" className={styles.explorer}>
      <div className={styles.head}>
        <h2 id="explorer-title">Activity explorer</h2>
        <div className={styles.tools}>
          {fields.data && <ColumnChoice fields={fields.data.fields} columns={columns} onChoose={choose} />}
          <ExportButton source={source} filter={filter} columns={columns} />
        </div>
      </div>
      <ExplorerToolbar ofAlert={'alertId' in source} filter={filter} onChange={onChange} />
      {!error && activities.isPending && <Loading what="activities" rows={8} />}
      {error && <Failed error={error} what="the activities" retry={retry} />}
      {!error && activities.data && rows.length === 0 && <NoActivities filter={filter} onChange={onChange} />}
      {!error && rows.length > 0 && (
        <div aria-busy={activities.isPlaceholderData} className={activities.isPlaceholderData ? styles.old : undefined}>
          <TableFrame label="Activities">
            <table className={`${table.table} ${styles.table}`} aria-labelledby="explorer-title" data-testid="explorer">
              <thead>
                <tr>
                  <SortHeader
                    label="Time"
                    column="time"
                    sort={filter.sort}
                    onSort={(sort) => onChange({ sort: sort === 'time' ? 'time' : '-time' })}
                  />
                  <th scope="col">Operation</th>
                  <th scope="col">Indicators</th>
                  {columns.map((column) => (
                    <th key={column} scope="col" className={NUMBERS.has(column) ? table.number : undefined}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((activity) => (
                  <ActivityRow
                    key={activity.id}
                    activity={activity}
                    columns={columns}
                    onOpen={() => setOpen(activity)}
                  />
                ))}
              </tbody>
            </table>
          </TableFrame>
          <div className={table.pager}>
            <span aria-live="polite">
              {rows.length.toLocaleString()} {rows.length === 1 ? 'activity' : 'activities'}
              {activities.hasNextPage ? ' so far' : ', all that match'}
            </span>
            {activities.hasNextPage && (
              <Button disabled={activities.isFetchingNextPage} onClick={() => void activities.fetchNextPage()}>
                {activities.isFetchingNextPage ? 'Loading…' : 'Load more'}
              </Button>
            )}
          </div>
        </div>
      )}
      {open && <ActivityPanel source={source} activity={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function ActivityRow({
  activity,
  columns,
  onOpen,
}: {
  activity: Activity;
  columns: readonly string[];
  onOpen: () => void;
}) {
  return (
    <tr className={activity.in_alert ? styles.counted : undefined}>
      <td className={table.nowrap}>
        <Timestamp at={activity.time} seconds />
      </td>
      <th scope="row" className={styles.text}>
        <button type="button" className={styles.open} onClick={onOpen}>
          <RecordText text={activity.operation} truncate />
        </button>
      </th>
      <td className={styles.text}>
        {activity.indicators.map((indicator) => (
          <div key={indicator.name} className={styles.indicator}>
            <IndicatorTitle indicator={indicator} />
          </div>
        ))}
      </td>
      {columns.map((column) => (
        <td key={column} className={NUMBERS.has(column) ? table.number : styles.text}>
          <FieldValue name={column} value={activity.values[column]} truncate />
        </td>
      ))}
    </tr>
  );
}

function NoActivities({ filter, onChange }: { filter: ActivityFilter; onChange: Props['onChange'] }) {
  if (isActivityFiltered(filter)) {
    const clear = () => onChange({ categories: [], indicator: null, from: null, to: null });
    return (
      <Empty title="No activity matches" action={<Button onClick={clear}>Clear the filter</Button>}>
        Nothing in this scope fits the filter.
      </Empty>
    );
  }
  return (
    <Empty
      title="No activity here"
      action={filter.scope !== 'all' && <Button onClick={() => onChange({ scope: 'all' })}>Show everything</Button>}
    >
      There is none in this scope. Those of earlier times may be gone: the page Intake and switches says how long they
      are kept.
    </Empty>
  );
}
