import { useMutation, useQuery } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Indicator = Schemas['Indicator'];
export type Detail = Schemas['IndicatorDetail'];
export type Part = Schemas['ExplainedPart'];
export type TriedRecord = Schemas['TriedRecord'];
export type TryOutcome = Schemas['TryOutcome'];

export function useIndicators(enabled = true) {
  return useQuery({ queryKey: ['indicators'], queryFn: () => answerOf(api.GET('/indicators')), enabled });
}

export type Health = Schemas['IndicatorHealth'];
export type Coverage = Schemas['IndicatorCoverage'];

export function useCoverage() {
  return useQuery({ queryKey: ['indicators', 'coverage'], queryFn: () => answerOf(api.GET('/indicators/coverage')) });
}

export type Exclusion = Schemas['Exclusion'];
export type DetectionGroup = Schemas['DetectionGroup'];

export function useExclusions() {
  return useQuery({ queryKey: ['exclusions'], queryFn: () => answerOf(api.GET('/exclusions')) });
}

export function useIndicator(name: string) {
  return useQuery({
    queryKey: ['indicator', name],
    queryFn: () => answerOf(api.GET('/indicators/{name}', { params: { path: { name } } })),
  });
}

export function useTry() {
  return useMutation({
    mutationFn: (body: TriedRecord) =>
      answerOf(api.POST('/indicators/try', { params: { header: REQUEST_HEADER }, body })),
  });
}
