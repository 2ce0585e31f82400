import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type CaseNotice = Schemas['CaseNotice'];

const at = (caseId: string) => ({ params: { header: REQUEST_HEADER, path: { case_id: caseId } } });

export function useCaseNotices(caseId: string) {
  return useQuery({
    queryKey: ['case', caseId, 'notices'],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/notices', { params: { path: { case_id: caseId } } })),
    // What waits is on its way: what became of it shows by itself, for half a minute. Each look is in the audit log.
    refetchInterval: ({ state }) =>
      state.dataUpdateCount < 10 && state.data?.notices.some((one) => one.state === 'waiting') ? 3_000 : false,
  });
}

export function useNoticeTemplates(enabled = true) {
  return useQuery({
    queryKey: ['notice templates'],
    queryFn: () => answerOf(api.GET('/notice-templates')),
    enabled,
  });
}

// Each look is in the audit log: it is asked for once a choice.
export function useNoticePreview(caseId: string, template: string) {
  return useQuery({
    queryKey: ['notice preview', caseId, template],
    queryFn: () =>
      answerOf(
        api.GET('/cases/{case_id}/notices/preview', { params: { path: { case_id: caseId }, query: { template } } }),
      ),
    enabled: template !== '',
    gcTime: 0,
    staleTime: Infinity,
  });
}

export function useSendNotice(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CaseNoticeSend']) =>
      answerOf(api.POST('/cases/{case_id}/notices', { ...at(caseId), body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['case'] }),
  });
}

export function useTestNotice(caseId: string) {
  return useMutation({
    mutationFn: (template: string) =>
      answerOf(api.POST('/cases/{case_id}/notices/test', { ...at(caseId), body: { template } })),
  });
}

export function useAnsweredNotice(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) =>
      answerOf(
        api.POST('/cases/{case_id}/notices/{number}/answered', {
          params: { header: REQUEST_HEADER, path: { case_id: caseId, number } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['case'] }),
  });
}
