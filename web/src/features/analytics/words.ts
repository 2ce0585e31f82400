import type { IndicatorUse, PolicyReach } from './analytics_calls';

// People are told in tens; 0 stands for fewer than ten.
export const peopleInWords = (people: number): string =>
  people === 0 ? 'fewer than 10' : `${people.toLocaleString()} or more`;

export const levelsInWords = ({ low, medium, high }: IndicatorUse['shipped']): string =>
  [low, medium, high].map((level) => level.toLocaleString()).join(' / ');

const DIMENSION: Record<IndicatorUse['fitted'][number]['dimension'], string> = {
  all: '',
  sensitive: 'sensitive',
  priority: 'priority',
  unallowed: 'not allowed',
};

export function fittedInWords(fitted: IndicatorUse['fitted']): string[] {
  if (fitted.length === 0) return ['too little to tell'];
  return fitted.map(({ dimension, levels }) => `${DIMENSION[dimension]} ${levelsInWords(levels)}`.trim());
}

// What is worth a thought: not in force, and it would look at somebody.
export const isWorthALook = (policy: PolicyReach): boolean => !policy.in_force && policy.people > 0;
