import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Attestation = Schemas['Attestation'];

export function useAttestations() {
  return useQuery({ queryKey: ['attestations'], queryFn: () => answerOf(api.GET('/attestations')) });
}

export function useAttest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['AttestationOrder']) =>
      answerOf(api.POST('/attestations', { params: { header: REQUEST_HEADER }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['attestations'] }),
  });
}
