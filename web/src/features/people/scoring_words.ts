import type { ScoringRequest } from './scoring_calls';

export const DECISION_WORD: Record<ScoringRequest['decision'], string> = {
  waits: 'Waits for a second person',
  agreed: 'Agreed to',
  not_needed: 'Began at once',
  rejected: 'Rejected',
  replaced: 'Replaced by a later request',
};

export const ACTS = {
  approve: {
    title: 'Let the scoring begin',
    act: 'Approve',
    lead: 'From today on this person is scored under the policy, over what is stored too. It ends by itself.',
  },
  reject: { title: 'Reject the request', act: 'Reject', lead: 'It is dropped. Nothing changes for this person.' },
  stop: {
    title: 'Stop the scoring',
    act: 'Stop',
    lead: 'What was asked for under this policy is taken back; its triggers count as before. Nobody else has to agree.',
  },
} as const;

export const ASK_LEAD = {
  waits:
    'It begins when a second person approves, and ends by itself. The policy is scored as if a trigger had fired, over what is stored too.',
  at_once:
    'It begins today and ends by itself. The policy is scored as if a trigger had fired, over what is stored too.',
};

export function daysInWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
