import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, AUTOMATIC_HEADER, CallFailed, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Backtest = Schemas['Backtest'];
export type BacktestResult = Schemas['BacktestResult'];
export type BacktestStep = Schemas['BacktestStep'];
export type ChangeKind = Schemas['BacktestChangeKind'];
export type Diagnostic = Schemas['Diagnostic'];

export const ALERTS_A_PAGE = 50;
const WHILE_RUNNING_MS = 700;

const keyOf = (policyId: string) => ['backtest', policyId] as const;

// The draft has errors: where and what.
export class FaultyDraft extends CallFailed {
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(422, 'policy.faulty', message);
  }
}

// The viewer's newest back-test of the policy. Waiting for it keeps no session open.
export function useNewestBacktest(policyId: string) {
  const path = { policy_id: policyId };
  return useQuery({
    queryKey: keyOf(policyId),
    queryFn: () =>
      answerOf(api.GET('/policies/{policy_id}/backtests', { params: { path }, headers: AUTOMATIC_HEADER })),
    refetchInterval: ({ state }) => (state.data?.newest?.state === 'running' ? WHILE_RUNNING_MS : false),
  });
}

export function useStartBacktest(policyId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schemas['NewBacktest']) => {
      const params = { header: REQUEST_HEADER, path: { policy_id: policyId } };
      const call = api.POST('/policies/{policy_id}/backtests', { params, body });
      const answer = await call.catch(() => null);
      if (answer?.response.status === 422 && answer.error && 'diagnostics' in answer.error) {
        throw new FaultyDraft(answer.error.message, answer.error.diagnostics);
      }
      return answerOf(call);
    },
    onSuccess: (newest) => client.setQueryData(keyOf(policyId), { busy: true, newest }),
  });
}

export function useCancelBacktest(policyId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answerOf(
        api.DELETE('/policies/{policy_id}/backtests/{backtest_id}', {
          params: { header: REQUEST_HEADER, path: { policy_id: policyId, backtest_id: id } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(policyId) }),
  });
}

// Whom it is about: each page is a look of its own in the audit log, so none is fetched again by itself.
export function useBacktestPeople(run: Backtest) {
  return useMutation({
    mutationFn: ({ reason, change, page }: { reason: string; change: ChangeKind[]; page: number }) =>
      answerOf(
        api.POST('/policies/{policy_id}/backtests/{backtest_id}/people', {
          params: {
            header: REQUEST_HEADER,
            path: { policy_id: run.policy_id, backtest_id: run.id },
            query: { change, page, limit: ALERTS_A_PAGE },
          },
          body: { reason },
        }),
      ),
  });
}
