import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type PackPlan = Schemas['PackPlan'];

export function usePacks() {
  return useQuery({ queryKey: ['packs'], queryFn: () => answerOf(api.GET('/packs')) });
}

export function usePack(packId: string) {
  return useQuery({
    queryKey: ['pack', packId],
    queryFn: () => answerOf(api.GET('/packs/{pack_id}', { params: { path: { pack_id: packId } } })),
  });
}

// What it would change; asked for anew each time, as what holds may have changed.
export function usePlan() {
  return useMutation({
    mutationFn: (body: Schemas['PackAsk']) =>
      answerOf(api.POST('/packs/plan', { params: { header: REQUEST_HEADER }, body })),
  });
}

export function useApplyPacks() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['PackOrder']) =>
      answerOf(api.POST('/packs/apply', { params: { header: REQUEST_HEADER }, body })),
    // Policies, indicators, settings: all of it may look different now.
    onSuccess: () => client.invalidateQueries(),
  });
}
