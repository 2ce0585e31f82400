import { describe, expect, it } from 'vitest';
import { hundredthsAddingUp, receiptLines, shownByBubble, shownByPart, shownPoints, sumOfPoints } from './points';

// Small seeded generator (mulberry32), so that a failure can be repeated.
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('points', () => {
  it('add up where binary sums do not', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(sumOfPoints([0.1, 0.2])).toBe(0.3);
    expect(sumOfPoints(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  });

  it.each([
    [87.25, '87.25'],
    [66.999999, '66.99'],
    [100, '100.00'],
    [0.004, '0.00'],
    [-3.5, '−3.50'],
  ])('%f is shown as %s', (points, shown) => {
    expect(shownPoints(points)).toBe(shown);
  });

  it('rounded parts add up to the shown score, for any receipt', () => {
    const random = seeded(20261123);
    for (let round = 0; round < 2000; round += 1) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 30) }, () => Math.floor(random() * 9e6) / 1e6);
      if (random() < 0.3) parts.push(-Math.floor(random() * (parts[0] ?? 0) * 1e6) / 1e6);
      const shown = hundredthsAddingUp(parts);
      expect((shown.reduce((sum, one) => sum + one, 0) / 100).toFixed(2)).toBe(
        shownPoints(sumOfPoints(parts)).replace('−', '-'),
      );
      shown.forEach((hundredths, index) =>
        expect(Math.abs(hundredths - (parts[index] ?? 0) * 100)).toBeLessThanOrEqual(1.000001),
      );
    }
  });

  it('keeps a running total that ends at the score', () => {
    const lines = receiptLines([40.333333, 30.333333, 20.333334, -1]);
    expect(lines.map((line) => line.points)).toEqual(['+40.33', '+30.33', '+20.34', '−1.00']);
    expect(lines.at(-1)?.runningTotal).toBe('90.00');
  });

  it('has no parts for no parts', () => {
    expect(receiptLines([])).toEqual([]);
  });
});

it('shows a bubble the points its parts have in the receipt', () => {
  const day = '2026-03-04';
  const usb = { name: 'usb' };
  const parts = [
    { id: 'a', day, indicator: usb, points: 14.987 },
    { id: 'b', day, indicator: usb, points: 0.006 },
    { id: 'c', day, indicator: null, points: 1.5 },
  ];
  const shown = shownByPart(parts);
  const both = Number(shown.get('a')) + Number(shown.get('b'));
  expect(shownByBubble(parts).get(`${day} usb`)).toBe(both.toFixed(2));
  expect(shownByBubble(parts).size).toBe(1);
});
