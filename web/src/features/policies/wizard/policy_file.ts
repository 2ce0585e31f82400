import { isMap, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

// The policy's file as the steps read and change it: what a step changes is written into the text one would have written
// by hand, and the rest of it, with its comments, stays.

export type Path = readonly (string | number)[];

// Null while the text is no YAML map: then only the file itself can be edited.
export function openFile(text: string): Document | null {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  return document.errors.length === 0 && isMap(document.contents) ? document : null;
}

function written(document: Document): string {
  return document.toString({ lineWidth: 118, flowCollectionPadding: false, minContentWidth: 20 });
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)
  );
}

// Lists of texts and small maps stand on one line, as people write them.
function flowing(document: Document, value: unknown): Node {
  const node = document.createNode(value) as Node;
  const isShort = JSON.stringify(value).length <= 100;
  if ((isSeq(node) || isMap(node)) && isShort) node.flow = true;
  if (isSeq(node) && !isShort) {
    for (const item of node.items) if (isMap(item) && JSON.stringify(item).length <= 160) item.flow = true;
  }
  return node;
}

// The file with that value there; nothing ("", [], {}) takes the key out, and maps that are empty then.
export function withValue(text: string, path: Path, value: unknown): string {
  const document = openFile(text);
  if (!document) return text;
  // What every policy has stays in its place while somebody writes another one.
  const always = path.length === 1 && (path[0] === 'id' || path[0] === 'name');
  if (isNothing(value) && !always) {
    document.deleteIn(path);
    for (let length = path.length - 1; length > 0; length -= 1) {
      const above = document.getIn(path.slice(0, length), true);
      if (!(isMap(above) || isSeq(above)) || above.items.length > 0) break;
      document.deleteIn(path.slice(0, length));
    }
    return written(document);
  }
  // Text stays under its place when only its words change, so that a folded block is one again.
  const node = document.getIn(path, true) as Node | undefined;
  if (typeof value === 'string' && node && 'value' in node && typeof node.value === 'string') {
    node.value = value;
    // Quoted only where it must be; a folded block stays one.
    if ('type' in node && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) node.type = 'PLAIN';
  } else {
    const isFlat = typeof value !== 'object';
    if (path.length > 1 && !document.hasIn(path.slice(0, 1)) && typeof path[1] === 'string') {
      document.setIn(path.slice(0, 1), document.createNode({}));
    }
    document.setIn(path, isFlat ? value : flowing(document, value));
  }
  return written(document);
}

export function valueAt(document: Document | null, path: Path): unknown {
  const node = document?.getIn(path, false) as { toJSON?: () => unknown } | undefined;
  return node && typeof node === 'object' && typeof node.toJSON === 'function' ? node.toJSON() : node;
}

export function textAt(document: Document | null, path: Path): string {
  const value = valueAt(document, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function listAt<T>(document: Document | null, path: Path): T[] {
  const value = valueAt(document, path);
  return Array.isArray(value) ? (value as T[]) : [];
}

type Ranged = { range?: [number, number, number] | null };

// The keys on the way to a line: where a fault belongs.
export function pathOfLine(text: string, line: number): Path {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    const inside = (part: unknown, from: unknown = part): boolean => {
      const start = (from as Ranged | null)?.range?.[0];
      const end = (part as Ranged | null)?.range?.[1] ?? start;
      if (start === undefined || end === undefined) return false;
      return lines.linePos(start).line <= line && line <= lines.linePos(Math.max(start, end - 1)).line;
    };
    if (isMap(node)) {
      const pair = node.items.find(({ key, value }) => inside(value ?? key, key));
      if (!pair) return path;
      path.push(String(pair.key));
      node = pair.value;
    } else if (isSeq(node)) {
      const at = node.items.findIndex((item) => inside(item));
      if (at < 0) return path;
      path.push(at);
      node = node.items[at];
    } else {
      return path;
    }
  }
}
