import { expect, it } from 'vitest';
import { byIndicator, type ReportInsight } from './by_indicator';

const insight = (name: string, day: string, count: number): ReportInsight => ({
  day,
  indicator: { name, title: name, category: 'exfiltration' },
  count,
  bytes: 0,
  first: `${day}T08:00:00Z`,
  last: `${day}T09:00:00Z`,
});

it('adds up the days of each indicator, the greatest first', () => {
  const sums = byIndicator([
    insight('usb_copy', '2026-02-03', 12),
    insight('print', '2026-02-01', 40),
    insight('usb_copy', '2026-01-02', 3),
  ]);
  expect(sums.map(({ indicator, count, days, first, last }) => [indicator.name, count, days, first, last])).toEqual([
    ['print', 40, 1, '2026-02-01', '2026-02-01'],
    ['usb_copy', 15, 2, '2026-01-02', '2026-02-03'],
  ]);
  expect(byIndicator([])).toEqual([]);
});
