import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, CallFailed, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Lists = Schemas['Lists'];
export type ListInfo = Schemas['ListInfo'];
export type ListPage = Schemas['ListPage'];
export type ListEntry = Schemas['ListEntry'];
export type ListChange = Schemas['ListChange'];
export type ListWish = Schemas['ListWish'];
export type ListPlan = Schemas['ListPlan'];
export type Difference = Schemas['ListDifference'];
export type ListStep = 'approve' | 'reject' | 'withdraw' | 'undo';

export const ENTRIES_A_PAGE = 50;

export function useLists(enabled = true) {
  return useQuery({ queryKey: ['lists'], queryFn: () => answerOf(api.GET('/lists')), enabled });
}

export function useList(list: string, search: string, page: number) {
  return useQuery({
    queryKey: ['lists', list, search, page],
    queryFn: () =>
      answerOf(
        api.GET('/lists/{list}', {
          params: { path: { list }, query: { limit: ENTRIES_A_PAGE, page, ...(search && { search }) } },
        }),
      ),
    placeholderData: (before) => before,
  });
}

export function useListEntry(list: string, name: string | null) {
  return useQuery({
    queryKey: ['lists', list, 'entry', name],
    queryFn: () =>
      answerOf(api.GET('/lists/{list}/entry', { params: { path: { list }, query: { name: name ?? '' } } })),
    enabled: name !== null,
    gcTime: 0,
  });
}

export function useListChange(list: string, number: number, enabled: boolean) {
  return useQuery({
    queryKey: ['lists', list, 'change', number],
    queryFn: () =>
      answerOf(
        api.GET('/lists/{list}/changes/{list_change}', { params: { path: { list, list_change: String(number) } } }),
      ),
    enabled,
  });
}

export function usePlanList(list: string) {
  return useMutation({
    mutationFn: (body: ListWish) =>
      answerOf(api.POST('/lists/{list}/plan', { params: { header: REQUEST_HEADER, path: { list } }, body })),
  });
}

// What depends on lists is asked for anew.
function useAnew() {
  const client = useQueryClient();
  return () =>
    Promise.all(['lists', 'organisation', 'exclusions'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

export function useAskList(list: string) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ListAsked']) =>
      answerOf(api.POST('/lists/{list}/changes', { params: { header: REQUEST_HEADER, path: { list } }, body })),
    onSuccess: anew,
  });
}

export function useDecideList(list: string, number: number, step: ListStep) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (reason: string) => {
      const given = {
        params: { header: REQUEST_HEADER, path: { list, list_change: String(number) } },
        body: { reason },
      };
      switch (step) {
        case 'approve':
          return answerOf(api.POST('/lists/{list}/changes/{list_change}/approve', given));
        case 'reject':
          return answerOf(api.POST('/lists/{list}/changes/{list_change}/reject', given));
        case 'withdraw':
          return answerOf(api.POST('/lists/{list}/changes/{list_change}/withdraw', given));
        case 'undo':
          return answerOf(api.POST('/lists/{list}/changes/{list_change}/undo', given));
      }
    },
    onSuccess: anew,
  });
}

export function useTakeUp() {
  return useMutation({
    mutationFn: (reason: string) =>
      answerOf(api.POST('/lists/take-up', { params: { header: REQUEST_HEADER }, body: { reason } })),
  });
}

// While Candor opens its folder again nothing answers: asked again until something does, and nothing waits any more.
export function useTakenUp(waiting: boolean, onDone: () => void) {
  const client = useQueryClient();
  useQuery({
    queryKey: ['lists', 'taken-up'],
    enabled: waiting,
    retry: false,
    refetchInterval: 1000,
    gcTime: 0,
    queryFn: async () => {
      try {
        const lists = await answerOf(api.GET('/lists'));
        if (!lists.pending) {
          // What the page shows is from before: asked for again first, so that it never says that something waits still.
          await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'taken-up' });
          onDone();
        }
        return !lists.pending;
      } catch (failure) {
        if (failure instanceof CallFailed && failure.status > 0 && failure.status < 500) throw failure;
        return false;
      }
    },
  });
}
