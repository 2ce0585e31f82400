import { expect, it } from 'vitest';
import { shownDuration, shownShare } from './words';

it.each([
  [null, '–'],
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3599, '59 min'],
  [3600, '1 h 0 min'],
  [86_399, '23 h 59 min'],
  [90_000, '1 d 1 h'],
])('says %s seconds as %s', (seconds, words) => expect(shownDuration(seconds)).toBe(words));

it.each([
  [null, '–'],
  [0, '0 %'],
  [666_666, '67 %'],
  [1_000_000, '100 %'],
])('says %s millionths as %s', (millionths, words) => expect(shownShare(millionths)).toBe(words));
