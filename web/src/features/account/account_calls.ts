import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type OwnSession = Schemas['Sessions']['sessions'][number];
export type Token = Schemas['Token'];

const SESSIONS = ['own-sessions'] as const;
const TOKENS = ['own-tokens'] as const;
const header = REQUEST_HEADER;

export function useOwnSessions() {
  return useQuery({ queryKey: SESSIONS, queryFn: () => answerOf(api.GET('/sessions')) });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (session_id: string) =>
      answerOf(api.DELETE('/sessions/{session_id}', { params: { header, path: { session_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useEndOtherSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answerOf(api.POST('/sessions/end-others', { params: { header } })),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useOwnTokens() {
  return useQuery({ queryKey: TOKENS, queryFn: () => answerOf(api.GET('/tokens')) });
}

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['TokenWish']) => answerOf(api.POST('/tokens', { params: { header }, body })),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token_id: string) =>
      answerOf(api.DELETE('/tokens/{token_id}', { params: { header, path: { token_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: TOKENS }),
  });
}

export type OwnMail = Schemas['OwnMail'];
const MAIL = ['own-mail'] as const;

export function useOwnMail() {
  return useQuery({ queryKey: MAIL, queryFn: () => answerOf(api.GET('/session/mail')) });
}

export function useSetOwnMail() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (address: string) => answerOf(api.PUT('/session/mail', { params: { header }, body: { address } })),
    onSuccess: (data) => {
      client.setQueryData(MAIL, data);
      // With an address something is usual that was off before.
      void client.invalidateQueries({ queryKey: NOTIFICATIONS });
    },
  });
}

export type OwnNotifications = Schemas['OwnNotifications'];
const NOTIFICATIONS = ['own-notifications'] as const;

export function useOwnNotifications() {
  return useQuery({ queryKey: NOTIFICATIONS, queryFn: () => answerOf(api.GET('/session/notifications')) });
}

export function useSetOwnNotifications() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewOwnNotifications']) =>
      answerOf(api.PUT('/session/notifications', { params: { header }, body })),
    onSuccess: (data) => client.setQueryData(NOTIFICATIONS, data),
  });
}
