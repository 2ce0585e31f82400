import { expect, it } from 'vitest';
import { durationInWords } from './durations';

it.each([
  [null, 'not known'],
  [0, 'less than a second'],
  [0.004, 'less than a second'],
  [1, '1 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3600 + 300, '1 h 5 min'],
  [2 * 86_400 + 59, '2 d'],
  [2 * 86_400 + 7200, '2 d 2 h'],
])('%s seconds are %s', (seconds, words) => {
  expect(durationInWords(seconds)).toBe(words);
});
