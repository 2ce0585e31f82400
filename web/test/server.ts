import { vi } from 'vitest';

// Answers in place of a server, for tests of one component. What the whole does is tested in e2e/, against the real one.
type Given = { url: URL; body: unknown; headers: Headers };
type Answer = unknown | ((given: Given) => unknown);
export type Answers = Record<string, Answer>;

export class Refusal {
  constructor(
    readonly status: number,
    readonly id: string,
    readonly message: string,
    readonly headers: Record<string, string> = {},
  ) {}
}

// A file that does not hold everything.
export class Cut {
  constructor(readonly rows: number) {}
}

// `answers` by "METHOD /path" (without /api/v1), as a value, a Refusal, or what makes one. Gives the calls made.
export function serve(answers: Answers): { calls: string[] } {
  const calls: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, window.location.origin), init);
    const url = new URL(request.url);
    const key = `${request.method} ${url.pathname.replace('/api/v1', '')}`;
    calls.push(`${key}${url.search}`);
    const text = await request.text();
    const answer = answers[key];
    const value: unknown =
      typeof answer === 'function'
        ? answer({ url, body: text ? JSON.parse(text) : undefined, headers: request.headers })
        : answer;
    if (value === undefined) return respond(404, { id: 'test.no_answer', message: key });
    if (value instanceof Refusal) return respond(value.status, { id: value.id, message: value.message }, value.headers);
    if (value instanceof Cut) return respond(200, '', { 'X-Candor-Cut': String(value.rows) });
    return value === null ? new Response(null, { status: 204 }) : respond(200, value);
  });
  return { calls };
}

function respond(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}
