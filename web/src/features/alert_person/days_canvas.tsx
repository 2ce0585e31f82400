import { useMemo } from 'react';
import { useDark } from '../../shared/appearance/use_dark';
import { CATEGORY_LOOK, type Category } from '../../shared/category/category';
import { useBarChart } from '../../shared/chart/use_bar_chart';
import styles from './alert_person.module.css';
import { daysBetween, type DayOfCategories } from './days';

type Props = { days: readonly DayOfCategories[]; categories: readonly Category[]; from: string; to: string };

// Insights a day, by category. The table beside it says the same, so this is for the eye alone.
export default function DaysCanvas({ days, categories, from, to }: Props) {
  const dark = useDark();

  const option = useMemo(() => optionOf(days, categories, from, to, dark), [days, categories, from, to, dark]);
  const element = useBarChart(option);
  return <div ref={element} className={styles.canvas} aria-hidden="true" data-testid="days-drawing" />;
}

function shortDay(day: string): string {
  return new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

function optionOf(
  days: readonly DayOfCategories[],
  categories: readonly Category[],
  from: string,
  to: string,
  dark: boolean,
) {
  const text = dark ? '#d6d6d6' : '#424242';
  const line = dark ? '#3d3d3d' : '#e0e0e0';
  const all = daysBetween(from, to);
  const counts = new Map(days.map((one) => [one.day, one.counts]));
  return {
    animationDuration: 150,
    textStyle: { fontFamily: 'inherit', color: text },
    grid: { left: 48, right: 12, top: 16, bottom: 32 },
    xAxis: {
      type: 'category' as const,
      data: all,
      axisLabel: { color: text, hideOverlap: true, formatter: shortDay },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      minInterval: 1,
      name: 'Insights',
      nameLocation: 'middle' as const,
      nameGap: 30,
      nameTextStyle: { color: text },
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    series: categories.map((category) => ({
      id: category,
      type: 'bar' as const,
      stack: 'day',
      silent: true,
      barMinWidth: 3,
      barMaxWidth: 16,
      itemStyle: { color: dark ? CATEGORY_LOOK[category].dark : CATEGORY_LOOK[category].light },
      data: all.map((day) => counts.get(day)?.get(category) ?? 0),
    })),
  };
}
