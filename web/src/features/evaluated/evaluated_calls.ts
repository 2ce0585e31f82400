import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../shared/api/client';

export type Evaluated = Schemas['Evaluated'];
export type Block = Schemas['DocumentBlock'];
export type TextLanguage = Evaluated['language'];

// `version`: null for what holds now, which is made a version first where it is another.
export function useEvaluated(version: number | null, language: TextLanguage) {
  return useQuery({
    queryKey: ['evaluated', version, language],
    queryFn: () =>
      version === null
        ? answerOf(api.GET('/evaluated', { params: { query: { language } } }))
        : answerOf(api.GET('/evaluated/{number}', { params: { path: { number: version }, query: { language } } })),
  });
}

export function useEvaluatedChanges(from: number, to: number, language: TextLanguage) {
  return useQuery({
    queryKey: ['evaluated-changes', from, to, language],
    queryFn: () =>
      answerOf(
        api.GET('/evaluated/{number}/changes', { params: { path: { number: to }, query: { since: from, language } } }),
      ),
  });
}
