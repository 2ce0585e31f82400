import { PERSON } from '../../../test/samples';
import type { TraceResult, TraceStep } from './trace_calls';

// Invented values in the form of the contract, for the tests of this folder.

export function step(given: Partial<TraceStep>): TraceStep {
  return {
    number: 1,
    time: '2026-03-04T08:00:00Z',
    person: 0,
    act: 'opened',
    strength: 'certain',
    tie: 'none',
    from: null,
    other_bytes: false,
    operation: 'FileAccessed',
    name: 'plan.docx',
    became: '',
    place: '',
    device: '',
    site: '',
    label: '',
    given_to: [],
    ...given,
  };
}

export function result(steps: TraceStep[], given: Partial<TraceResult> = {}): TraceResult {
  const hand = { first: '2026-03-04T08:00:00Z', last: '2026-03-05T08:00:00Z', steps: 1, received: 0 };
  return {
    people: [
      { person: PERSON, ...hand, strength: 'certain' },
      { person: { ...PERSON, pseudonym: 'Anon-2222-2222-2222' }, ...hand, received: 1, strength: 'likely' },
    ],
    steps,
    name_only: [],
    places: [],
    counts: { start: 1, certain: steps.length, likely: 0, name_only: 0 },
    steps_left_out: 0,
    places_left_out: 0,
    people_left_out: 0,
    origins: 1,
    hidden_people: 0,
    hidden_activities: 0,
    accounts_of_nobody: 0,
    activities_read: 1000,
    read_all: true,
    ...given,
  };
}
