import { expect, it } from 'vitest';
import { passwordRules } from './password_rules';

const met = (present: string, chosen: string, repeated: string) =>
  passwordRules(present, chosen, repeated).map((rule) => rule.met);

it.each([
  ['nothing typed', 'one-time', '', '', [false, false, false]],
  ['too short', 'one-time', 'short', 'short', [false, true, true]],
  ['eleven characters', 'one-time', 'abcdefghijk', 'abcdefghijk', [false, true, true]],
  ['twelve characters', 'one-time', 'abcdefghijkl', 'abcdefghijkl', [true, true, true]],
  ['characters beyond the first plane count once', 'x', '📈'.repeat(6), '📈'.repeat(6), [false, true, true]],
  ['the present one', 'abcdefghijkl', 'abcdefghijkl', 'abcdefghijkl', [true, false, true]],
  ['typed differently', 'x', 'abcdefghijkl', 'abcdefghijkm', [true, true, false]],
  ['too long', 'x', 'a'.repeat(257), 'a'.repeat(257), [false, true, true]],
])('%s', (_, present, chosen, repeated, expected) => {
  expect(met(present, chosen, repeated)).toEqual(expected);
});
