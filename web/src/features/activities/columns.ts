import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';

type Field = Schemas['ActivityField'];

const KEY = 'candor.activity-columns';
const MOST_COLUMNS = 30;

// Which of `fields` the explorer shows, in their usual order: the remembered ones as far as they still exist, else the
// usual ones. Only names of fields are remembered, nothing of what they hold.
export function chosenColumns(fields: readonly Field[], remembered: string | null): string[] {
  const wanted = new Set((remembered ?? '').split(','));
  const known = fields.filter((field) => wanted.has(field.name)).slice(0, MOST_COLUMNS);
  const chosen = known.length > 0 ? known : fields.filter((field) => field.default);
  return chosen.map((field) => field.name);
}

export function toggled(fields: readonly Field[], columns: readonly string[], name: string): string[] {
  const wanted = new Set(columns);
  if (!wanted.delete(name)) wanted.add(name);
  return fields.filter((field) => wanted.has(field.name)).map((field) => field.name);
}

export function useColumns(fields: readonly Field[]) {
  const [remembered, setRemembered] = useState(readRemembered);
  const columns = chosenColumns(fields, remembered);
  const choose = (names: readonly string[] | null) => {
    const text = names === null || names.length === 0 ? null : names.join(',');
    setRemembered(text);
    writeRemembered(text);
  };
  return { columns, choose };
}

// Storage may be switched off; then the choice lasts as long as the page.
function readRemembered(): string | null {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function writeRemembered(text: string | null): void {
  try {
    if (text === null) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, text);
  } catch {
    // Kept in the page only.
  }
}
