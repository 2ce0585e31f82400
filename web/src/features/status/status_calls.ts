import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type Status = Schemas['Status'];

const WHILE_FILLING_MS = 1000;
const USUALLY_MS = 30_000;

// Asking for it keeps no session open.
export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/status')),
    refetchInterval: ({ state }) => (state.data?.fill.state === 'running' ? WHILE_FILLING_MS : USUALLY_MS),
  });
}
