import type { UnitAct, ViewerChange, Viewers } from './viewer_calls';

export const DECISION_WORD: Record<ViewerChange['decision'], string> = {
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
  reject: { title: 'Reject the change', act: 'Reject', lead: 'All stays as it is.' },
  withdraw: { title: 'Take the request back', act: 'Take back', lead: 'All stays as it is.' },
};

export type Sight = { units: readonly string[]; reviews: readonly string[] };

// Names; the id of one that is no longer there, or that whoever looks is not told of.
function namesOf(ids: readonly string[], all: readonly { id: string; name: string }[]): string {
  return ids.map((id) => all.find((one) => one.id === id)?.name ?? id).join(', ');
}

export function sightInWords(sight: Sight, all: Viewers): string {
  const units = sight.units.length === 0 ? 'Everybody' : namesOf(sight.units, all.units);
  // Of a group nobody else sees the people: without groups "everybody" needs no explanation.
  if (sight.reviews.length > 0) return `${units}, and reviews ${namesOf(sight.reviews, all.groups)}`;
  return sight.units.length === 0 && all.groups.length > 0 ? 'Everybody but priority groups' : units;
}

// With the role. Of a change from before roles were changed so nothing is known of it.
export function entitlementsInWords(entitled: Sight & { role: string }, all: Viewers): string {
  const sight = sightInWords(entitled, all);
  return entitled.role === '' ? sight : `${entitled.role}: ${sight}`;
}

export function peopleInWords(people: number | null): string {
  return people === null ? 'Fewer than 10' : String(people);
}

// Whether a viewer with `after` can see nobody who `before` would not show; no units means everybody.
export function onlyNarrows(before: Sight, after: Sight): boolean {
  if (!after.reviews.every((group) => before.reviews.includes(group))) return false;
  if (after.units.length === 0) return before.units.length === 0;
  return before.units.length === 0 || after.units.every((unit) => before.units.includes(unit));
}
