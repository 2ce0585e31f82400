import type { LookRequest } from './request_calls';

export const KIND_WORD: Record<LookRequest['kind'], string> = {
  activity_report: 'Report on what somebody did',
  screen_evidence: 'Recording of the screen',
  investigation_package: 'Investigation package of a case',
  content: 'Content of files and messages',
  data_trace: 'Where a content went',
};

export const STATE_WORD: Record<LookRequest['state'], string> = {
  waits: 'Waits for a decision',
  approved: 'Agreed to',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  ended: 'Ended',
};

export const KINDS = Object.keys(KIND_WORD) as LookRequest['kind'][];
export const STATES = Object.keys(STATE_WORD) as LookRequest['state'][];
