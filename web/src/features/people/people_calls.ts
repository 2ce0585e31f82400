import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { showPeopleAnew } from '../alerts/alert_calls';

export const ROWS_A_PAGE = 50;

export function usePeople(page: number, enabled: boolean) {
  const query = { page, limit: ROWS_A_PAGE };
  return useQuery({
    queryKey: ['people', query],
    queryFn: () => answerOf(api.GET('/people', { params: { query } })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export type InScopeFilter = {
  severity: string;
  policy: string;
  byHand: boolean;
  text: string;
  sort: 'severity' | 'open_alerts';
};

export function useInScope({ severity, policy, byHand, text, sort }: InScopeFilter, page: number) {
  const query = {
    ...(severity === '' ? {} : { severity: [severity as Schemas['PersonInScope']['severity']] }),
    ...(policy === '' ? {} : { policy: [policy] }),
    ...(byHand ? { by_hand: true } : {}),
    ...(text === '' ? {} : { text }),
    sort,
    page,
    limit: ROWS_A_PAGE,
  };
  return useQuery({
    queryKey: ['people', 'in scope', query],
    queryFn: () => answerOf(api.GET('/people/in-scope', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function useUnresolved(page: number, enabled: boolean) {
  const query = { page, limit: ROWS_A_PAGE };
  return useQuery({
    queryKey: ['unresolved', query],
    queryFn: () => answerOf(api.GET('/accounts/unresolved', { params: { query } })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function usePerson(personId: string, at: string) {
  const query = at === '' ? {} : { at };
  return useQuery({
    queryKey: ['person', personId, at],
    queryFn: () => answerOf(api.GET('/people/{person_id}', { params: { path: { person_id: personId }, query } })),
    placeholderData: keepPreviousData,
  });
}

// The name that is typed goes in the body, and stays in no cache and no address.
export function useSearch() {
  return useMutation({
    mutationFn: (body: Schemas['PeopleSearch']) =>
      answerOf(api.POST('/people/search', { params: { header: REQUEST_HEADER }, body })),
  });
}

export function useLiftPerson(personId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewLift']) =>
      answerOf(
        api.POST('/people/{person_id}/lift', {
          params: { header: REQUEST_HEADER, path: { person_id: personId } },
          body,
        }),
      ),
    onSuccess: () => showPeopleAnew(client),
  });
}

export function useDecideOwner(account: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewOwner']) =>
      answerOf(
        api.POST('/accounts/{account_id}/owner', {
          params: { header: REQUEST_HEADER, path: { account_id: account } },
          body,
        }),
      ),
    onSuccess: () => showPeopleAnew(client),
  });
}
