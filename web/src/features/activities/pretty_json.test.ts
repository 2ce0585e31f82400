import { describe, expect, it } from 'vitest';
import { prettyJson } from './pretty_json';

describe('prettyJson', () => {
  it('lays out as JSON.stringify does', () => {
    const value = { a: 1, b: [true, null, { c: 'x, {y}: "z"' }], d: {}, e: [], f: 'line\nbreak' };
    expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps digits, escapes and repeated keys', () => {
    const text = '{"id":12345678901234567890,"n":1.10,"u":"\\u202e","id":2}';
    const out = prettyJson(text);
    expect(out).toContain('12345678901234567890');
    expect(out).toContain('1.10');
    expect(out).toContain('"\\u202e"');
    expect(out.match(/"id"/g)).toHaveLength(2);
  });

  it.each(['', '{', ']]]', '"open', 'plain text', '{"a":', '\\"', '{"a" "b"}'])(
    'survives what is not JSON: %s',
    (text) => {
      expect(prettyJson(text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    },
  );

  it('stays small and quick when nested without end', () => {
    const out = prettyJson('['.repeat(20_000));
    expect(out.length).toBeLessThan(20_000 * 90);
  });
});
