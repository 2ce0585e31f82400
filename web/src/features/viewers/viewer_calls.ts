import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Viewers = Schemas['Viewers'];
export type ViewerAccount = Schemas['ViewerAccount'];
export type Unit = Schemas['Unit'];
export type PriorityGroup = Schemas['PriorityGroup'];
export type ViewerChange = Schemas['ViewerChange'];
export type UnitAct = 'approve' | 'reject' | 'withdraw';

export function useViewers() {
  return useQuery({ queryKey: ['viewers'], queryFn: () => answerOf(api.GET('/viewers')) });
}

function useAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['viewers'] });
}

export function useChangeViewer(user: string) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ViewerChangeWanted']) =>
      answerOf(api.POST('/viewers/{user}/changes', { params: { header: REQUEST_HEADER, path: { user } }, body })),
    onSuccess: anew,
  });
}

export function useDecideChange(number: number, act: UnitAct) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['ViewerChangeDecided']) => {
      const given = { params: { header: REQUEST_HEADER, path: { number } }, body };
      switch (act) {
        case 'approve':
          return answerOf(api.POST('/viewer-changes/{number}/approve', given));
        case 'reject':
          return answerOf(api.POST('/viewer-changes/{number}/reject', given));
        case 'withdraw':
          return answerOf(api.POST('/viewer-changes/{number}/withdraw', given));
      }
    },
    onSuccess: anew,
  });
}
