import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';
import { activityQueryOf, type ActivityFilter, type Months } from './activity_filter';

export type Activity = Schemas['Activity'];
export type Bubble = Schemas['Bubble'];

const ROWS_A_PAGE = 50;

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

export function useActivities(alertId: string, filter: ActivityFilter, columns: readonly string[], enabled: boolean) {
  const query = activityQueryOf(filter, columns);
  return useInfiniteQuery({
    queryKey: ['activities', alertId, query],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/alerts/{alert_id}/activities', {
          params: {
            path: { alert_id: alertId },
            query: { ...query, limit: ROWS_A_PAGE, ...(pageParam !== null && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    enabled,
  });
}

// With all its fields, not only the chosen columns.
export function useActivity(alertId: string, activityId: string) {
  return useQuery({
    queryKey: ['activity', alertId, activityId],
    queryFn: () =>
      answerOf(
        api.GET('/alerts/{alert_id}/activities/{activity_id}', {
          params: { path: { alert_id: alertId, activity_id: activityId } },
        }),
      ),
  });
}

// Only when asked for: each look is in the audit log.
export function useRawRecord(alertId: string, activityId: string, asked: boolean) {
  return useQuery({
    queryKey: ['raw', alertId, activityId],
    queryFn: () =>
      answerOf(
        api.GET('/alerts/{alert_id}/activities/{activity_id}/raw', {
          params: { path: { alert_id: alertId, activity_id: activityId } },
        }),
      ),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
