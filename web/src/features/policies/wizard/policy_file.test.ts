import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openFile, pathOfLine, textAt, valueAt, withValue } from './policy_file';

const TEXT = `# What leaves.
id: leaks
name: Leaks
description: >-
  Somebody moves more than is usual.
triggers:
  - {id: out, indicators: exfiltration_triggers, level: medium}
indicators:
  # Sticks count most.
  - {name: usb_copy, weight: 1, thresholds: {all: [3, 5, 10]}}
  - {category: exfiltration}
`;

it('changes what is asked for and keeps the rest, with its comments', () => {
  const changed = withValue(
    withValue(TEXT, ['name'], 'Leaks: "all"'),
    ['indicators', 0, 'thresholds', 'all'],
    [4, 6, 12],
  );
  expect(changed).toBe(
    TEXT.replace('name: Leaks', `name: 'Leaks: "all"'`).replace('all: [3, 5, 10]', 'all: [4, 6, 12]'),
  );
});

it('writes new parts as one would by hand, and takes them out again', () => {
  const more = withValue(withValue(TEXT, ['volume'], 'fewer'), ['lawful_start', 'countries'], ['DE', 'AT']);
  expect(more).toContain('volume: fewer\n');
  expect(more).toContain('lawful_start:\n  countries: [DE, AT]\n');
  expect(withValue(withValue(more, ['volume'], ''), ['lawful_start', 'countries'], [])).toBe(TEXT);
  const scope = withValue(TEXT, ['scope', 'where'], [{ groups: ['Board', 'no: flow'] }]);
  expect(valueAt(openFile(scope), ['scope', 'where'])).toEqual([{ groups: ['Board', 'no: flow'] }]);
  expect(withValue(TEXT, ['start'], '2026-12-01')).toContain('start: 2026-12-01\n');
});

it('text that looks like something else stays text', () => {
  for (const text of ['yes', '12', 'null', '# no comment', '- a', 'a: b', '"quoted"', ' blanks ', 'two\nlines']) {
    const changed = withValue(TEXT, ['lawful_start', 'agreement'], text);
    expect(valueAt(openFile(changed), ['lawful_start', 'agreement'])).toBe(text);
  }
});

it('leaves what is no YAML alone', () => {
  expect(openFile('id: [')).toBeNull();
  expect(openFile('- a list')).toBeNull();
  expect(withValue('id: [', ['id'], 'x')).toBe('id: [');
  expect(textAt(null, ['id'])).toBe('');
});

it('tells which key a line belongs to', () => {
  expect(pathOfLine(TEXT, 2)).toEqual(['id']);
  expect(pathOfLine(TEXT, 5)).toEqual(['description']);
  expect(pathOfLine(TEXT, 10).slice(0, 2)).toEqual(['indicators', 0]);
  expect(pathOfLine(TEXT, 11).slice(0, 2)).toEqual(['indicators', 1]);
  expect(pathOfLine(TEXT, 99)).toEqual([]);
});

it('a shipped policy that is opened and changed back is the same policy', () => {
  const folder = '../content/policies';
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  expect(files.length).toBeGreaterThan(3);
  for (const name of files) {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const there = withValue(text, ['volume'], 'more');
    const back = withValue(there, ['volume'], '');
    expect(openFile(back)?.toJSON()).toEqual(openFile(text)?.toJSON());
    expect(back.match(/#/g)?.length).toBe(text.match(/#/g)?.length);
  }
});
