import { Button, Switch, ToggleButton } from '@fluentui/react-components';
import { lazy, Suspense, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Schemas } from '../../shared/api/client';
import {
  CATEGORIES,
  CATEGORY_LOOK,
  CategoryName,
  CategoryShape,
  IndicatorTitle,
  type Category,
} from '../../shared/category/category';
import { shownByBubble, shownPoints } from '../../shared/points/points';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { visibleText } from '../../shared/text/visible';
import { localDay } from '../../shared/time/format';
import { CalendarDay, Timestamp } from '../../shared/time/timestamp';
import { useActivityChart, type Bubble } from './activity_calls';
import styles from './activity_chart.module.css';
import { MONTHS, type Months } from './activity_filter';
import { bubbleId, bytesInWords, inKeyOrder, isOrdinary, moveByKey } from './bubbles';

const ChartCanvas = lazy(() => import('./chart_canvas'));

// What the receipt shows for a bubble's day and indicator.
type Points = ReadonlyMap<string, string>;

function pointsOf(bubble: Bubble, points: Points): string {
  return points.get(bubbleId(bubble)) ?? shownPoints(bubble.points ?? 0);
}

type Props = {
  alertId: string;
  parts: Schemas['Alert']['receipt']['parts'];
  triggers: readonly Schemas['Trigger'][];
  months: Months;
  onMonths: (months: Months) => void;
  onChoose: (bubble: Bubble) => void;
};

// Bubbles on day x score; the same as a table for those who would rather read it.
export function ActivityChart({ alertId, parts, triggers, months, onMonths, onChoose }: Props) {
  const chart = useActivityChart(alertId, months);
  const [hidden, setHidden] = useState<ReadonlySet<Category>>(new Set());
  const [asTable, setAsTable] = useState(false);
  const [withOrdinary, setWithOrdinary] = useState(false);
  const all = useMemo(() => chart.data?.bubbles ?? [], [chart.data]);
  const wanted = useMemo(() => all.filter((bubble) => withOrdinary || !isOrdinary(bubble)), [all, withOrdinary]);
  const bubbles = useMemo(() => inKeyOrder(wanted, hidden), [wanted, hidden]);
  // The same numbers as in the receipt.
  const points = useMemo(() => shownByBubble(parts), [parts]);
  const ordinary = all.filter(isOrdinary).length;
  const toggle = (category: Category) =>
    setHidden((before) => new Set(CATEGORIES.filter((one) => before.has(one) !== (one === category))));

  return (
    <section aria-labelledby="chart-title" className={styles.chart}>
      <div className={styles.head}>
        <h2 id="chart-title">Activity by day</h2>
        <div className={styles.controls}>
          <div role="group" aria-label="Months shown" className={styles.months}>
            {MONTHS.map((one) => (
              <ToggleButton key={one} size="small" checked={months === one} onClick={() => onMonths(one)}>
                {one === 1 ? '1 month' : `${one} months`}
              </ToggleButton>
            ))}
          </div>
          <Switch label="As a table" checked={asTable} onChange={(_, data) => setAsTable(data.checked)} />
        </div>
      </div>
      <Categories bubbles={wanted} hidden={hidden} onToggle={toggle}>
        {ordinary > 0 && (
          <ToggleButton
            size="small"
            shape="circular"
            appearance="subtle"
            checked={withOrdinary}
            onClick={() => setWithOrdinary(!withOrdinary)}
          >
            Below every level ({ordinary.toLocaleString()})
          </ToggleButton>
        )}
      </Categories>
      {chart.isPending && <Loading what="the chart" rows={6} />}
      {chart.error && <Failed error={chart.error} what="the chart" retry={() => void chart.refetch()} />}
      {chart.data && !chart.error && bubbles.length === 0 && (
        <p className={styles.none}>
          Nothing passed a level in these months{hidden.size > 0 && ' in the categories shown'}.
        </p>
      )}
      {chart.data && !chart.error && bubbles.length > 0 && asTable && (
        <BubbleTable bubbles={bubbles} points={points} onChoose={onChoose} />
      )}
      {chart.data && !chart.error && bubbles.length > 0 && !asTable && (
        <Drawing
          bubbles={bubbles}
          points={points}
          triggers={triggers}
          from={chart.data.from}
          to={chart.data.to}
          onChoose={onChoose}
        />
      )}
    </section>
  );
}

type CategoriesProps = {
  bubbles: readonly Bubble[];
  hidden: ReadonlySet<Category>;
  onToggle: (category: Category) => void;
  children: ReactNode;
};

function Categories({ bubbles, hidden, onToggle, children }: CategoriesProps) {
  const present = CATEGORIES.filter((category) => bubbles.some((bubble) => bubble.indicator.category === category));
  return (
    <div role="group" aria-label="Categories shown" className={styles.categories}>
      {present.map((category) => (
        <ToggleButton
          key={category}
          size="small"
          shape="circular"
          appearance="subtle"
          checked={!hidden.has(category)}
          icon={<CategoryShape category={category} />}
          onClick={() => onToggle(category)}
        >
          {CATEGORY_LOOK[category].word}
        </ToggleButton>
      ))}
      {children}
      <span className={styles.legend}>
        Filled: counted in the score. Outline: seen, not counted. Size: how many. Shaded: in scope.
      </span>
    </div>
  );
}

