import { API_BASE, CallFailed, failureOf } from './client';

type Parameters = Record<string, string | readonly string[] | undefined>;

// Adds parameters the way the contract has them: repeated for lists, none for undefined or empty ones.
export function addressOf(path: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') continue;
    for (const one of typeof value === 'string' ? [value] : value) query.append(name, one);
  }
  const text = query.toString();
  return `${API_BASE}${path}${text ? `?${text}` : ''}`;
}

// Fetches a file and hands it to the browser to keep. Unlike a plain link, a refusal is shown, not saved. Gives the
// number of rows after which it was cut off; null when it is whole.
export async function download(path: string, parameters: Parameters, fallbackName: string): Promise<number | null> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, parameters), { credentials: 'same-origin' });
  } catch {
    throw new CallFailed(0, 'web.unreachable', 'The server cannot be reached. Check the connection and try again.');
  }
  if (!response.ok) throw failureOf(response, await response.json().catch(() => null));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(response.headers.get('Content-Disposition')) ?? fallbackName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  const cut = Number.parseInt(response.headers.get('X-Candor-Cut') ?? '', 10);
  return Number.isFinite(cut) ? cut : null;
}

function fileName(disposition: string | null): string | null {
  const match = /filename="?([\w.-]+)"?/.exec(disposition ?? '');
  return match?.[1] ?? null;
}
