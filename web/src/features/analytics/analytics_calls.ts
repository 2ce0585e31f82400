import { useQuery } from '@tanstack/react-query';
import { answerOf, api, AUTOMATIC_HEADER, type Schemas } from '../../shared/api/client';

export type Analytics = Schemas['Analytics'];
export type AnalyticsResult = Schemas['AnalyticsResult'];
export type PolicyReach = AnalyticsResult['policies'][number];
export type IndicatorUse = AnalyticsResult['indicators'][number];

const WHILE_COUNTING = 1000; // milliseconds between two looks

export function useAnalytics() {
  return useQuery({
    queryKey: ['analytics'],
    queryFn: () => answerOf(api.GET('/analytics', { headers: AUTOMATIC_HEADER })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WHILE_COUNTING : false),
  });
}
