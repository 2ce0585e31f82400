import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionEnded } from '../features/session/session';
import { CallFailed } from '../shared/api/client';

// Wrong credentials, or a code that is missing, are no session that ends.
const PROOF_FAILED = ['access.wrong_credentials', 'access.code_needed'];

export function makeQueryClient(): QueryClient {
  const watch = (error: Error) => {
    if (error instanceof CallFailed && error.status === 401 && !PROOF_FAILED.includes(error.id)) sessionEnded(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        // What was refused stays refused; what did not arrive is worth a second try.
        retry: (failures, error) => failures < 1 && !isRefusal(error),
      },
    },
  });
  return client;
}

function isRefusal(error: Error): boolean {
  return error instanceof CallFailed && error.status >= 400 && error.status < 500;
}
