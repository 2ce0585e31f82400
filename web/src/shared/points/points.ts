// Points have at most six digits after the point and add up exactly in decimal. Binary sums do not, so they are added as
// whole millionths; and so that what is shown adds up as well, shown parts are rounded together.

const MILLIONTHS = 1_000_000;
const PER_HUNDREDTH = MILLIONTHS / 100;

export function millionths(points: number): number {
  return Math.round(points * MILLIONTHS);
}

export function sumOfPoints(points: readonly number[]): number {
  return points.reduce((sum, one) => sum + millionths(one), 0) / MILLIONTHS;
}

// Whole hundredths towards minus infinity: a score just under a band's edge never looks as if it had passed it.
function hundredthsDown(points: number): number {
  return Math.floor(millionths(points) / PER_HUNDREDTH);
}

// "87.25"
export function shownPoints(points: number): string {
  return shownHundredths(hundredthsDown(points));
}

function shownHundredths(hundredths: number): string {
  return (hundredths / 100).toFixed(2).replace('-', '−');
}

// Hundredths for each part such that they add up to the hundredths of the whole: all rounded down, then the rest given
// to those that lost most; the earlier first where equal. The parts must add up to the whole exactly.
export function hundredthsAddingUp(parts: readonly number[]): number[] {
  const shown = parts.map(hundredthsDown);
  let missing = hundredthsDown(sumOfPoints(parts)) - shown.reduce((sum, one) => sum + one, 0);
  const byLoss = parts
    .map((part, index) => ({ index, lost: millionths(part) - hundredthsDown(part) * PER_HUNDREDTH }))
    .sort((a, b) => b.lost - a.lost || a.index - b.index);
  for (const { index } of byLoss) {
    if (missing <= 0) break;
    shown[index] = (shown[index] ?? 0) + 1;
    missing -= 1;
  }
  return shown;
}

// What a receipt shows for each of its parts, by the part's id: the same number wherever the part is spoken of.
export function shownByPart(parts: readonly { id: string; points: number }[]): Map<string, string> {
  const shown = hundredthsAddingUp(parts.map((part) => part.points));
  return new Map(parts.map((part, index) => [part.id, shownHundredths(shown[index] ?? 0)]));
}

// The same for each day and indicator, whose parts a chart shows as one; by "day indicator".
export function shownByBubble(
  parts: readonly { day: string | null; indicator: { name: string } | null; points: number }[],
): Map<string, string> {
  const sums = new Map<string, number>();
  hundredthsAddingUp(parts.map((part) => part.points)).forEach((hundredths, index) => {
    const part = parts[index];
    if (!part?.day || !part.indicator) return;
    const key = `${part.day} ${part.indicator.name}`;
    sums.set(key, (sums.get(key) ?? 0) + hundredths);
  });
  return new Map([...sums].map(([key, hundredths]) => [key, shownHundredths(hundredths)]));
}

export type ReceiptLine = { points: string; runningTotal: string; exact: string };

// What a receipt shows for each of its parts, in their order.
export function receiptLines(parts: readonly number[]): ReceiptLine[] {
  let running = 0;
  return hundredthsAddingUp(parts).map((hundredths, index) => {
    running += hundredths;
    return {
      points: `${hundredths >= 0 ? '+' : ''}${shownHundredths(hundredths)}`,
      runningTotal: shownHundredths(running),
      exact: `${millionths(parts[index] ?? 0) / MILLIONTHS} points`,
    };
  });
}
