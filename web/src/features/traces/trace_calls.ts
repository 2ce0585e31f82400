import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, AUTOMATIC_HEADER, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type DataTrace = Schemas['DataTrace'];
export type TraceResult = Schemas['TraceResult'];
export type TraceStep = Schemas['TraceStep'];
export type TraceStartKind = Schemas['TraceStartKind'];
export type LookRequest = Schemas['LookRequest'];

const WHILE_RUNNING_MS = 700;
const MOST_ASKED = 200;

const keyOf = (request: number) => ['trace', request] as const;
const pathOf = (request: number) => ({ number: String(request) });

// What was asked for in a case, the newest first.
export function useTraces(caseId: string) {
  const query = { kind: 'data_trace' as const, case: caseId, limit: MOST_ASKED };
  return useQuery({
    queryKey: ['requests', query],
    queryFn: () => answerOf(api.GET('/requests', { params: { query } })),
  });
}

// The viewer's own run of it. Waiting for it keeps no session open.
export function useTrace(request: number) {
  return useQuery({
    queryKey: keyOf(request),
    queryFn: () =>
      answerOf(api.GET('/requests/{number}/trace', { params: { path: pathOf(request) }, headers: AUTOMATIC_HEADER })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WHILE_RUNNING_MS : false),
  });
}

export function useRunTrace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: number) =>
      answerOf(api.POST('/requests/{number}/trace', { params: { header: REQUEST_HEADER, path: pathOf(request) } })),
    onSuccess: (trace) => client.setQueryData(keyOf(trace.request), trace),
  });
}

export function useCancelTrace(request: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE('/requests/{number}/trace', { params: { header: REQUEST_HEADER, path: pathOf(request) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(request) }),
  });
}

export function useKeepTrace(request: number, caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/requests/{number}/trace/keep', { params: { header: REQUEST_HEADER, path: pathOf(request) } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['case', caseId] }),
  });
}
