import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type AlertReport = Schemas['AlertReport'];
export type AlertFigures = Schemas['AlertFigures'];
export type RereadFigures = Schemas['RereadFigures'];
export type ReportDays = { from?: string; until?: string };

export function useAlertReport(days: ReportDays) {
  return useQuery({
    queryKey: ['alert-report', days],
    queryFn: () => answerOf(api.GET('/reports/alerts', { params: { query: days } })),
    placeholderData: keepPreviousData,
  });
}