type DrawingProps = {
  bubbles: readonly Bubble[];
  points: Points;
  triggers: readonly Schemas['Trigger'][];
  from: string;
  to: string;
  onChoose: (bubble: Bubble) => void;
};

// For the keyboard the drawing is a list of bubbles of which one is active.
function Drawing({ bubbles, points, triggers, from, to, onChoose }: DrawingProps) {
  const [index, setIndex] = useState(() => strongest(bubbles));
  const [focused, setFocused] = useState(false);
  const [pointed, setPointed] = useState<Bubble | null>(null);
  const kept = bubbles[index] ?? bubbles[0];
  const active = pointed ?? (focused ? (kept ?? null) : null);
  const position = kept ? bubbles.indexOf(kept) : 0;

  const onKey = (event: KeyboardEvent) => {
    const next = moveByKey(event.key, position, bubbles);
    if (next !== null) {
      setIndex(next);
      setPointed(null);
    } else if ((event.key === 'Enter' || event.key === ' ') && kept) {
      onChoose(kept);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div
      role="listbox"
      aria-label="Activity chart. Left and right go through the bubbles, up and down within a day, Enter shows its activities."
      aria-activedescendant="chart-active"
      tabIndex={0}
      className={styles.box}
      onKeyDown={onKey}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {kept && (
        <div
          id="chart-active"
          role="option"
          aria-selected="true"
          aria-setsize={bubbles.length}
          aria-posinset={position + 1}
          className={styles.onlyRead}
        >
          {inWords(kept, points)}
        </div>
      )}
      <Suspense fallback={<div className={styles.canvas} />}>
        <ChartCanvas
          bubbles={bubbles}
          triggers={triggers}
          from={from}
          to={to}
          active={active}
          onPoint={setPointed}
          onChoose={onChoose}
          card={active && <BubbleCard bubble={active} points={points} />}
        />
      </Suspense>
    </div>
  );
}

function strongest(bubbles: readonly Bubble[]): number {
  return bubbles.reduce((best, bubble, index) => (bubble.score > (bubbles[best]?.score ?? -1) ? index : best), 0);
}

function inWords(bubble: Bubble, points: Points): string {
  const counted = bubble.points === null ? 'not counted' : `adds ${pointsOf(bubble, points)} points`;
  const { title, category } = bubble.indicator;
  return `${localDay(bubble.day)}: ${title}, ${CATEGORY_LOOK[category].word}, score ${shownPoints(bubble.score)}, ${activitiesInWords(bubble.count)}, ${counted}`;
}

function activitiesInWords(count: number): string {
  return count === 1 ? '1 activity' : `${count.toLocaleString()} activities`;
}

function BubbleCard({ bubble, points }: { bubble: Bubble; points: Points }) {
  return (
    <div data-testid="bubble-card" aria-hidden="true">
      <strong>{visibleText(bubble.indicator.title)}</strong>
      <div className={styles.cardLine}>
        <CategoryName category={bubble.indicator.category} />
        <span>{localDay(bubble.day)}</span>
      </div>
      <div className={styles.cardLine}>
        <span>Score {shownPoints(bubble.score)}</span>
        <span>{activitiesInWords(bubble.count)}</span>
        {bubble.bytes > 0 && <span>{bytesInWords(bubble.bytes)}</span>}
      </div>
      <div>{bubble.points === null ? 'Not counted in the score' : `Adds ${pointsOf(bubble, points)} points`}</div>
    </div>
  );
}

type TableProps = { bubbles: readonly Bubble[]; points: Points; onChoose: (bubble: Bubble) => void };

function BubbleTable({ bubbles, points, onChoose }: TableProps) {
  return (
    <TableFrame label="Activity by day" className={styles.tableFrame}>
      <table className={table.table} aria-labelledby="chart-title">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Indicator</th>
            <th scope="col">Category</th>
            <th scope="col" className={table.number}>
              Score
            </th>
            <th scope="col" className={table.number}>
              Activities
            </th>
            <th scope="col" className={table.number}>
              Points
            </th>
            <th scope="col">From, to</th>
            <th scope="col">
              <span className={styles.onlyRead}>Show</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bubbles.map((bubble) => (
            <tr key={bubbleId(bubble)}>
              <td className={table.nowrap}>
                <CalendarDay day={bubble.day} />
              </td>
              <th scope="row">
                <IndicatorTitle indicator={bubble.indicator} />
              </th>
              <td>{CATEGORY_LOOK[bubble.indicator.category].word}</td>
              <td className={table.number}>{shownPoints(bubble.score)}</td>
              <td className={table.number}>{bubble.count.toLocaleString()}</td>
              <td className={table.number}>{bubble.points === null ? '–' : pointsOf(bubble, points)}</td>
              <td className={table.nowrap}>
                <Timestamp at={bubble.first} /> – <Timestamp at={bubble.last} />
              </td>
              <td>
                <Button
                  size="small"
                  appearance="subtle"
                  onClick={() => onChoose(bubble)}
                  aria-label={`Show activities: ${bubble.indicator.title}, ${localDay(bubble.day)}`}
                >
                  Show
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
