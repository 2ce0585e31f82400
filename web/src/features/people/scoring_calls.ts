import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type PersonScoring = Schemas['PersonScoring'];
export type ScoringRequest = Schemas['ScoringRequest'];

// Where it is asked for: the page of a person, of an alert, of a case.
export type ScoringFrom = { personId: string } | { alertId: string } | { caseId: string };

function scoringOf(from: ScoringFrom): Promise<PersonScoring> {
  if ('personId' in from)
    return answerOf(api.GET('/people/{person_id}/scoring', { params: { path: { person_id: from.personId } } }));
  if ('alertId' in from)
    return answerOf(api.GET('/alerts/{alert_id}/scoring', { params: { path: { alert_id: from.alertId } } }));
  return answerOf(api.GET('/cases/{case_id}/scoring', { params: { path: { case_id: from.caseId } } }));
}

export function useScoring(from: ScoringFrom, enabled = true) {
  return useQuery({ queryKey: ['scoring', from], queryFn: () => scoringOf(from), enabled });
}

export function useWaitingScoring(enabled: boolean) {
  return useQuery({ queryKey: ['scoring'], queryFn: () => answerOf(api.GET('/scoring')), enabled });
}

function useAnew() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ['scoring', 'person', 'people', 'case', 'alert-person'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

export function useAskScoring(from: ScoringFrom) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ScoringWanted']) => {
      const header = REQUEST_HEADER;
      if ('personId' in from)
        return answerOf(
          api.POST('/people/{person_id}/scoring', { params: { header, path: { person_id: from.personId } }, body }),
        );
      if ('alertId' in from)
        return answerOf(
          api.POST('/alerts/{alert_id}/scoring', { params: { header, path: { alert_id: from.alertId } }, body }),
        );
      return answerOf(
        api.POST('/cases/{case_id}/scoring', { params: { header, path: { case_id: from.caseId } }, body }),
      );
    },
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
