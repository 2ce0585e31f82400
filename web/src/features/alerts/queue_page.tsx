import { Button, Input, Select, Switch, Tab, TabList } from '@fluentui/react-components';
import { DismissRegular, FilterRegular, SearchRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { SEVERITIES, type Severity } from '../../shared/severity/severity';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import { visibleText } from '../../shared/text/visible';
import { usePolicies } from '../policies/policy_calls';
import { useMay } from '../session/session';
import { FillProgress } from '../status/fill_progress';
import { useStatus } from '../status/status_calls';
import { useQueue } from './alert_calls';
import { MassEvents } from './mass_events';
import { USUAL_COLUMNS, type QueueColumn } from './queue_columns';
import {
  addressOfQueue,
  hasMoreFilters,
  isFiltered,
  isSort,
  NO_FILTER,
  PAGE_LIMIT,
  QUEUE_VIEWS,
  queueFilterOf,
  type QueueFilter,
} from './queue_filter';
import styles from './queue_page.module.css';
import { useQueueSelection } from './queue_selection';
import { QueueTable } from './queue_table';
import { useQueueViews, type QueueView } from './queue_view_calls';
import { SeverityTiles } from './severity_tiles';

// Not needed to look at the queue, so not part of what is loaded first.
const QueueActs = lazy(() => import('./queue_acts'));
const MoreFilters = lazy(() => import('./queue_more_filters'));
const QueueViewsMenu = lazy(() => import('./queue_views'));

const MOST_AT_ONCE = 10_000;

export function QueuePage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = queueFilterOf(parameters);
  const views = useQueueViews();
  const opening = useOpensWith(views);
  const queue = useQueue(filter, !opening);
  const shown = views.data?.views.find((one) => one.id === filter.saved)?.columns ?? views.data?.columns ?? [];
  const columns = shown.length > 0 ? shown : USUAL_COLUMNS;
  // A change of the filter starts at the first page again, unless it is the page that changes.
  // Two changes may come before the page is drawn again: the second goes on from the first.
  const latest = useRef(filter);
  useEffect(() => {
    latest.current = queueFilterOf(parameters);
  }, [parameters]);
  const change = (part: Partial<QueueFilter>) => {
    latest.current = { ...latest.current, page: 1, ...part };
    setParameters(addressOfQueue(latest.current));
  };
  const toggle = (severity: Severity) =>
    change({
      severities: SEVERITIES.filter((one) => filter.severities.includes(one) !== (one === severity)),
    });
  const waiting = queue.data?.needs_review;
  const mayDecide = useMay('alerts.decide');
  const listed = addressOfQueue({ ...filter, page: 1 }).toString();
  const selecting = useQueueSelection(listed, queue.data?.alerts ?? [], queue.data?.as_of ?? '');
  const { selection } = selecting;
  const matching = queue.data?.matching ?? 0;
  const selected = selection.all ? matching : selection.ids.size;
  // Once there, it stays: it tells what became of the last act.
  const [acts, setActs] = useState(false);
  const [more, setMore] = useState(false);
  if (selected > 0 && !acts) setActs(true);

  return (
    <Page
      title="Alerts"
      lead="Each alert is one person's activity under one policy. People are pseudonyms until somebody lifts one, with a reason."
    >
      <StillReading />
      <MassEvents chosen={filter.massEvent} onChoose={(massEvent) => change({ massEvent, view: 'review' })} />
      <SeverityTiles counts={waiting} chosen={filter.severities} onToggle={toggle} />
      <QueueToolbar
        key={filter.text}
        filter={filter}
        columns={columns}
        onChange={change}
        onOpen={(view) => setParameters(addressOfView(view))}
        more={more}
        onMore={setMore}
      />
      {queue.isPending && <Loading what="alerts" rows={12} />}
      {queue.error && <Failed error={queue.error} what="the alerts" retry={() => void queue.refetch()} />}
      {queue.data && !queue.error && queue.data.alerts.length === 0 && (
        <NoAlerts
          filter={filter}
          held={queue.data.held}
          onClear={() => setParameters(addressOfQueue({ ...queueFilterOf(new URLSearchParams()), view: filter.view }))}
        />
      )}
      {queue.data && !queue.error && queue.data.alerts.length > 0 && (
        <div className={queue.isPlaceholderData ? styles.old : undefined} aria-busy={queue.isPlaceholderData}>
          <QueueTable
            alerts={queue.data.alerts}
            filter={filter}
            columns={columns}
            onSort={(sort) => isSort(sort) && change({ sort })}
            selecting={mayDecide ? selecting : null}
          />
          <Pager
            page={filter.page}
            limit={PAGE_LIMIT}
            total={queue.data.total}
            // Of the rows that are shown, which while others are on their way are those of before.
            what={queue.data.alerts[0]?.more ? 'people' : 'alerts'}
            onPage={(page) => change({ page })}
          />
        </div>
      )}
      {acts && (
        <Suspense>
          <QueueActs
            selection={selection}
            selected={selected}
            matching={matching}
            most={MOST_AT_ONCE}
            filter={filter}
            onAll={selecting.all}
            onClear={selecting.clear}
          />
        </Suspense>
      )}
    </Page>
  );
}

