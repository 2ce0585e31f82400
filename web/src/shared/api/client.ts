import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

// Something the server refused or that never reached it. `id` is the stable id of the contract's `Error`
// ("alerts.not_found"), or one of ours: "web.unreachable", "web.unreadable".
export class CallFailed extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.name = 'CallFailed';
  }
}

export const API_BASE = '/api/v1';

export const api = createClient<paths>({
  baseUrl: new URL(API_BASE, window.location.origin).href,
  // Resolved at each call, so that tests may put a fetch of their own in place.
  fetch: (request) => globalThis.fetch(request),
  credentials: 'same-origin',
});

// Every operation that changes something declares this header in the contract; another site's form cannot send it.
export const REQUEST_HEADER = { 'X-Candor-Request': '1' } as const;

// For what a page asks by itself: it keeps no session open.
export const AUTOMATIC_HEADER = { 'X-Candor-Automatic': '1' } as const;

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

// Awaits a call of `api` and gives its data, or throws CallFailed.
export async function answerOf<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new CallFailed(0, 'web.unreadable', 'The server answered with something that is not the Candor API.');
    }
    throw new CallFailed(0, 'web.unreachable', 'The server cannot be reached. Check the connection and try again.');
  }
  if (answer.response.ok) return answer.data as Data;
  throw failureOf(answer.response, answer.error);
}

export function failureOf(response: Response, error: unknown): CallFailed {
  const retry = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isFinite(retry) ? retry : null;
  if (isApiError(error)) return new CallFailed(response.status, error.id, error.message, retryAfter);
  return new CallFailed(
    response.status,
    'web.unreadable',
    `The server answered with status ${response.status}.`,
    retryAfter,
  );
}

function isApiError(value: unknown): value is Schemas['Error'] {
  if (typeof value !== 'object' || value === null) return false;
  const { id, message } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof message === 'string';
}
