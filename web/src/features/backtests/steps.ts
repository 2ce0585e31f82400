import type { BacktestStep } from './backtest_calls';

// The step of the draft's own cut; of none the nearest below it.
export function stepOf(steps: readonly BacktestStep[], cut: number): number {
  const exact = steps.findIndex((step) => step.cut === cut);
  if (exact >= 0) return exact;
  return Math.max(0, steps.filter((step) => step.cut < cut).length - 1);
}

// "0.31": alerts a day are few.
export function shownRate(rate: number): string {
  return rate.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

// What a cut would mean, as somebody would say it.
export function stepInWords(step: BacktestStep): string {
  const shown = `From ${step.cut} points: ${shownRate(step.alerts_a_day)} alerts a day (${step.alerts.toLocaleString()} in all) of ${countOf(step.people, 'person', 'people')}`;
  return `${shown}; ${step.confirmed_lost.toLocaleString()} confirmed would be lost, ${step.dismissed_gone.toLocaleString()} dismissed would go.`;
}
