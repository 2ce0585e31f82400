// Lays JSON text out over lines without reading it into values: numbers keep their digits, escapes stay escapes, repeated
// keys stay. Text that is not JSON comes out whole, only with other blanks between its tokens.

const TOKEN = /"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s{}[\],:"]+/g;
const DEEPEST_INDENT = 40;

export function prettyJson(text: string): string {
  let depth = 0;
  let out = '';
  let previous = '';
  const line = () => `\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      if (previous !== '{' && previous !== '[') out += line();
    } else if (previous === '{' || previous === '[' || previous === ',') {
      out += line();
    }
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    previous = token;
  }
  return out;
}
