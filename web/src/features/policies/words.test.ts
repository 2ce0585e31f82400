import { expect, it } from 'vitest';
import { lacksInWords, reviewInWords } from './words';

const NOW = Date.parse('2026-06-01T12:00:00Z');

it.each([
  [null, ''],
  ['2027-01-01', ''],
  ['2026-06-11', 'review due in 10 days'],
  ['2026-06-01', 'review due in 0 days'],
  ['2026-05-22', 'review overdue, pauses in 20 days'],
  ['2026-04-01', 'review overdue, scores nobody'],
])('tells how near the review date %s is', (day, words) => {
  expect(reviewInWords(day, NOW)).toBe(words);
});

it('names what is not stated', () => {
  expect(lacksInWords(['legal_basis', 'review_by'])).toBe('legal basis, review by');
});
