import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type Source = Schemas['Source'];

const EVERY_MS = 15_000;

// Asking for it keeps no session open.
export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: () => answerOf(api.GET('/sources')),
    refetchInterval: EVERY_MS,
  });
}
