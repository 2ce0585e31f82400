import type { Category } from '../../shared/category/category';
import type { Bubble } from './activity_calls';

// Nothing of it passed a level, and nothing counts it: ordinary work, of which there is much.
export function isOrdinary(bubble: Bubble): boolean {
  return bubble.score === 0 && !bubble.in_alert;
}

// Top of the score axis: the next quarter above the strongest, so that weak days do not all lie on the floor.
export function topOfAxis(bubbles: readonly Bubble[]): number {
  const strongest = bubbles.reduce((most, bubble) => Math.max(most, bubble.score), 0);
  return Math.min(100, Math.max(25, Math.ceil((strongest + 1) / 25) * 25));
}

type Window = { from: string; to: string };

// The days in scope when windows overlap or follow each other at once: each day once.
export function unionOfWindows(windows: readonly Window[]): Window[] {
  const union: Window[] = [];
  for (const { from, to } of [...windows].sort((a, b) => a.from.localeCompare(b.from))) {
    const last = union.at(-1);
    if (last && from <= shiftDay(last.to, 1)) last.to = to > last.to ? to : last.to;
    else union.push({ from, to });
  }
  return union;
}

// The order the keyboard goes through them: by day, on the same day the strongest first.
export function inKeyOrder(bubbles: readonly Bubble[], hidden: ReadonlySet<Category>): Bubble[] {
  return bubbles
    .filter((bubble) => !hidden.has(bubble.indicator.category))
    .sort(
      (a, b) => a.day.localeCompare(b.day) || b.score - a.score || a.indicator.name.localeCompare(b.indicator.name),
    );
}

export function bubbleId(bubble: Bubble): string {
  return `${bubble.day} ${bubble.indicator.name}`;
}

// Where a key leads from `index`: left and right through all, up and down within the day, page keys a week; null for
// other keys. Bubbles are in key order.
export function moveByKey(key: string, index: number, bubbles: readonly Bubble[]): number | null {
  const last = bubbles.length - 1;
  const here = bubbles[index];
  if (!here) return null;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowUp':
      return bubbles[index - 1]?.day === here.day ? index - 1 : index;
    case 'ArrowDown':
      return bubbles[index + 1]?.day === here.day ? index + 1 : index;
    case 'PageDown':
      return firstFrom(bubbles, shiftDay(here.day, 7)) ?? last;
    case 'PageUp':
      return firstFrom(bubbles, shiftDay(here.day, -7)) ?? 0;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function firstFrom(bubbles: readonly Bubble[], day: string): number | null {
  const index = bubbles.findIndex((bubble) => bubble.day >= day);
  return index < 0 ? null : index;
}

function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

// Diameter in pixels: the area grows with the logarithm of the count, so that one heavy day does not cover the rest.
export function diameter(count: number): number {
  return 9 + 4.5 * Math.log2(1 + count) ** 0.9;
}

export function bytesInWords(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1 })} ${units[unit]}`;
}
