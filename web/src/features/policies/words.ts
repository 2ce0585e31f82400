import type { Schemas } from '../../shared/api/client';

export const STATE_WORD: Record<Schemas['PolicyState'], string> = {
  draft: 'Draft',
  validated: 'Waits for approval',
  active: 'Active',
  paused: 'Paused',
  retired: 'Retired',
};

// What a key of `lawful_start` is called on a page.
export const LAWFUL_WORD: Record<string, string> = {
  purpose: 'Purpose',
  legal_basis: 'Legal basis',
  agreement: 'Agreement',
  impact_assessment: 'Impact assessment',
  owner: 'Owner',
  countries: 'Countries',
  review_by: 'Review by',
};

export function lacksInWords(lacks: string[]): string {
  return lacks.map((key) => (LAWFUL_WORD[key] ?? key).toLowerCase()).join(', ');
}

const GRACE_DAYS = 30;
const DAY = 86_400_000;

// How near a review date is; '' while it is far.
export function reviewInWords(reviewBy: string | null, now: number): string {
  if (reviewBy === null) return '';
  const left = Math.floor((Date.parse(`${reviewBy}T00:00:00Z`) - now) / DAY) + 1;
  if (left > GRACE_DAYS) return '';
  if (left >= 0) return `review due in ${left} days`;
  return left >= -GRACE_DAYS ? `review overdue, pauses in ${left + GRACE_DAYS} days` : 'review overdue, scores nobody';
}
