import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, AUTOMATIC_HEADER, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type MassEvent = Schemas['MassEvent'];

const MASS_EVENTS_KEY = 'mass_events';
const REFRESH_MS = 60_000;

export function useMassEvents() {
  const client = useQueryClient();
  return useQuery({
    queryKey: [MASS_EVENTS_KEY],
    queryFn: () => {
      // Only the first look is the viewer's own.
      const again = client.getQueryData([MASS_EVENTS_KEY]) !== undefined;
      return answerOf(api.GET('/mass-events', { headers: again ? AUTOMATIC_HEADER : {} }));
    },
    refetchInterval: REFRESH_MS,
  });
}

function useAct<T>(act: (body: T) => Promise<MassEvent>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [MASS_EVENTS_KEY] }),
        client.invalidateQueries({ queryKey: ['alerts'] }),
      ]),
  });
}

const of = (number: number) => ({ header: REQUEST_HEADER, path: { mass_event: String(number) } });

export const useRelease = (number: number) =>
  useAct((body: Schemas['PolicyActReason']) =>
    answerOf(api.POST('/mass-events/{mass_event}/release', { params: of(number), body })),
  );

export const useExplain = (number: number) =>
  useAct((body: Schemas['MassEventExplanation']) =>
    answerOf(api.POST('/mass-events/{mass_event}/explain', { params: of(number), body })),
  );
