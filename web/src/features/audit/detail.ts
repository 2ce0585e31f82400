// The detail of an audit line for people. The log keeps what was asked for, and how many rows were given, as JSON behind
// the reason; nobody should have to read brackets.
export function detailInWords(detail: string): string {
  // Behind the last separator of that form: a reason may hold one too, and nothing stands behind the object.
  const start = detail.startsWith('{') ? 0 : detail.lastIndexOf('; {') + 2;
  if (start === 1 || !detail.endsWith('}')) return detail;
  let told: unknown;
  try {
    told = JSON.parse(detail.slice(start));
  } catch {
    return detail;
  }
  if (typeof told !== 'object' || told === null) return detail;
  const words = Object.entries(told).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${valueInWords(value)}`);
  return detail.slice(0, start) + words.join('; ');
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
