import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Expectation = Schemas['Expectation'];
export type ExpectationTrial = Schemas['ExpectationTrial'];
export type ExpectationAct = 'approve' | 'reject' | 'withdraw';

const KEY = 'expectations';

// Receipts change with the next assessment; whoever looks at one then fetches it anew.
async function changed(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: [KEY] });
  await client.invalidateQueries({ queryKey: ['alert'] });
}

export function useExpectations() {
  return useQuery({ queryKey: [KEY], queryFn: () => answerOf(api.GET('/expectations')) });
}

export function useAlertExpectations(alertId: string) {
  return useQuery({
    queryKey: [KEY, alertId],
    queryFn: () => answerOf(api.GET('/alerts/{alert_id}/expectations', { params: { path: { alert_id: alertId } } })),
  });
}

export function useAddExpectation(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['AlertExpectationRequest']) =>
      answerOf(
        api.POST('/alerts/{alert_id}/expectations', {
          params: { header: REQUEST_HEADER, path: { alert_id: alertId } },
          body,
        }),
      ),
    onSuccess: () => changed(client),
  });
}

export function useTryExpectation(alertId: string) {
  return useMutation({
    mutationFn: (body: ExpectationTrial) =>
      answerOf(
        api.POST('/alerts/{alert_id}/expectations/preview', {
          params: { header: REQUEST_HEADER, path: { alert_id: alertId } },
          body,
        }),
      ),
  });
}

export function useExpectationAct(number: number, act: ExpectationAct) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => {
      const given = { params: { header: REQUEST_HEADER, path: { number: String(number) } }, body: { reason } };
      switch (act) {
        case 'approve':
          return answerOf(api.POST('/expectations/{number}/approve', given));
        case 'reject':
          return answerOf(api.POST('/expectations/{number}/reject', given));
        case 'withdraw':
          return answerOf(api.POST('/expectations/{number}/withdraw', given));
      }
    },
    onSuccess: () => changed(client),
  });
}
