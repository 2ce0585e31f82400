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
  // The viewer whose open alerts are shown, '' for those that nobody was given, null for all.
  assigned: string | null;
  inCase: boolean | null;
  // Days (UTC), both ends among them; null: no end.
  openedFrom: string | null;
  openedUntil: string | null;
  activeFrom: string | null;
  activeUntil: string | null;
  // The saved view it began with, whose columns it has.
  saved: string | null;
  page: number;
};

const DAYS = [
  ['openedFrom', 'opened_from'],
  ['openedUntil', 'opened_until'],
  ['activeFrom', 'active_from'],
  ['activeUntil', 'active_until'],
] as const;

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
const LONGEST_USER = 64;
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
    assigned: parameters.has('unassigned')
      ? ''
      : ((parameters.get('assigned_to') || null)?.slice(0, LONGEST_USER) ?? null),
    inCase: { true: true, false: false }[parameters.get('in_case') ?? ''] ?? null,
    ...daysOf(parameters),
    saved: /^[0-9a-f]{32}$/.exec(parameters.get('saved') ?? '')?.[0] ?? null,
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  };
}

// Days that are none are left out, and an end before its beginning.
function daysOf(parameters: URLSearchParams) {
  const day = (name: string) => {
    const text = parameters.get(name) ?? '';
    return /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(text) && isDay(text) ? text : null;
  };
  const range = (from: string | null, until: string | null) => (from && until && until < from ? null : until);
  const openedFrom = day('opened_from');
  const activeFrom = day('active_from');
  return {
    openedFrom,
    openedUntil: range(openedFrom, day('opened_until')),
    activeFrom,
    activeUntil: range(activeFrom, day('active_until')),
  };
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
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
  if (filter.assigned === '') parameters.set('unassigned', 'true');
  else if (filter.assigned !== null) parameters.set('assigned_to', filter.assigned);
  if (filter.inCase !== null) parameters.set('in_case', String(filter.inCase));
  for (const [part, name] of DAYS) {
    const day = filter[part];
    if (day !== null) parameters.set(name, day);
  }
  if (filter.saved !== null) parameters.set('saved', filter.saved);
  if (filter.page !== 1) parameters.set('page', String(filter.page));
  return parameters;
}

export function isFiltered(filter: QueueFilter): boolean {
  return (
    filter.severities.length > 0 ||
    filter.policy !== null ||
    filter.text !== '' ||
    filter.massEvent !== null ||
    hasMoreFilters(filter)
  );
}

// Those that are out of sight unless asked for.
export function hasMoreFilters(filter: QueueFilter): boolean {
  return filter.assigned !== null || filter.inCase !== null || DAYS.some(([part]) => filter[part] !== null);
}

// What takes every filter away and leaves the rest.
export const NO_FILTER = {
  severities: [],
  policy: null,
  text: '',
  massEvent: null,
  assigned: null,
  inCase: null,
  openedFrom: null,
  openedUntil: null,
  activeFrom: null,
  activeUntil: null,
} satisfies Partial<QueueFilter>;

// Of an alert that was opened from the queue: it carries the queue along, so that one goes on from there.
export function addressOfAlert(alertId: string, filter: QueueFilter): string {
  const queue = addressOfQueue({ ...filter, page: 1 }).toString();
  const search = queue ? `?${new URLSearchParams({ queue })}` : '';
  return `/alerts/${encodeURIComponent(alertId)}${search}`;
}

// The parameters of GET /alerts.
export function alertQueryOf(filter: QueueFilter) {
  return {
    sort: filter.sort,
    page: filter.page,
    limit: PAGE_LIMIT,
    ...(filter.rows === 'people' && { by_person: true }),
    ...alertFilterOf(filter),
  };
}

export function alertNeighbourQueryOf(filter: QueueFilter) {
  return { sort: filter.sort, ...(filter.rows === 'people' && { by_person: true }), ...alertFilterOf(filter) };
}

// Which alerts, without their order.
export function alertFilterOf(filter: QueueFilter) {
  const statuses = QUEUE_VIEWS.find((one) => one.view === filter.view)?.statuses ?? [];
  return {
    ...(statuses.length > 0 && { status: [...statuses] }),
    ...(filter.massEvent !== null && { mass_event: filter.massEvent }),
    // What is held is told above the queue, as one.
    ...(filter.massEvent === null && filter.view === 'review' && { held: false }),
    ...(filter.severities.length > 0 && { severity: filter.severities }),
    ...(filter.policy && { policy: [filter.policy] }),
    ...(filter.text.trim() && { text: filter.text.trim() }),
    ...(filter.assigned === '' && { unassigned: true }),
    ...(filter.assigned && { assigned_to: filter.assigned }),
    ...(filter.inCase !== null && { in_case: filter.inCase }),
    ...(filter.openedFrom && { opened_from: filter.openedFrom }),
    ...(filter.openedUntil && { opened_until: filter.openedUntil }),
    ...(filter.activeFrom && { active_from: filter.activeFrom }),
    ...(filter.activeUntil && { active_until: filter.activeUntil }),
  };
}
