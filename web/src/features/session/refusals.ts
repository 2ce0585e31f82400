import { CallFailed } from '../../shared/api/client';

// After too many attempts: how long to wait.
export function explained(error: Error): Error {
  if (!(error instanceof CallFailed) || error.status !== 429) return error;
  const wait = error.retryAfterSeconds === null ? 'a while' : `${error.retryAfterSeconds} seconds`;
  return new CallFailed(error.status, error.id, `Too many attempts. Wait ${wait}, then try again.`);
}
