import { useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { ActivityChart } from './activity_chart';
import { activityFilterOf, filterForBubble, withActivityFilter, type ActivityFilter } from './activity_filter';
import type { Bubble } from './activity_calls';
import { Explorer } from './explorer';

// Chart above, explorer below; a bubble chosen above filters below.
export function ActivityTab({ alert }: { alert: Schemas['Alert'] }) {
  const [parameters, setParameters] = useSearchParams();
  const filter = activityFilterOf(parameters);
  const explorer = useRef<HTMLElement>(null);
  const change = (part: Partial<ActivityFilter>) =>
    setParameters((before) => withActivityFilter(before, { ...activityFilterOf(before), ...part }), { replace: true });
  const choose = (bubble: Bubble) => {
    change(filterForBubble(filter, bubble));
    explorer.current?.focus({ preventScroll: true });
    explorer.current?.scrollIntoView?.({ behavior: 'smooth', block: 'nearest' });
  };
  return (
    <>
      <ActivityChart
        alertId={alert.id}
        parts={alert.receipt.parts}
        triggers={alert.triggers}
        months={filter.months}
        onMonths={(months) => change({ months })}
        onChoose={choose}
      />
      <Explorer ref={explorer} source={{ alertId: alert.id }} filter={filter} onChange={change} />
    </>
  );
}
