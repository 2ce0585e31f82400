import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type Organisation = Schemas['Organisation'];
export type Section = Schemas['OrganisationSection'];
export type Fact = Schemas['OrganisationFact'];
export type Judgement = Schemas['OrganisationJudgement'];

// `at` and `section` may be '': today, and all.
export function useOrganisation(at: string, section: string) {
  const query = { ...(at && { at }), ...(section && { section }) };
  return useQuery({
    queryKey: ['organisation', at, section],
    queryFn: () => answerOf(api.GET('/organisation', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
