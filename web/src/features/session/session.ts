import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { answerOf, api, CallFailed, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { leaveFor } from './leave';

export type Session = Schemas['Session'];
export type Permission = Schemas['Permission'];

// `ended`: a session was there and ended without the viewer having signed out.
export type SessionState = { is: 'in'; session: Session } | { is: 'out'; ended: boolean };

const SESSION_KEY = ['session'] as const;

export function useSessionState() {
  const client = useQueryClient();
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async (): Promise<SessionState> => {
      try {
        return { is: 'in', session: await answerOf(api.GET('/session')) };
      } catch (error) {
        if (error instanceof CallFailed && error.status === 401) return outOf(client);
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

function outOf(client: QueryClient): SessionState {
  const before = client.getQueryData<SessionState>(SESSION_KEY);
  return { is: 'out', ended: before?.is === 'in' || (before?.is === 'out' && before.ended) };
}

// Called when any answer says that nobody is signed in any more.
export function sessionEnded(client: QueryClient): void {
  setState(client, outOf(client));
}

function setState(client: QueryClient, state: SessionState): void {
  client.setQueryData(SESSION_KEY, state);
}

// Nothing a session was shown may be seen after it.
export function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
}

export const SessionContext = createContext<Session | null>(null);

export function useViewer(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('used outside of a session');
  return session;
}

export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Schemas['Credentials']) =>
      answerOf(api.POST('/session', { params: { header: REQUEST_HEADER }, body: credentials })),
    onSuccess: (session) => setState(client, { is: 'in', session }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas['PasswordChange']) =>
      answerOf(api.PUT('/session/password', { params: { header: REQUEST_HEADER }, body: change })),
    onSuccess: (session) => setState(client, { is: 'in', session }),
  });
}

// A session that came with an answer about the account, in place of the one there was.
export function useAdoptSession(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => setState(client, { is: 'in', session });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<Schemas['GoTo'] | undefined> =>
      answerOf(api.DELETE('/session', { params: { header: REQUEST_HEADER } })),
    // Whoever came by the identity provider is still signed in there.
    onSuccess: (goTo) => {
      setState(client, { is: 'out', ended: false });
      if (goTo) leaveFor(goTo.address);
    },
  });
}
