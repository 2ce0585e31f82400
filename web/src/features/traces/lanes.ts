import type { TraceResult, TraceStep } from './trace_calls';
import { leaves } from './words';

// A lane for each person, a column for each step, a line from each step to the one it is tied to. Pixels.
export const LANE = 44;
export const COLUMN = 34;
export const LABEL = 170;
export const MOST_COLUMNS = 120;

export type Node = { step: TraceStep; x: number; y: number; leaves: boolean };
export type Line = { from: Node; to: Node; sure: boolean };
export type Lanes = {
  people: number[]; // their places in TraceResult.people
  nodes: Node[];
  lines: Line[];
  leftOut: number;
  width: number;
  height: number;
};

export function lanesOf(result: TraceResult): Lanes {
  // The first of a long trace, but every way out of them: where it went is what is asked for.
  const chosen =
    result.steps.length <= MOST_COLUMNS
      ? result.steps
      : [...result.steps]
          .sort((a, b) => Number(leaves(b.act)) - Number(leaves(a.act)) || a.number - b.number)
          .slice(0, MOST_COLUMNS)
          .sort((a, b) => a.number - b.number);
  const people = [...new Set(chosen.map((step) => step.person))];
  const nodes = chosen.map((step, column) => ({
    step,
    x: LABEL + column * COLUMN + COLUMN / 2,
    y: people.indexOf(step.person) * LANE + LANE / 2,
    leaves: leaves(step.act),
  }));
  const byNumber = new Map(nodes.map((node) => [node.step.number, node]));
  const lines = nodes.flatMap((to) => {
    const from = to.step.from === null ? undefined : byNumber.get(to.step.from);
    return from ? [{ from, to, sure: to.step.strength !== 'likely' }] : [];
  });
  return {
    people,
    nodes,
    lines,
    leftOut: result.steps.length - chosen.length,
    width: LABEL + chosen.length * COLUMN + 8,
    height: people.length * LANE,
  };
}

// Where an arrow key leads from a node; the node itself where there is nothing.
export function neighbour(lanes: Lanes, at: number, key: string): number {
  const node = lanes.nodes[at];
  if (!node) return at;
  if (key === 'ArrowRight') return Math.min(at + 1, lanes.nodes.length - 1);
  if (key === 'ArrowLeft') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return lanes.nodes.length - 1;
  if (key === 'ArrowUp') {
    const before = lanes.nodes.findIndex((one) => one.step.number === node.step.from);
    return before < 0 ? at : before;
  }
  if (key === 'ArrowDown') {
    const next = lanes.nodes.findIndex((one) => one.step.from === node.step.number);
    return next < 0 ? at : next;
  }
  return at;
}