function addressOfView(view: QueueView | null): URLSearchParams {
  const parameters = new URLSearchParams(view?.query ?? '');
  if (view) parameters.set('saved', view.id);
  return parameters;
}

// Once, where the address asks for nothing: the view the viewer has chosen. True while it is not known yet.
function useOpensWith({ data, isPending }: ReturnType<typeof useQueueViews>): boolean {
  const [parameters, setParameters] = useSearchParams();
  const [wanted, setWanted] = useState(parameters.size === 0);
  const view = data?.views.find((one) => one.id === data.opens_with);
  const isSettled = parameters.size > 0 || (!isPending && view === undefined);
  if (wanted && isSettled) setWanted(false);
  useEffect(() => {
    if (wanted && !isSettled && view) setParameters(addressOfView(view), { replace: true });
  }, [wanted, isSettled, view, setParameters]);
  return wanted && !isSettled;
}

// While the installation fills, the queue is not all there is.
function StillReading() {
  const { data } = useStatus();
  if (data?.fill.state !== 'running') return null;
  return (
    <FillProgress fill={data.fill} hint="Records are still being read in. New alerts appear below by themselves." />
  );
}

type ToolbarProps = {
  filter: QueueFilter;
  columns: readonly QueueColumn[];
  onChange: (part: Partial<QueueFilter>) => void;
  onOpen: (view: QueueView | null) => void;
  more: boolean;
  onMore: (more: boolean) => void;
};

function QueueToolbar({ filter, columns, onChange, onOpen, more, onMore }: ToolbarProps) {
  const [text, setText] = useState(filter.text);
  const showsMore = more || hasMoreFilters(filter);
  // The address follows a moment after the last key.
  useEffect(() => {
    if (text === filter.text) return;
    const timer = setTimeout(() => onChange({ text }), 300);
    return () => clearTimeout(timer);
  }, [text, filter.text, onChange]);

  return (
    <div className={styles.toolbar}>
      <TabList
        selectedValue={filter.view}
        onTabSelect={(_, data) => onChange({ view: data.value as QueueFilter['view'] })}
        aria-label="Which alerts"
        size="small"
      >
        {QUEUE_VIEWS.map(({ view, label }) => (
          <Tab key={view} value={view}>
            {label}
          </Tab>
        ))}
      </TabList>
      <div className={styles.filters}>
        <Input
          type="search"
          className={styles.search}
          aria-label="Search by pseudonym, alert or policy"
          placeholder="Pseudonym, alert or policy"
          contentBefore={<SearchRegular />}
          value={text}
          maxLength={100}
          onChange={(_, data) => setText(data.value)}
        />
        <PolicySelect chosen={filter.policy} onChoose={(policy) => onChange({ policy })} />
        <Switch
          label="One row a person"
          checked={filter.rows === 'people'}
          onChange={(_, data) => onChange({ rows: data.checked ? 'people' : 'alerts' })}
        />
        <Button
          appearance="subtle"
          icon={<FilterRegular />}
          aria-expanded={showsMore}
          disabled={hasMoreFilters(filter)}
          onClick={() => onMore(!more)}
        >
          More filters
        </Button>
        <Suspense>
          <QueueViewsMenu filter={filter} columns={columns} onOpen={onOpen} />
        </Suspense>
        {isFiltered(filter) && (
          <Button appearance="subtle" icon={<DismissRegular />} onClick={() => onChange(NO_FILTER)}>
            Clear
          </Button>
        )}
      </div>
      {showsMore && (
        <Suspense>
          <MoreFilters filter={filter} onChange={onChange} />
        </Suspense>
      )}
    </div>
  );
}

function PolicySelect({ chosen, onChoose }: { chosen: string | null; onChoose: (policy: string | null) => void }) {
  const allowed = useMay('policies.read');
  const { data } = usePolicies(allowed);
  if (!data) return null;
  return (
    <Select aria-label="Policy" value={chosen ?? ''} onChange={(_, value) => onChoose(value.value || null)}>
      <option value="">All policies</option>
      {data.policies.map((policy) => (
        <option key={policy.id} value={policy.id}>
          {visibleText(policy.name)}
        </option>
      ))}
    </Select>
  );
}

function NoAlerts({ filter, held, onClear }: { filter: QueueFilter; held: number; onClear: () => void }) {
  if (isFiltered(filter) || filter.page > 1) {
    return (
      <Empty title="No alert matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
        Nothing in this view fits what you are looking for.
      </Empty>
    );
  }
  if (filter.view === 'review' && held > 0) {
    return (
      <Empty title="Nothing else needs review">
        {held === 1 ? 'One alert is' : `${held.toLocaleString()} alerts are`} held as one, above.
      </Empty>
    );
  }
  if (filter.view === 'review') {
    return (
      <Empty title="Nothing needs review">
        No alert waits for a decision. New ones appear here as soon as a policy raises them.
      </Empty>
    );
  }
  return <Empty title="No alerts here">There are none in this view yet.</Empty>;
}
