import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answerOf, api, AUTOMATIC_HEADER, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { alertFilterOf, type QueueFilter } from './queue_filter';

export type QueueActKind = Schemas['QueueActKind'];
export type QueueActOutcome = Schemas['QueueActOutcome'];

// What is chosen in the queue: rows one by one, or whatever the filter finds. `asOf` is when the first of it was shown:
// what changes later is not decided about.
export type Selection = { ids: ReadonlySet<string>; all: boolean; asOf: string };

export const NOTHING: Selection = { ids: new Set(), all: false, asOf: '' };
export const MOST_NAMED = 1000;

export type QueueActWanted = {
  id: string;
  kind: QueueActKind;
  reason?: Schemas['DismissReason'];
  note?: string;
  to?: string;
  selection: Selection;
  filter: QueueFilter;
  shown: number;
};

// A page that is not served over TLS has no randomUUID().
export function newActId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Whatever shows alerts, or counts them, is asked again.
function queueChanged(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}

export function useQueueAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, kind, reason, note, to, selection, filter, shown }: QueueActWanted) => {
      const body = {
        id,
        act: kind,
        as_of: selection.asOf,
        ...(reason && { reason }),
        ...(note && { note }),
        ...(to && { to }),
        ...(selection.all ? { shown } : { alerts: [...selection.ids].join(' ') }),
      };
      const query = selection.all ? alertFilterOf(filter) : {};
      return answerOf(api.POST('/queue-acts', { params: { header: REQUEST_HEADER, query }, body }));
    },
    onSettled: () => queueChanged(client),
  });
}

export function useUndoQueueAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act_id: string) =>
      answerOf(api.POST('/queue-acts/{act_id}/undo', { params: { header: REQUEST_HEADER, path: { act_id } } })),
    onSettled: () => queueChanged(client),
  });
}

// How far an act has come, asked while it is under way. At first there may be none of that id yet.
export function useQueueActProgress(actId: string | null) {
  return useQuery({
    queryKey: ['queue-act', actId],
    enabled: actId !== null,
    refetchInterval: 500,
    retry: false,
    queryFn: () =>
      answerOf(
        api.GET('/queue-acts/{act_id}', { params: { path: { act_id: actId ?? '' } }, headers: AUTOMATIC_HEADER }),
      ),
  });
}

export function useAssignees(allowed: boolean) {
  return useQuery({
    queryKey: ['assignees'],
    enabled: allowed,
    queryFn: () => answerOf(api.GET('/assignees')),
    staleTime: 60_000,
  });
}
