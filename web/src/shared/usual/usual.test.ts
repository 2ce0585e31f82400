import { expect, it } from 'vitest';
import { usualDaysInWords } from './usual';

it.each([
  ['weekday', 12, '2026-03-02', 'on a Monday (12 Mondays)'],
  ['weekday', 6, '2026-03-08', 'on a Sunday (6 Sundays)'],
  ['working', 31, '2026-03-02', 'on working weekdays (31 days)'],
  ['off', 11, '2026-03-07', 'on weekdays off (11 days)'],
  ['active', 14, '2026-03-02', 'a day (14 days)'],
] as const)('says which days tell what is usual: %s', (days, from, day, words) => {
  expect(usualDaysInWords({ days, from }, day)).toBe(words);
});

it('says no more than is known', () => {
  expect(usualDaysInWords(null, '2026-03-02')).toBe('a day');
  expect(usualDaysInWords({ days: 'weekday', from: 12 }, null)).toBe('a day');
});
