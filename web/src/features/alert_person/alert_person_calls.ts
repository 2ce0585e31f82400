import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type AlertPerson = Schemas['AlertPerson'];
export type PersonInsight = Schemas['PersonInsight'];

// Each look is in the audit log, so it is not fetched again by itself.
export function useAlertPerson(alertId: string) {
  return useQuery({
    queryKey: ['alert-person', alertId],
    queryFn: () => answerOf(api.GET('/alerts/{alert_id}/person', { params: { path: { alert_id: alertId } } })),
    refetchOnWindowFocus: false,
  });
}
