import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { visibleText } from '../../shared/text/visible';
import { localTime } from '../../shared/time/format';
import { COLUMN, LABEL, LANE, lanesOf, neighbour, type Lanes, type Node } from './lanes';
import type { TraceResult } from './trace_calls';
import styles from './traces.module.css';
import { ACT_WORD } from './words';

const LONGEST_TITLE = 120;

// The same as the list, seen at once: who, when, in which order. Arrow keys walk along it, Enter goes to the list.
export function TraceGraph({ result, onOpen }: { result: TraceResult; onOpen: (step: number) => void }) {
  const lanes = useMemo(() => lanesOf(result), [result]);
  const [at, setAt] = useState(0);
  const svg = useRef<SVGSVGElement>(null);
  const go = (event: KeyboardEvent, index: number) => {
    const step = lanes.nodes[index]?.step.number;
    if ((event.key === 'Enter' || event.key === ' ') && step !== undefined) {
      event.preventDefault();
      onOpen(step);
      return;
    }
    const next = neighbour(lanes, index, event.key);
    if (next === index) return;
    event.preventDefault();
    setAt(next);
    svg.current?.querySelector<SVGGElement>(`[data-node="${next}"]`)?.focus();
  };
  return (
    <div className={styles.graph} role="region" aria-label="Where it went, as a graph" tabIndex={-1}>
      <svg
        ref={svg}
        width={lanes.width}
        height={lanes.height}
        role="group"
        aria-label={`${lanes.nodes.length} steps in ${lanes.people.length} hands; arrow keys walk along them`}
      >
        <LaneLines lanes={lanes} result={result} />
        {lanes.lines.map(({ from, to, sure }) => (
          <path
            key={to.step.number}
            d={curve(from, to)}
            className={sure ? styles.line : styles.unsure}
            aria-hidden="true"
          />
        ))}
        {lanes.nodes.map((node, index) => (
          <g
            key={node.step.number}
            data-node={index}
            role="button"
            tabIndex={index === Math.min(at, lanes.nodes.length - 1) ? 0 : -1}
            aria-label={titleOf(node)}
            className={styles.node}
            onFocus={() => setAt(index)}
            onKeyDown={(event) => go(event, index)}
            onClick={() => onOpen(node.step.number)}
          >
            <title>{titleOf(node)}</title>
            <rect
              x={node.x - COLUMN / 2}
              y={node.y - LANE / 2}
              width={COLUMN}
              height={LANE}
              className={styles.target}
            />
            {node.leaves ? (
              <rect x={node.x - 9} y={node.y - 9} width={18} height={18} rx={3} className={styles.out} />
            ) : (
              <circle cx={node.x} cy={node.y} r={9} className={styles.inside} />
            )}
            <text x={node.x} y={node.y + 4} className={node.leaves ? styles.outNumber : styles.nodeNumber}>
              {node.step.number}
            </text>
          </g>
        ))}
      </svg>
      {lanes.leftOut > 0 && (
        <p className={styles.words}>{lanes.leftOut.toLocaleString()} steps are in the list only.</p>
      )}
    </div>
  );
}

function LaneLines({ lanes, result }: { lanes: Lanes; result: TraceResult }) {
  return (
    <g aria-hidden="true">
      {lanes.people.map((person, lane) => (
        <g key={person}>
          <line
            x1={LABEL}
            x2={lanes.width}
            y1={lane * LANE + LANE / 2}
            y2={lane * LANE + LANE / 2}
            className={styles.lane}
          />
          <text x={0} y={lane * LANE + LANE / 2 + 4} className={styles.laneName}>
            {result.people[person]?.person.pseudonym ?? ''}
          </text>
        </g>
      ))}
    </g>
  );
}

function curve(from: Node, to: Node): string {
  const middle = (from.x + to.x) / 2;
  // Along one lane a step that lies farther back is reached by a bow, so that it does not hide behind the others.
  if (from.y === to.y && to.x - from.x > COLUMN) {
    return `M ${from.x} ${from.y - 9} Q ${middle} ${from.y - LANE / 2} ${to.x} ${to.y - 9}`;
  }
  return `M ${from.x} ${from.y} C ${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
}

function titleOf({ step }: Node): string {
  const text = `Step ${step.number}: ${ACT_WORD[step.act]} ${visibleText(step.name)}, ${localTime(step.time)}`;
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE)}…` : text;
}
