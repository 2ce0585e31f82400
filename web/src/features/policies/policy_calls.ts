import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type PolicyDetail = Schemas['Policy'];
export type LawfulStart = Schemas['LawfulStart'];
export type Act = 'approve' | 'reject' | 'pause' | 'resume' | 'retire';

export function usePolicies(enabled = true) {
  return useQuery({ queryKey: ['policies'], queryFn: () => answerOf(api.GET('/policies')), enabled });
}

export function usePolicy(policyId: string) {
  return useQuery({
    queryKey: ['policy', policyId],
    queryFn: () => answerOf(api.GET('/policies/{policy_id}', { params: { path: { policy_id: policyId } } })),
  });
}

export function usePolicyVersions(policyId: string) {
  return useQuery({
    queryKey: ['policy', policyId, 'versions'],
    queryFn: () => answerOf(api.GET('/policies/{policy_id}/versions', { params: { path: { policy_id: policyId } } })),
  });
}

// While they are counted, asked for every second.
export function useFitted(policyId: string, enabled = true) {
  return useQuery({
    queryKey: ['policy', policyId, 'fitted'],
    queryFn: () => answerOf(api.GET('/policies/{policy_id}/fitted', { params: { path: { policy_id: policyId } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1000 : false),
    enabled,
  });
}

export function usePolicyTemplates() {
  return useQuery({ queryKey: ['policy templates'], queryFn: () => answerOf(api.GET('/policies/templates')) });
}

// `number`: of the version that was looked at, for approving it.
export function usePolicyAct(policyId: string, act: Act, number: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => {
      const given = { params: { header: REQUEST_HEADER, path: { policy_id: policyId } }, body: { reason } };
      switch (act) {
        case 'approve':
          return answerOf(api.POST('/policies/{policy_id}/approve', { ...given, body: { reason, number } }));
        case 'reject':
          return answerOf(api.POST('/policies/{policy_id}/reject', given));
        case 'pause':
          return answerOf(api.POST('/policies/{policy_id}/pause', given));
        case 'resume':
          return answerOf(api.POST('/policies/{policy_id}/resume', given));
        case 'retire':
          return answerOf(api.POST('/policies/{policy_id}/retire', given));
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      await client.invalidateQueries({ queryKey: ['policy', policyId] });
    },
  });
}

// `order`: the one that was looked at; where another holds by now nothing moves, and the list is loaded again.
export function usePlacePolicy(order: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, place }: { id: string; place: number }) =>
      answerOf(
        api.POST('/policies/{policy_id}/place', {
          params: { header: REQUEST_HEADER, path: { policy_id: id } },
          body: { place, order, reason: '' },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['policies'] }),
  });
}

export function useAskForPolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewPolicy']) =>
      answerOf(api.POST('/policies', { params: { header: REQUEST_HEADER }, body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      await client.invalidateQueries({ queryKey: ['policy'] });
    },
  });
}

// What asking for it would come to; nothing is stored.
export function useCheckPolicy() {
  return useMutation({
    mutationFn: (yaml: string) =>
      answerOf(api.POST('/policies/check', { params: { header: REQUEST_HEADER }, body: { yaml } })),
  });
}
