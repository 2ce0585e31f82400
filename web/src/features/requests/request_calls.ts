import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type LookRequest = Schemas['LookRequest'];
export type NewLookRequest = Schemas['NewLookRequest'];
export type RequestAct = 'approve' | 'reject' | 'withdraw';
// Where somebody asks.
export type Asking = { alertId: string } | { caseId: string } | { personId: string };

export const ROWS_A_PAGE = 50;
const KEY = 'requests';

export type RequestFilter = { kind?: LookRequest['kind']; state?: LookRequest['state'] };

export function useRequests(filter: RequestFilter, page: number) {
  const query = { ...filter, page, limit: ROWS_A_PAGE };
  return useQuery({
    queryKey: [KEY, query],
    queryFn: () => answerOf(api.GET('/requests', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function useReport(number: number) {
  return useQuery({
    queryKey: ['report', number],
    queryFn: () => answerOf(api.GET('/requests/{number}/report', { params: { path: { number: String(number) } } })),
    enabled: number > 0,
  });
}

export function useAsk(asking: Asking) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewLookRequest) => {
      const header = REQUEST_HEADER;
      if ('alertId' in asking) {
        const params = { header, path: { alert_id: asking.alertId } };
        return answerOf(api.POST('/alerts/{alert_id}/requests', { params, body }));
      }
      if ('caseId' in asking) {
        const params = { header, path: { case_id: asking.caseId } };
        return answerOf(api.POST('/cases/{case_id}/requests', { params, body }));
      }
      const params = { header, path: { person_id: asking.personId } };
      return answerOf(api.POST('/people/{person_id}/requests', { params, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export function useRequestAct(number: number, act: RequestAct) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => {
      const given = { params: { header: REQUEST_HEADER, path: { number: String(number) } }, body: { reason } };
      switch (act) {
        case 'approve':
          return answerOf(api.POST('/requests/{number}/approve', given));
        case 'reject':
          return answerOf(api.POST('/requests/{number}/reject', given));
        case 'withdraw':
          return answerOf(api.POST('/requests/{number}/withdraw', given));
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [KEY] });
      await client.invalidateQueries({ queryKey: ['report', number] });
      await client.invalidateQueries({ queryKey: ['alert'] });
    },
  });
}
