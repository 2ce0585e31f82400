import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type ChangedFactor = Schemas['ChangedSecondFactor'];
export type Proof = Schemas['PasswordAndCode'];

const KEY = ['second-factor'] as const;
const params = { header: REQUEST_HEADER };

export function useSecondFactor() {
  return useQuery({ queryKey: KEY, queryFn: () => answerOf(api.GET('/session/second-factor')) });
}

export function useBeginFactor() {
  return useMutation({
    mutationFn: () => answerOf(api.POST('/session/second-factor', { params })),
    // Shown once: nothing of it stays behind.
    gcTime: 0,
  });
}

const PATHS = {
  confirm: '/session/second-factor/confirm',
  renew: '/session/second-factor/recovery-codes',
  remove: '/session/second-factor/remove',
} as const;

// The answer brings a new session along: whoever asked adopts it once what is shown once was read.
export function useChangeFactor(what: keyof typeof PATHS) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Proof): Promise<ChangedFactor> => answerOf(api.POST(PATHS[what], { params, body })),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}
