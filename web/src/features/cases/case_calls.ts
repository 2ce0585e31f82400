import { keepPreviousData, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answerOf, api, API_BASE, CallFailed, failureOf, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Case = Schemas['Case'];
export type CaseRow = Schemas['CaseRow'];
export type CaseNote = Schemas['CaseNote'];
export type CaseTask = Schemas['CaseTask'];
export type CaseEvidence = Schemas['CaseEvidence'];
export type CaseLink = Schemas['CaseLink'];
export type CaseHistoryLine = Schemas['CaseHistoryLine'];

export const ROWS_A_PAGE = 50;
// As the server has it.
export const LARGEST_FILE = 25 * 1024 * 1024;

const CASES_KEY = 'cases';
const CASE_KEY = 'case';

export type CaseListQuery = { state?: Schemas['CaseState']; owner?: string; member?: string; alert?: string };

export function useCases(filter: CaseListQuery, page: number) {
  const query = { ...filter, page, limit: ROWS_A_PAGE };
  return useQuery({
    queryKey: [CASES_KEY, query],
    queryFn: () => answerOf(api.GET('/cases', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function useCase(caseId: string) {
  return useQuery({
    queryKey: [CASE_KEY, caseId],
    queryFn: () => answerOf(api.GET('/cases/{case_id}', { params: { path: { case_id: caseId } } })),
  });
}

// Who may be asked to work on a case.
export function useCaseViewers(enabled: boolean) {
  return useQuery({ queryKey: ['case viewers'], queryFn: () => answerOf(api.GET('/case-viewers')), enabled });
}

export function useCaseHistory(caseId: string, page: number) {
  return useQuery({
    queryKey: [CASE_KEY, caseId, 'history', page],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/history', inside(caseId, page))),
    placeholderData: keepPreviousData,
  });
}

export function useCaseNotes(caseId: string, page: number) {
  return useQuery({
    queryKey: [CASE_KEY, caseId, 'notes', page],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/notes', inside(caseId, page))),
    placeholderData: keepPreviousData,
  });
}

export function useCaseTasks(caseId: string) {
  return useQuery({
    queryKey: [CASE_KEY, caseId, 'tasks'],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/tasks', { params: { path: { case_id: caseId } } })),
  });
}

export function useCaseEvidence(caseId: string) {
  return useQuery({
    queryKey: [CASE_KEY, caseId, 'evidence'],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/evidence', { params: { path: { case_id: caseId } } })),
  });
}

export function useCaseLinks(caseId: string) {
  return useQuery({
    queryKey: [CASE_KEY, caseId, 'links'],
    queryFn: () => answerOf(api.GET('/cases/{case_id}/links', { params: { path: { case_id: caseId } } })),
  });
}

function inside(caseId: string, page: number) {
  return { params: { path: { case_id: caseId }, query: { page, limit: ROWS_A_PAGE } } };
}

const at = (caseId: string) => ({ params: { header: REQUEST_HEADER, path: { case_id: caseId } } });

// A case and everything in it, the lists of cases, and alerts, which show their case and its decisions.
async function changed(client: QueryClient): Promise<void> {
  await Promise.all(
    [CASE_KEY, CASES_KEY, 'alert', 'alerts'].map((key) => client.invalidateQueries({ queryKey: [key] })),
  );
}

// An act of a case: what is asked for goes in, the query cache is told.
function useAct<Given, Answer>(act: (given: Given) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => changed(client) });
}

export function useOpenCase() {
  return useAct((body: Schemas['NewCase']) =>
    answerOf(api.POST('/cases', { params: { header: REQUEST_HEADER }, body })),
  );
}

export function useAddAlert() {
  return useAct(({ caseId, ...body }: Schemas['NewCaseAlert'] & { caseId: string }) =>
    answerOf(api.POST('/cases/{case_id}/alerts', { ...at(caseId), body })),
  );
}

export function useCloseCase(caseId: string) {
  return useAct((body: Schemas['CaseClosure']) =>
    answerOf(api.POST('/cases/{case_id}/close', { ...at(caseId), body })),
  );
}

export function useReopenCase(caseId: string) {
  return useAct((reason: string) => answerOf(api.POST('/cases/{case_id}/reopen', { ...at(caseId), body: { reason } })));
}

export function useLinkCase(caseId: string) {
  return useAct((body: Schemas['NewCaseLink']) =>
    answerOf(api.POST('/cases/{case_id}/links', { ...at(caseId), body })),
  );
}

export function useUnlinkCase(caseId: string) {
  return useAct(({ linkId, reason }: { linkId: string; reason: string }) =>
    answerOf(
      api.POST('/cases/{case_id}/links/{link_id}/unlink', {
        params: { header: REQUEST_HEADER, path: { case_id: caseId, link_id: linkId } },
        body: { reason },
      }),
    ),
  );
}

export function useHandOver(caseId: string) {
  return useAct((body: Schemas['NewCaseOwner']) =>
    answerOf(api.POST('/cases/{case_id}/owner', { ...at(caseId), body })),
  );
}

export function useAddContributor(caseId: string) {
  return useAct((user: string) =>
    answerOf(api.POST('/cases/{case_id}/contributors', { ...at(caseId), body: { user } })),
  );
}

export function useRemoveContributor(caseId: string) {
  return useAct((user: string) =>
    answerOf(
      api.DELETE('/cases/{case_id}/contributors/{user}', {
        params: { header: REQUEST_HEADER, path: { case_id: caseId, user } },
      }),
    ),
  );
}

export function useAddNote(caseId: string) {
  return useAct((text: string) => answerOf(api.POST('/cases/{case_id}/notes', { ...at(caseId), body: { text } })));
}

export function useAddTask(caseId: string) {
  return useAct((body: Schemas['NewCaseTask']) =>
    answerOf(api.POST('/cases/{case_id}/tasks', { ...at(caseId), body })),
  );
}

export function useFinishTask(caseId: string) {
  return useAct((number: number) =>
    answerOf(
      api.POST('/cases/{case_id}/tasks/{number}/done', {
        params: { header: REQUEST_HEADER, path: { case_id: caseId, number } },
      }),
    ),
  );
}

export function useUpload(caseId: string) {
  return useAct((file: File) => upload(caseId, file));
}

// The bytes as they are; the name goes in a header, because addresses are written down in many places.
async function upload(caseId: string, file: File): Promise<CaseEvidence> {
  if (file.size > LARGEST_FILE) throw new CallFailed(0, 'web.too_large', 'A file has at most 25 MiB.');
  // Half a surrogate pair cannot be encoded.
  const name = encodeURIComponent(file.name.replace(/[\ud800-\udfff]/gu, '_'));
  let response: Response;
  try {
    response = await fetch(`${API_BASE}/cases/${encodeURIComponent(caseId)}/evidence`, {
      method: 'POST',
      headers: { ...REQUEST_HEADER, 'Content-Type': 'application/octet-stream', 'X-Candor-File-Name': name },
      body: file,
      credentials: 'same-origin',
    });
  } catch {
    throw new CallFailed(0, 'web.unreachable', 'The server cannot be reached. Check the connection and try again.');
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, answer);
  return answer as CaseEvidence;
}
