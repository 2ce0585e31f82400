import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Intake = Schemas['Intake'];
export type Kept = Schemas['Retention'];
export type KeptKind = Schemas['RetentionKindName'];
export type SwitchedIndicator = Schemas['SwitchedIndicator'];
export type NewSwitch = Schemas['NewSwitch'];

export function useIntake() {
  return useQuery({ queryKey: ['intake'], queryFn: () => answerOf(api.GET('/intake')) });
}

export function useRetention() {
  return useQuery({ queryKey: ['retention'], queryFn: () => answerOf(api.GET('/retention')) });
}

export function useSwitches() {
  return useQuery({ queryKey: ['switches'], queryFn: () => answerOf(api.GET('/switches')) });
}

export function useSetSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSwitch) => answerOf(api.POST('/switches', { params: { header: REQUEST_HEADER }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['switches'] }),
  });
}
