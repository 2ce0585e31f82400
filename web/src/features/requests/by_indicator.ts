import type { Schemas } from '../../shared/api/client';

export type ReportInsight = Schemas['ActivityReport']['insights'][number];
export type IndicatorSum = {
  indicator: ReportInsight['indicator'];
  count: number;
  days: number;
  first: string;
  last: string;
};

// What all days of a report come to, the greatest count first.
export function byIndicator(insights: readonly ReportInsight[]): IndicatorSum[] {
  const sums = new Map<string, IndicatorSum>();
  for (const { day, indicator, count } of insights) {
    const sum = sums.get(indicator.name) ?? { indicator, count: 0, days: 0, first: day, last: day };
    sum.count += count;
    sum.days += 1;
    if (day < sum.first) sum.first = day;
    if (day > sum.last) sum.last = day;
    sums.set(indicator.name, sum);
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || a.indicator.name.localeCompare(b.indicator.name));
}
