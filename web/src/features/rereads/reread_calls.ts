import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Reread = Schemas['Reread'];

const REREADS_KEY = 'rereads';

export function useRereads() {
  return useQuery({ queryKey: [REREADS_KEY], queryFn: () => answerOf(api.GET('/rereads')) });
}

// The alert as it was shown to whoever dismissed it. Not asked for anew by itself: once answered there is none.
export function useReread(alertId: string) {
  return useQuery({
    queryKey: [REREADS_KEY, alertId],
    queryFn: () => answerOf(api.GET('/rereads/{alert_id}', { params: { path: { alert_id: alertId } } })),
    staleTime: Infinity,
  });
}

export function useAnswerReread(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['RereadAnswer']) =>
      answerOf(
        api.POST('/rereads/{alert_id}/answer', {
          params: { header: REQUEST_HEADER, path: { alert_id: alertId } },
          body,
        }),
      ),
    onSuccess: () =>
      Promise.all(['alert', 'alerts'].map((key) => client.invalidateQueries({ queryKey: [key] }))).then(() =>
        client.invalidateQueries({ queryKey: [REREADS_KEY], exact: true }),
      ),
  });
}
