import type { Schemas } from '../../shared/api/client';
import { SEVERITIES, type Severity } from '../../shared/severity/severity';

type AlertSort = Schemas['AlertSort'];
type AlertStatus = Schemas['AlertStatus'];

// What the queue shows, as the address has it. Nothing in it names a person.
export type QueueFilter = {
  view: QueueView;
  severities: Severity[];
  policy: string | null;
  text: string;
  sort: AlertSort;
  // One row a person, or one an alert.
  rows: QueueRows;
  // Only the alerts of this mass event; null: whatever is not held in one.
  massEvent: number | null;
  page: number;
};

export type QueueRows = 'people' | 'alerts';

export type QueueView = 'review' | 'confirmed' | 'closed' | 'all';

export const QUEUE_VIEWS: readonly { view: QueueView; label: string; statuses: readonly AlertStatus[] }[] = [
  { view: 'review', label: 'Needs review', statuses: ['needs_review'] },
  { view: 'confirmed', label: 'Confirmed', statuses: ['confirmed'] },
  { view: 'closed', label: 'Closed', statuses: ['dismissed', 'resolved', 'expired', 'withdrawn'] },
  { view: 'all', label: 'All', statuses: [] },
];

export const PAGE_LIMIT = 50;
const DEFAULT_SORT: AlertSort = '-score';
const LONGEST_TEXT = 100;
const LAST_PAGE = 100_000;
const LAST_MASS_EVENT = 1_000_000_000;
const SORT_COLUMNS = ['score', 'severity', 'policy', 'status', 'first_day', 'last_day', 'created', 'updated'];

// Whatever the address says that is not understood is left out, so that an old link still opens the queue.
export function queueFilterOf(parameters: URLSearchParams): QueueFilter {
  const view = QUEUE_VIEWS.find((one) => one.view === parameters.get('view'))?.view ?? 'review';
  const sort = parameters.get('sort') ?? '';
  const page = Number(parameters.get('page') ?? '1');
  const massEvent = Number(parameters.get('mass_event') ?? '0');
  return {
    view,
    severities: SEVERITIES.filter((severity) => parameters.getAll('severity').includes(severity)),
    policy: parameters.get('policy') || null,
    text: (parameters.get('text') ?? '').slice(0, LONGEST_TEXT),
    sort: isSort(sort) ? sort : DEFAULT_SORT,
    rows: parameters.get('rows') === 'alerts' ? 'alerts' : 'people',
    massEvent: Number.isInteger(massEvent) && massEvent >= 1 && massEvent <= LAST_MASS_EVENT ? massEvent : null,
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  };
}

export function isSort(text: string): text is AlertSort {
  return SORT_COLUMNS.includes(text.replace(/^-/, ''));
}

// Only what differs from the usual is written.
export function addressOfQueue(filter: QueueFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filter.view !== 'review') parameters.set('view', filter.view);
  for (const severity of filter.severities) parameters.append('severity', severity);
  if (filter.policy) parameters.set('policy', filter.policy);
  if (filter.text) parameters.set('text', filter.text);
  if (filter.sort !== DEFAULT_SORT) parameters.set('sort', filter.sort);
  if (filter.rows !== 'people') parameters.set('rows', filter.rows);
  if (filter.massEvent !== null) parameters.set('mass_event', String(filter.massEvent));
  if (filter.page !== 1) parameters.set('page', String(filter.page));
  return parameters;
}

export function isFiltered(filter: QueueFilter): boolean {
  return filter.severities.length > 0 || filter.policy !== null || filter.text !== '' || filter.massEvent !== null;
}

// The parameters of GET /alerts.
export function alertQueryOf(filter: QueueFilter) {
  const statuses = QUEUE_VIEWS.find((one) => one.view === filter.view)?.statuses ?? [];
  return {
    sort: filter.sort,
    page: filter.page,
    limit: PAGE_LIMIT,
    ...(filter.rows === 'people' && { by_person: true }),
    ...(statuses.length > 0 && { status: [...statuses] }),
    ...(filter.massEvent !== null && { mass_event: filter.massEvent }),
    // What is held is told above the queue, as one.
    ...(filter.massEvent === null && filter.view === 'review' && { held: false }),
    ...(filter.severities.length > 0 && { severity: filter.severities }),
    ...(filter.policy && { policy: [filter.policy] }),
    ...(filter.text.trim() && { text: filter.text.trim() }),
  };
}
