import type { Schemas } from '../../shared/api/client';

export const OUTCOME_WORD: Record<Schemas['PackSwitchOutcome'], string> = {
  set: 'decided, from today on',
  again: 'decided again as it is, or what is decided for more people would undo it',
  holds: 'so already',
  agreed: 'left on: an agreement is named',
  decided: 'left off: somebody decided so',
  needs_agreement: 'left off until an agreement is named',
};

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

// "9 policies, 40 indicators, 3 texts"; what it has none of is not told.
export function contentsInWords(pack: Schemas['PackRow']): string {
  return [
    pack.policy_count > 0 && counted(pack.policy_count, 'policy', 'policies'),
    pack.limit_count > 0 && `limits on ${counted(pack.limit_count, 'policy', 'policies')}`,
    pack.switch_count > 0 && counted(pack.switch_count, 'indicator', 'indicators'),
    pack.text_count > 0 && counted(pack.text_count, 'text', 'texts'),
  ]
    .filter(Boolean)
    .join(', ');
}

export function driftInWords(drift: Schemas['PackDrift']): string {
  const parts = [
    drift.policies > 0 && counted(drift.policies, 'policy differs', 'policies differ'),
    drift.switches > 0 && counted(drift.switches, 'indicator is decided otherwise', 'indicators are decided otherwise'),
    drift.retention && 'things are kept longer',
  ].filter(Boolean);
  return parts.length === 0 ? 'Nothing has changed since.' : `Since then: ${parts.join(', ')}.`;
}

export type SwitchGroup = {
  key: string;
  on: boolean;
  where: string;
  outcome: Schemas['PackSwitchOutcome'];
  why: string;
  titles: string[];
};

// One line for all that are decided alike.
export function grouped(switches: Schemas['PackPlan']['switches']): SwitchGroup[] {
  const groups = new Map<string, SwitchGroup>();
  for (const one of switches) {
    const where = (one.country === '' ? 'everywhere' : `in ${one.country}`) + (one.group ? `, group ${one.group}` : '');
    const why = one.outcome === 'holds' ? '' : one.agreement;
    const key = JSON.stringify([one.outcome, one.on, where, why]);
    const group = groups.get(key) ?? { key, on: one.on, where, outcome: one.outcome, why, titles: [] };
    group.titles.push(one.title);
    groups.set(key, group);
  }
  return [...groups.values()];
}
