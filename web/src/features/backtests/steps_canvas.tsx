import { useMemo } from 'react';
import { useDark } from '../../shared/appearance/use_dark';
import type { BacktestStep } from './backtest_calls';
import { useBarChart } from '../../shared/chart/use_bar_chart';
import styles from './backtests.module.css';

type Props = { steps: readonly BacktestStep[]; chosen: number };

// Alerts a day at each step. The table beside it says the same, so this is for the eye alone.
export default function StepsCanvas({ steps, chosen }: Props) {
  const dark = useDark();

  const option = useMemo(() => optionOf(steps, chosen, dark), [steps, chosen, dark]);
  const element = useBarChart(option);
  return <div ref={element} className={styles.canvas} aria-hidden="true" data-testid="steps-drawing" />;
}

function optionOf(steps: readonly BacktestStep[], chosen: number, dark: boolean) {
  const text = dark ? '#d6d6d6' : '#424242';
  const line = dark ? '#3d3d3d' : '#e0e0e0';
  const strong = dark ? '#6aadbe' : '#0a6f83';
  const pale = dark ? '#2d5761' : '#a9cfd7';
  return {
    animationDuration: 150,
    animationDurationUpdate: 100,
    textStyle: { fontFamily: 'inherit', color: text },
    grid: { left: 56, right: 12, top: 16, bottom: 44 },
    xAxis: {
      type: 'category' as const,
      data: steps.map((step) => String(step.cut)),
      name: 'Alerts from this score on',
      nameLocation: 'middle' as const,
      nameGap: 28,
      nameTextStyle: { color: text },
      axisLabel: { color: text },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      name: 'Alerts a day',
      nameLocation: 'middle' as const,
      nameGap: 40,
      nameTextStyle: { color: text },
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    series: [
      {
        type: 'bar' as const,
        silent: true,
        barCategoryGap: '25%',
        data: steps.map((step, index) => ({
          value: step.alerts_a_day,
          itemStyle: { color: index === chosen ? strong : pale, borderRadius: [2, 2, 0, 0] },
        })),
      },
    ],
  };
}
