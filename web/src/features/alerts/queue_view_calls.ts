import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import type { QueueColumn } from './queue_columns';
import { addressOfQueue, type QueueFilter } from './queue_filter';

export type QueueView = Schemas['QueueView'];
export type ViewParts = { name: string; sharing: QueueView['sharing']; query: string; columns: readonly QueueColumn[] };

const KEY = ['queue views'];
const PSEUDONYM = /^anon(-[0-9a-z]{4}){3}$/i;

export function useQueueViews() {
  return useQuery({ queryKey: KEY, queryFn: () => answerOf(api.GET('/queue-views')), staleTime: 60_000 });
}

// The filter as a view keeps it: where one is in the list does not belong to it, and a text that is no whole pseudonym
// might name somebody.
export function queryOfView(filter: QueueFilter): string {
  const text = PSEUDONYM.test(filter.text.trim()) ? filter.text.trim() : '';
  return addressOfQueue({ ...filter, page: 1, saved: null, text }).toString();
}
export function losesText(filter: QueueFilter): boolean {
  return filter.text.trim() !== '' && !PSEUDONYM.test(filter.text.trim());
}

const bodyOf = ({ columns, ...parts }: ViewParts) => ({ ...parts, columns: columns.join(',') });

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, parts }: { id: string | null; parts: ViewParts }) =>
      answerOf(
        id === null
          ? api.POST('/queue-views', { params: { header: REQUEST_HEADER }, body: bodyOf(parts) })
          : api.PUT('/queue-views/{view_id}', {
              params: { path: { view_id: id }, header: REQUEST_HEADER },
              body: bodyOf(parts),
            }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answerOf(api.DELETE('/queue-views/{view_id}', { params: { path: { view_id: id }, header: REQUEST_HEADER } })),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useChooseQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ columns, opensWith }: { columns: readonly QueueColumn[]; opensWith: string }) =>
      answerOf(
        api.PUT('/queue-choice', {
          params: { header: REQUEST_HEADER },
          body: { columns: columns.join(','), opens_with: opensWith },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
