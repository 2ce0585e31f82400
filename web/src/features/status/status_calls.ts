import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type Status = Schemas['Status'];

const WHILE_FILLING_MS = 1000;
const WHILE_AWAY_MS = 5000;
const USUALLY_MS = 30_000;

// Asking for it keeps no session open.
export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/status')),
    refetchInterval: ({ state: { data } }) => {
      if (data?.fill.state === 'running') return WHILE_FILLING_MS;
      return data?.holder_away ? WHILE_AWAY_MS : USUALLY_MS;
    },
  });
}
