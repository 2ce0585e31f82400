import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type PersonScoring = Schemas['PersonScoring'];
export type ScoringRequest = Schemas['ScoringRequest'];

export function useScoring(personId: string) {
  return useQuery({
    queryKey: ['scoring', personId],
    queryFn: () => answerOf(api.GET('/people/{person_id}/scoring', { params: { path: { person_id: personId } } })),
  });
}

export function useWaitingScoring(enabled: boolean) {
  return useQuery({ queryKey: ['scoring'], queryFn: () => answerOf(api.GET('/scoring')), enabled });
}

function useAnew() {
  const client = useQueryClient();
  return () => Promise.all(['scoring', 'person', 'people'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

export function useAskScoring(personId: string) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ScoringWanted']) =>
      answerOf(
        api.POST('/people/{person_id}/scoring', {
          params: { header: REQUEST_HEADER, path: { person_id: personId } },
          body,
        }),
      ),
    onSuccess: anew,
  });
}

export function useStopScoring(personId: string) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ScoringStopped']) =>
      answerOf(
        api.POST('/people/{person_id}/scoring/stop', {
          params: { header: REQUEST_HEADER, path: { person_id: personId } },
          body,
        }),
      ),
    onSuccess: anew,
  });
}

export function useDecideScoring({ person_id, number }: ScoringRequest, decision: 'approve' | 'reject') {
  const anew = useAnew();
  return useMutation({
    mutationFn: (reason: string) => {
      const given = {
        params: { header: REQUEST_HEADER, path: { person_id, number: String(number) } },
        body: { reason },
      };
      return decision === 'approve'
        ? answerOf(api.POST('/people/{person_id}/scoring/{number}/approve', given))
        : answerOf(api.POST('/people/{person_id}/scoring/{number}/reject', given));
    },
    onSuccess: anew,
  });
}
