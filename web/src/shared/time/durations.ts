const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

// "3 h 5 min", "40 s", "less than a second"; "not known" for null.
export function durationInWords(seconds: number | null): string {
  if (seconds === null) return 'not known';
  if (seconds < 1) return 'less than a second';
  const at = UNITS.findIndex(([length]) => seconds >= length);
  const [length, name] = UNITS[at] ?? UNITS[3];
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((seconds % length) / next[0]) : 0;
  const first = `${Math.floor(seconds / length)} ${name}`;
  return next && rest > 0 ? `${first} ${rest} ${next[1]}` : first;
}
