import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../shared/api/client';

export function usePolicies(enabled = true) {
  return useQuery({ queryKey: ['policies'], queryFn: () => answerOf(api.GET('/policies')), enabled });
}

export function usePolicy(policyId: string) {
  return useQuery({
    queryKey: ['policy', policyId],
    queryFn: () => answerOf(api.GET('/policies/{policy_id}', { params: { path: { policy_id: policyId } } })),
  });
}
