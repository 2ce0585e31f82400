import { describe, expect, it } from 'vitest';
import type { Bubble } from './activity_calls';
import { bytesInWords, diameter, inKeyOrder, isOrdinary, moveByKey, topOfAxis, unionOfWindows } from './bubbles';

function bubble(day: string, name: string, score: number): Bubble {
  return {
    day,
    indicator: { name, title: name, category: name === 'delete' ? 'deletion' : 'exfiltration' },
    count: 1,
    bytes: 0,
    score,
    points: null,
    in_alert: false,
    first: `${day}T00:00:00Z`,
    last: `${day}T01:00:00Z`,
  };
}

const bubbles = [
  bubble('2026-03-05', 'usb', 10),
  bubble('2026-03-04', 'mail', 20),
  bubble('2026-03-04', 'delete', 90),
  bubble('2026-03-20', 'usb', 50),
];

describe('keys in the chart', () => {
  const ordered = inKeyOrder(bubbles, new Set());

  it('go by day, on a day from the strongest', () => {
    expect(ordered.map((one) => `${one.day} ${one.score}`)).toEqual([
      '2026-03-04 90',
      '2026-03-04 20',
      '2026-03-05 10',
      '2026-03-20 50',
    ]);
  });

  it('skip hidden categories', () => {
    expect(inKeyOrder(bubbles, new Set(['deletion'])).map((one) => one.indicator.name)).toEqual(['mail', 'usb', 'usb']);
  });

  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 3, 3],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 2, 1],
    ['ArrowDown', 0, 1],
    ['ArrowDown', 1, 1],
    ['ArrowUp', 1, 0],
    ['ArrowUp', 2, 2],
    ['PageDown', 0, 3],
    ['PageDown', 3, 3],
    ['PageUp', 3, 3],
    ['PageUp', 2, 0],
    ['Home', 2, 0],
    ['End', 0, 3],
  ])('%s from %i leads to %i', (key, from, to) => {
    expect(moveByKey(key, from, ordered)).toBe(to);
  });

  it('other keys, and no bubbles at all, lead nowhere', () => {
    expect(moveByKey('a', 0, ordered)).toBeNull();
    expect(moveByKey('ArrowRight', 0, [])).toBeNull();
  });
});

it.each([
  [0, 25],
  [24, 25],
  [24.5, 50],
  [34.2, 50],
  [99.5, 100],
  [100, 100],
])('the axis for a strongest of %f ends at %i', (score, top) => {
  expect(topOfAxis([bubble('2026-03-04', 'usb', score)])).toBe(top);
});

it('windows become the days they cover together', () => {
  const windows = [
    { from: '2026-03-10', to: '2026-03-20' },
    { from: '2026-01-01', to: '2026-01-31' },
    { from: '2026-02-01', to: '2026-02-02' },
    { from: '2026-03-12', to: '2026-03-14' },
    { from: '2026-03-15', to: '2026-03-25' },
  ];
  expect(unionOfWindows(windows)).toEqual([
    { from: '2026-01-01', to: '2026-02-02' },
    { from: '2026-03-10', to: '2026-03-25' },
  ]);
  expect(unionOfWindows([])).toEqual([]);
});

it('what counts is never ordinary, however weak', () => {
  expect(isOrdinary(bubble('2026-03-04', 'usb', 0))).toBe(true);
  expect(isOrdinary(bubble('2026-03-04', 'usb', 0.1))).toBe(false);
  expect(isOrdinary({ ...bubble('2026-03-04', 'usb', 0), in_alert: true })).toBe(false);
});

it('bubbles grow with the count, and slowly', () => {
  expect(diameter(10)).toBeGreaterThan(diameter(1));
  expect(diameter(1_000_000)).toBeLessThan(90);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 KB'],
  [123_456_789, '123 MB'],
  [2 ** 53, '9 PB'],
])('%i bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
