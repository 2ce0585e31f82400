import { MarkAreaComponent, GridComponent } from 'echarts/components';
import { ScatterChart } from 'echarts/charts';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Schemas } from '../../shared/api/client';
import { useDark } from '../../shared/appearance/use_dark';
import { CATEGORIES, CATEGORY_LOOK } from '../../shared/category/category';
import type { Bubble } from './activity_calls';
import { bubbleId, diameter, topOfAxis, unionOfWindows } from './bubbles';
import styles from './activity_chart.module.css';

echarts.use([ScatterChart, GridComponent, MarkAreaComponent, CanvasRenderer]);

type Props = {
  bubbles: readonly Bubble[];
  triggers: readonly Schemas['Trigger'][];
  from: string;
  to: string;
  active: Bubble | null;
  // Under the pointer, or left.
  onPoint: (bubble: Bubble | null) => void;
  onChoose: (bubble: Bubble) => void;
  // Drawn beside the active bubble.
  card: ReactNode;
};

const DAY_MS = 86_400_000;

type Place = { x: number; y: number; left: boolean };

// The drawing alone, in a chunk of its own with ECharts. Keys, table and words are the chart's around it.
export default function ChartCanvas({ bubbles, triggers, from, to, active, onPoint, onChoose, card }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const [width, setWidth] = useState(0);
  const [place, setPlace] = useState<Place | null>(null);
  const dark = useDark();
  // The chart's handlers are set once; they reach what is current through this.
  const current = useRef({ bubbles, onPoint, onChoose });
  useEffect(() => {
    current.current = { bubbles, onPoint, onChoose };
  });

  useEffect(() => {
    if (!element.current) return;
    const made = echarts.init(element.current, null, { renderer: 'canvas' });
    chart.current = made;
    const bubbleOf = (event: unknown) => {
      const id = (event as { data?: { id?: string } }).data?.id;
      return current.current.bubbles.find((bubble) => bubbleId(bubble) === id) ?? null;
    };
    made.on('mouseover', (event) => current.current.onPoint(bubbleOf(event)));
    made.on('globalout', () => current.current.onPoint(null));
    made.on('click', (event) => {
      const bubble = bubbleOf(event);
      if (bubble) current.current.onChoose(bubble);
    });
    const observer = new ResizeObserver(() => {
      made.resize();
      setWidth(made.getWidth());
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(optionOf(bubbles, triggers, from, to, dark), { replaceMerge: ['series'] });
  }, [bubbles, triggers, from, to, dark]);

  useEffect(() => {
    const made = chart.current;
    made?.setOption({ series: [{ id: 'active', data: active ? [pointOf(active, diameter(active.count) + 10)] : [] }] });
    if (!made || !active) {
      setPlace(null);
      return;
    }
    const [x = 0, y = 0] = made.convertToPixel({ gridIndex: 0 }, [timeOf(active.day), active.score]);
    setPlace({ x, y, left: x > made.getWidth() / 2 });
  }, [active, bubbles, width, from, to]);

  return (
    <div className={styles.canvas}>
      <div ref={element} className={styles.drawing} data-testid="chart-drawing" />
      {place && card && (
        <div
          className={styles.card}
          style={
            place.left
              ? { right: `calc(100% - ${place.x - 20}px)`, top: place.y }
              : { left: place.x + 20, top: place.y }
          }
        >
          {card}
        </div>
      )}
    </div>
  );
}

function shortDay(time: number): string {
  return new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(time);
}

function timeOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function pointOf(bubble: Bubble, size: number) {
  return {
    id: bubbleId(bubble),
    value: [timeOf(bubble.day), bubble.score] as [number, number],
    symbolSize: size,
  };
}

function optionOf(
  bubbles: readonly Bubble[],
  triggers: readonly Schemas['Trigger'][],
  from: string,
  to: string,
  dark: boolean,
) {
  const text = dark ? '#d6d6d6' : '#424242';
  const line = dark ? '#3d3d3d' : '#e0e0e0';
  const top = topOfAxis(bubbles);
  const scope = dark ? 'rgba(106,173,190,0.10)' : 'rgba(10,111,131,0.07)';
  return {
    useUTC: true,
    animationDuration: 250,
    animationDurationUpdate: 150,
    textStyle: { fontFamily: 'inherit', color: text },
    grid: { left: 44, right: 24, top: 20, bottom: 36 },
    xAxis: {
      type: 'time' as const,
      min: timeOf(from),
      max: timeOf(to) + DAY_MS,
      minInterval: 7 * DAY_MS,
      axisLabel: { color: text, hideOverlap: true, margin: 12, formatter: shortDay },
      axisLine: { lineStyle: { color: line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      max: top,
      interval: top / (top === 75 ? 3 : 5),
      name: 'Score',
      nameLocation: 'middle' as const,
      nameGap: 30,
      nameTextStyle: { color: text },
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    series: [
      ...CATEGORIES.map((category) => ({
        id: category,
        type: 'scatter' as const,
        symbol: `path://${CATEGORY_LOOK[category].path}`,
        symbolKeepAspect: true,
        cursor: 'pointer',
        data: bubbles
          .filter((bubble) => bubble.indicator.category === category)
          .map((bubble) => {
            const colour = dark ? CATEGORY_LOOK[category].dark : CATEGORY_LOOK[category].light;
            // Filled: part of the receipt. Outline: seen, but not counted.
            const itemStyle = bubble.in_alert
              ? { color: colour, opacity: 0.75, borderColor: dark ? '#1f1f1f' : '#ffffff', borderWidth: 1 }
              : { color: 'transparent', opacity: 0.85, borderColor: colour, borderWidth: 1.5 };
            return { ...pointOf(bubble, diameter(bubble.count)), itemStyle };
          }),
      })),
      {
        id: 'active',
        type: 'scatter' as const,
        symbol: 'circle',
        silent: true,
        animation: false,
        z: 5,
        itemStyle: { color: 'transparent', borderColor: text, borderWidth: 2 },
        data: [],
      },
      {
        id: 'scope',
        type: 'scatter' as const,
        silent: true,
        data: [],
        markArea: {
          silent: true,
          itemStyle: { color: scope },
          data: unionOfWindows(triggers).map(
            ({ from: first, to: last }) =>
              [{ xAxis: timeOf(first) }, { xAxis: timeOf(last) + DAY_MS }] as [{ xAxis: number }, { xAxis: number }],
          ),
        },
      },
    ],
  };
}
