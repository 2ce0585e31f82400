import { expect, it } from 'vitest';
import { dropDraft, keepDraft, readDraft } from './draft_store';
import { at, fromDiagnostics, problemsOf, stepOf } from './steps';

const SOUND = `id: leaks
name: Leaks
triggers:
  - {id: out, indicators: exfiltration_triggers}
indicators:
  - {name: usb_copy, weight: 0.5, thresholds: {all: [3, 5, 10]}}
`;

it('finds nothing wrong with a sound policy', () => {
  expect(problemsOf(SOUND)).toEqual([]);
});

it.each([
  ['id: Leaks!', ['id'], 'about'],
  ['name: ""', ['name'], 'about'],
  ['scope: {where: [{groups: []}]}', ['scope', 'where', 0], 'scope'],
  ['lawful_start: {countries: [Germany]}', ['lawful_start', 'countries'], 'lawful'],
  ['windows: {activation_days: 0}', ['windows', 'activation_days'], 'start'],
  ['triggers: []', ['triggers'], 'triggers'],
  ['indicators: []', ['indicators'], 'indicators'],
  ['indicators: [{name: a, weight: 2}]', ['indicators', 0, 'weight'], 'indicators'],
  ['indicators: [{name: a, thresholds: {all: [9, 5, 10]}}]', ['indicators', 0, 'thresholds', 'all'], 'thresholds'],
])('says what is wrong with %s at its field', (line, path, step) => {
  const key = line.slice(0, line.indexOf(':'));
  const rest = SOUND.split('\n').filter((_, index, all) => {
    let owner = index;
    while (owner > 0 && all[owner]?.startsWith(' ')) owner -= 1;
    return !all[owner]?.startsWith(`${key}:`);
  });
  const problems = problemsOf([line, ...rest].join('\n'));
  expect(problems.map((one) => [one.path, one.step])).toEqual([[path, step]]);
  expect(at(problems, path)).not.toBeUndefined();
});

it('puts what the server says at the step of its line', () => {
  const told = fromDiagnostics(SOUND, [
    { id: 'x', severity: 'error', line: 6, column: 40, message: 'no such indicator', hint: 'usb_copies' },
    { id: 'y', severity: 'warning', line: 1, column: 1, message: 'only a warning', hint: '' },
  ]);
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toBe('no such indicator (usb_copies)');
  expect(['indicators', 'thresholds']).toContain(told[0]?.step);
  expect(stepOf(['scoring', 'boosters'])).toBe('scope');
  expect(stepOf([])).toBe('ask');
});

it('keeps a draft for a month, and of one viewer only', () => {
  keepDraft('ada', 'new.x', { yaml: 'id: x', reason: 'why', savedAt: 1000 });
  expect(readDraft('ada', 'new.x', 2000)).toEqual({ yaml: 'id: x', reason: 'why', savedAt: 1000 });
  expect(readDraft('bob', 'new.x', 2000)).toBeNull();
  expect(readDraft('ada', 'new.x', 1000 + 31 * 86_400_000)).toBeNull();
  keepDraft('ada', 'new.x', { yaml: 'id: x', reason: '', savedAt: 1000 });
  dropDraft('ada', 'new.x');
  expect(readDraft('ada', 'new.x', 2000)).toBeNull();
  window.localStorage.setItem('candor.policy-draft.ada.new.y', '{"yaml": 7}');
  expect(readDraft('ada', 'new.y', 2000)).toBeNull();
});
