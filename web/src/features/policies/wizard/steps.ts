import type { Schemas } from '../../../shared/api/client';
import { listAt, openFile, pathOfLine, textAt, valueAt, type Path } from './policy_file';

// The steps in the order in which people think of a policy, and what is wrong with each before anything is sent.

export type StepId =
  'about' | 'lawful' | 'scope' | 'content' | 'triggers' | 'indicators' | 'thresholds' | 'start' | 'ask';

export type Step = { id: StepId; title: string; keys: readonly string[] };

export const STEPS: readonly Step[] = [
  { id: 'about', title: 'Name and description', keys: ['id', 'name', 'description', 'template'] },
  { id: 'lawful', title: 'Lawful start', keys: ['lawful_start'] },
  { id: 'scope', title: 'Whom it looks at', keys: ['scope', 'guests', 'contractors', 'scoring.boosters'] },
  { id: 'content', title: 'Content to prioritise', keys: ['scores'] },
  { id: 'triggers', title: 'Triggers', keys: ['triggers'] },
  { id: 'indicators', title: 'Indicators and sequences', keys: ['indicators', 'sequences', 'cumulative'] },
  { id: 'thresholds', title: 'Thresholds and volume', keys: ['volume', 'fitted', 'scoring'] },
  { id: 'start', title: 'Start and timeframes', keys: ['start', 'windows', 'enabled', 'screen_evidence'] },
  { id: 'ask', title: 'Check, try and ask', keys: [] },
];

export type Problem = { step: StepId; path: Path; message: string; line?: number };

export function stepOf(path: Path): StepId {
  const [first, second] = path.map(String);
  if (first === 'scoring' && second === 'boosters') return 'scope';
  // Own levels of an indicator are set where thresholds are.
  if (first === 'indicators' && path.includes('thresholds')) return 'thresholds';
  return STEPS.find(({ keys }) => keys.includes(first ?? ''))?.id ?? 'ask';
}

export function fromDiagnostics(text: string, diagnostics: readonly Schemas['Diagnostic'][]): Problem[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, message, hint }) => {
      const path = line > 0 ? pathOfLine(text, line) : [];
      return { step: stepOf(path), path, line, message: hint ? `${message} (${hint})` : message };
    });
}

export type Condition = Record<string, string | string[]>;

const ID = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const COUNTRY = /^[A-Za-z]{2}$/;

function whole(value: unknown, least: number, most: number): boolean {
  return (
    value === undefined || (typeof value === 'number' && Number.isInteger(value) && least <= value && value <= most)
  );
}

function rising(levels: unknown): boolean {
  if (!Array.isArray(levels) || levels.length !== 3) return false;
  const [low, medium, high] = levels as unknown[];
  if (![low, medium, high].every((one) => typeof one === 'number' && whole(one, 1, 1_000_000_000))) return false;
  return (low as number) <= (medium as number) && (medium as number) <= (high as number);
}

// What can be told without the server, with its field.
export function problemsOf(text: string): Problem[] {
  const file = openFile(text);
  if (!file) return [{ step: 'ask', path: [], message: 'The file is no YAML: correct it as a file.' }];
  const out: Problem[] = [];
  const say = (path: Path, message: string) => out.push({ step: stepOf(path), path, message });
  if (!ID.test(textAt(file, ['id']))) say(['id'], 'Small letters, digits, - and _, at most 64');
  const name = textAt(file, ['name']);
  if (!name.trim()) say(['name'], 'A policy needs a name');
  if (name.length > 200) say(['name'], 'At most 200 characters');
  if (textAt(file, ['description']).length > 4000) say(['description'], 'At most 4,000 characters');
  const countries = valueAt(file, ['lawful_start', 'countries']);
  const named = Array.isArray(countries)
    ? countries
    : countries === undefined || countries === 'all'
      ? []
      : [countries];
  if (named.some((one) => !COUNTRY.test(String(one)))) {
    say(['lawful_start', 'countries'], 'Two letters each, such as DE AT; or all');
  }
  for (const part of ['where', 'except'] as const) {
    listAt<Condition>(file, ['scope', part]).forEach((condition, at) => {
      const entries = Object.entries(condition ?? {});
      if (entries.length === 0 || entries.some(([key, value]) => key.trim() === '' || value.length === 0)) {
        say(['scope', part, at], 'Name an attribute and at least one value');
      }
    });
  }
  const triggers = listAt<Record<string, unknown>>(file, ['triggers']);
  if (triggers.length === 0) say(['triggers'], 'Without a trigger nobody comes into scope');
  triggers.forEach((trigger, at) => {
    const chosen = ['fact', 'indicators', 'sequences', 'cumulative'].filter((key) => {
      const value = trigger[key];
      return Array.isArray(value) ? value.length > 0 : Boolean(value);
    });
    if (chosen.length !== 1) say(['triggers', at], 'Say what brings somebody into scope');
  });
  if (new Set(triggers.map(({ id }) => id)).size !== triggers.length) say(['triggers'], 'Two triggers have one id');
  const indicators = listAt<Record<string, unknown>>(file, ['indicators']);
  if (indicators.length === 0) say(['indicators'], 'Without an indicator nothing counts');
  indicators.forEach((entry, at) => {
    const { weight, thresholds } = entry;
    if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && weight <= 1)) {
      say(['indicators', at, 'weight'], 'A weight is from 0 to 1');
    }
    for (const [dimension, levels] of Object.entries((thresholds ?? {}) as Record<string, unknown>)) {
      if (!rising(levels)) {
        say(['indicators', at, 'thresholds', dimension], 'Three whole numbers from 1 on that do not fall');
      }
    }
  });
  for (const [key, least, most] of [
    ['look_back_days', 0, 180],
    ['activation_days', 1, 180],
    ['evidence_days', 1, 180],
  ] as const) {
    if (!whole(valueAt(file, ['windows', key]), least, most))
      say(['windows', key], `A whole number from ${least} to ${most}`);
  }
  return out;
}

// The messages of one field, and of what is in it.
export function at(problems: readonly Problem[], path: Path): string | undefined {
  const found = problems.filter((one) => path.every((key, depth) => String(one.path[depth]) === String(key)));
  return found.length === 0 ? undefined : found.map(({ message }) => message).join('. ');
}
