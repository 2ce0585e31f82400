import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';
import { activityQueryOf, reportScope, type ActivityFilter, type Months } from './activity_filter';

export type Activity = Schemas['Activity'];
export type Bubble = Schemas['Bubble'];

const ROWS_A_PAGE = 50;

// Whose activities are looked at: those of an alert's person, or of a report that was agreed to.
export type ActivitySource = { alertId: string } | { request: number };

const isAlert = (source: ActivitySource): source is { alertId: string } => 'alertId' in source;
// The part of an address, and of a query's key, that names it.
export function pathOf(source: ActivitySource): string {
  return isAlert(source) ? `/alerts/${encodeURIComponent(source.alertId)}` : `/requests/${source.request}`;
}

export function useActivityChart(alertId: string, months: Months) {
  return useQuery({
    queryKey: ['activity-chart', alertId, months],
    queryFn: () =>
      answerOf(
        api.GET('/alerts/{alert_id}/activity-chart', { params: { path: { alert_id: alertId }, query: { months } } }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useActivityFields() {
  return useQuery({
    queryKey: ['activity-fields'],
    queryFn: () => answerOf(api.GET('/activity-fields')),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useActivities(
  source: ActivitySource,
  filter: ActivityFilter,
  columns: readonly string[],
  enabled: boolean,
) {
  const query = activityQueryOf(filter, columns);
  return useInfiniteQuery({
    queryKey: ['activities', pathOf(source), query],
    queryFn: ({ pageParam }) => {
      const page = { ...query, limit: ROWS_A_PAGE, ...(pageParam !== null && { cursor: pageParam }) };
      if (isAlert(source)) {
        const params = { path: { alert_id: source.alertId }, query: page };
        return answerOf(api.GET('/alerts/{alert_id}/activities', { params }));
      }
      const params = { path: { number: String(source.request) }, query: { ...page, scope: reportScope(filter) } };
      return answerOf(api.GET('/requests/{number}/activities', { params }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    enabled,
  });
}

// With all its fields, not only the chosen columns.
export function useActivity(source: ActivitySource, activityId: string) {
  return useQuery({
    queryKey: ['activity', pathOf(source), activityId],
    queryFn: () => {
      const activity = { activity_id: activityId };
      if (isAlert(source)) {
        const params = { path: { alert_id: source.alertId, ...activity } };
        return answerOf(api.GET('/alerts/{alert_id}/activities/{activity_id}', { params }));
      }
      const params = { path: { number: String(source.request), ...activity } };
      return answerOf(api.GET('/requests/{number}/activities/{activity_id}', { params }));
    },
  });
}

// Only when asked for: each look is in the audit log.
export function useRawRecord(source: ActivitySource, activityId: string, asked: boolean) {
  return useQuery({
    queryKey: ['raw', pathOf(source), activityId],
    queryFn: () => {
      const activity = { activity_id: activityId };
      if (isAlert(source)) {
        const params = { path: { alert_id: source.alertId, ...activity } };
        return answerOf(api.GET('/alerts/{alert_id}/activities/{activity_id}/raw', { params }));
      }
      const params = { path: { number: String(source.request), ...activity } };
      return answerOf(api.GET('/requests/{number}/activities/{activity_id}/raw', { params }));
    },
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
