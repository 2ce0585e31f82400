import { useMutation, useQuery } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { leaveFor } from './leave';

export type SignInWays = Schemas['SignInWays'];

// Kept beside the session: what is there for everybody is not forgotten when somebody signs out.
export function useSignInWays() {
  return useQuery({ queryKey: ['session', 'ways'], queryFn: () => answerOf(api.GET('/session/ways')) });
}

// Goes to the identity provider, which sends the browser back to `return_to`.
export function useBeginProviderSignIn() {
  return useMutation({
    mutationFn: (body: Schemas['ProviderSignIn']) =>
      answerOf(api.POST('/session/provider', { params: { header: REQUEST_HEADER }, body })),
    onSuccess: ({ address }) => leaveFor(address),
  });
}
