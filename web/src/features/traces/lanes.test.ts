import { expect, it } from 'vitest';
import { lanesOf, MOST_COLUMNS, neighbour } from './lanes';
import { result, step } from './sample_trace';

it('gives each person a lane, each step a column, and lines to what came before', () => {
  const lanes = lanesOf(
    result([
      step({ number: 1, person: 1 }),
      step({ number: 2, person: 0, from: 1, act: 'mailed' }),
      step({ number: 3, person: 1, from: 2, strength: 'likely' }),
    ]),
  );
  expect(lanes.people).toEqual([1, 0]);
  expect(lanes.nodes.map((node) => [node.step.number, node.leaves])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  expect(lanes.nodes[0]?.y).toBe(lanes.nodes[2]?.y);
  expect(lanes.nodes[0]?.x).toBeLessThan(lanes.nodes[1]?.x ?? 0);
  expect(lanes.lines.map(({ from, to, sure }) => [from.step.number, to.step.number, sure])).toEqual([
    [1, 2, true],
    [2, 3, false],
  ]);
});

it('keeps every way out of a long trace, and says what it left out', () => {
  const steps = Array.from({ length: 500 }, (_, at) =>
    step({ number: at + 1, from: at || null, act: at === 499 ? 'to_medium' : 'opened' }),
  );
  const lanes = lanesOf(result(steps));
  expect(lanes.nodes).toHaveLength(MOST_COLUMNS);
  expect(lanes.leftOut).toBe(500 - MOST_COLUMNS);
  expect(lanes.nodes.at(-1)?.step.number).toBe(500);
  expect(lanes.lines.every((line) => line.from.x < line.to.x)).toBe(true);
  expect(lanesOf(result([])).nodes).toEqual([]);
});

it('walks by arrow keys: along the time, and back and forth along the ties', () => {
  const lanes = lanesOf(result([step({ number: 1 }), step({ number: 2 }), step({ number: 3, from: 1 })]));
  const keys: [number, string, number][] = [
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 2],
    [0, 'ArrowLeft', 0],
    [2, 'ArrowUp', 0],
    [1, 'ArrowUp', 1],
    [0, 'ArrowDown', 2],
    [1, 'ArrowDown', 1],
    [1, 'End', 2],
    [1, 'Home', 0],
    [1, 'x', 1],
    [9, 'Home', 9],
  ];
  for (const [at, key, to] of keys) expect(neighbour(lanes, at, key)).toBe(to);
});
