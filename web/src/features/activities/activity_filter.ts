import type { Schemas } from '../../shared/api/client';
import { CATEGORIES, type Category } from '../../shared/category/category';

export const SCOPES = ['alert', 'matched', 'all'] as const;
export type Scope = (typeof SCOPES)[number];
export const MONTHS = [1, 3, 6] as const;
export type Months = (typeof MONTHS)[number];

// What chart and explorer show, as the address has it. Words of the product and days only, nothing out of a record.
export type ActivityFilter = {
  months: Months;
  scope: Scope;
  categories: Category[];
  indicator: string | null;
  from: string | null;
  to: string | null;
  sort: 'time' | '-time';
};

const NAMES = ['months', 'scope', 'category', 'indicator', 'from', 'to', 'sort'];
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const INDICATOR = /^[\w.-]{1,128}$/;

export function activityFilterOf(parameters: URLSearchParams): ActivityFilter {
  const indicator = parameters.get('indicator') ?? '';
  return {
    months: MONTHS.find((one) => String(one) === parameters.get('months')) ?? 3,
    scope: SCOPES.find((one) => one === parameters.get('scope')) ?? 'alert',
    categories: CATEGORIES.filter((one) => parameters.getAll('category').includes(one)),
    indicator: INDICATOR.test(indicator) ? indicator : null,
    from: dayOf(parameters.get('from')),
    to: dayOf(parameters.get('to')),
    sort: parameters.get('sort') === 'time' ? 'time' : '-time',
  };
}

function dayOf(text: string | null): string | null {
  return text !== null && DAY.test(text) ? text : null;
}

// `parameters` with the filter in it; what else the address says stays.
export function withActivityFilter(parameters: URLSearchParams, filter: ActivityFilter): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  for (const name of NAMES) changed.delete(name);
  if (filter.months !== 3) changed.set('months', String(filter.months));
  if (filter.scope !== 'alert') changed.set('scope', filter.scope);
  for (const category of filter.categories) changed.append('category', category);
  if (filter.indicator) changed.set('indicator', filter.indicator);
  if (filter.from) changed.set('from', filter.from);
  if (filter.to) changed.set('to', filter.to);
  if (filter.sort === 'time') changed.set('sort', 'time');
  return changed;
}

export function isActivityFiltered(filter: ActivityFilter): boolean {
  return filter.categories.length > 0 || filter.indicator !== null || filter.from !== null || filter.to !== null;
}

// One bubble's activities: its indicator on its day, whatever it counts for.
export function filterForBubble(filter: ActivityFilter, bubble: Schemas['Bubble']): ActivityFilter {
  return {
    ...filter,
    scope: bubble.in_alert ? 'alert' : 'matched',
    categories: [],
    indicator: bubble.indicator.name,
    from: bubble.day,
    to: bubble.day,
  };
}

// A report has no receipt: whatever the address says, nothing of it is counted.
export function reportScope(filter: ActivityFilter): 'matched' | 'all' {
  return filter.scope === 'matched' ? 'matched' : 'all';
}

// The parameters of GET /alerts/{alert_id}/activities and of its CSV form.
export function activityQueryOf(filter: ActivityFilter, columns: readonly string[]) {
  return {
    scope: filter.scope,
    sort: filter.sort,
    ...(filter.categories.length > 0 && { category: filter.categories }),
    ...(filter.indicator && { indicator: [filter.indicator] }),
    ...(filter.from && { from: filter.from }),
    ...(filter.to && { to: filter.to }),
    ...(columns.length > 0 && { columns: columns.join(',') }),
  };
}
