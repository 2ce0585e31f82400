// What somebody has typed so far, for when they leave the page. Of this browser and this viewer only; it names no person,
// for a policy names none.

const PREFIX = 'candor.policy-draft.';
const KEPT_MS = 30 * 86_400_000;

export type StoredDraft = { yaml: string; reason: string; savedAt: number };

const keyOf = (user: string, what: string) => `${PREFIX}${user}.${what}`;

// `what`: "new", or the policy it began with.
export function readDraft(user: string, what: string, now: number): StoredDraft | null {
  try {
    const text = window.localStorage.getItem(keyOf(user, what));
    const found = text === null ? null : (JSON.parse(text) as Partial<StoredDraft>);
    if (!found || typeof found.yaml !== 'string' || typeof found.savedAt !== 'number') return null;
    if (now - found.savedAt > KEPT_MS) {
      dropDraft(user, what);
      return null;
    }
    return { yaml: found.yaml, reason: typeof found.reason === 'string' ? found.reason : '', savedAt: found.savedAt };
  } catch {
    return null; // storage is closed, or somebody else wrote there
  }
}

export function keepDraft(user: string, what: string, draft: StoredDraft): void {
  try {
    window.localStorage.setItem(keyOf(user, what), JSON.stringify(draft));
  } catch {
    // full or closed: the draft lasts as long as the page
  }
}

export function dropDraft(user: string, what: string): void {
  try {
    window.localStorage.removeItem(keyOf(user, what));
  } catch {
    // closed
  }
}
