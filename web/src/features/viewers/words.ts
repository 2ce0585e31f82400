import type { Unit, UnitAct, UnitChange } from './viewer_calls';

export const DECISION_WORD: Record<UnitChange['decision'], string> = {
  waits: 'Waits for a second person',
  agreed: 'Approved',
  not_needed: 'Held at once',
  rejected: 'Rejected',
  withdrawn: 'Taken back',
  replaced: 'Replaced by a later one',
};

export const ACTS: Record<UnitAct, { title: string; act: string; lead: string }> = {
  approve: {
    title: 'Approve the change',
    act: 'Approve',
    lead: 'It holds from the viewer’s next step on.',
  },
  reject: { title: 'Reject the change', act: 'Reject', lead: 'What the viewer sees stays as it is.' },
  withdraw: { title: 'Take the request back', act: 'Take back', lead: 'What the viewer sees stays as it is.' },
};

// Names of units; the id of one that is no longer there, or that whoever looks is not told of.
export function unitsInWords(ids: readonly string[], units: readonly Unit[]): string {
  if (ids.length === 0) return 'Everybody';
  return ids.map((id) => units.find((unit) => unit.id === id)?.name ?? id).join(', ');
}

export function peopleInWords(people: number | null): string {
  return people === null ? 'Fewer than 10' : String(people);
}

// Whether a viewer limited to `after` can see nobody who `before` would not show; none means everybody.
export function onlyNarrows(before: readonly string[], after: readonly string[]): boolean {
  if (after.length === 0) return before.length === 0;
  return before.length === 0 || after.every((unit) => before.includes(unit));
}
