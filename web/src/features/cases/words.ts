import type { Schemas } from '../../shared/api/client';

export const STATE_WORD: Record<Schemas['CaseState'], string> = { open: 'Open', closed: 'Closed' };

export const RESOLUTION_WORD: Record<Schemas['CaseResolution'], string> = {
  benign: 'Benign',
  confirmed_policy_violation: 'Confirmed policy violation',
};

export const ACTION_WORD: Record<Schemas['CaseAction'], string> = {
  none: 'Nothing was needed',
  coached: 'Spoke with the person',
  warned: 'Warned in writing',
  access_changed: 'Changed access',
  disciplinary: 'Disciplinary procedure',
  employment_ended: 'Employment ended',
  reported_to_authority: 'Reported to an authority',
  other: 'Something else',
};

export const LINK_WORD: Record<Schemas['CaseLinkKind'], string> = {
  same_incident: 'The same incident',
  colluding: 'Acted together',
  follow_up: 'Follow-up of the other',
};

// As the case reads it that the link is shown on: a follow-up is the one it was made from.
export function linkInWords({ kind, made_here }: Pick<Schemas['CaseLink'], 'kind' | 'made_here'>): string {
  if (kind !== 'follow_up') return LINK_WORD[kind];
  return made_here ? 'Follow-up of' : 'Followed up by';
}

// What a line of the history tells, without its text.
export function actInWords({ act, about }: Pick<Schemas['CaseHistoryLine'], 'act' | 'about'>): string {
  switch (act) {
    case 'opened':
      return 'opened the case';
    case 'alert_added':
      return 'added an alert';
    case 'note_added':
      return `wrote note ${about}`;
    case 'task_added':
      return `added task ${about}`;
    case 'task_done':
      return `finished task ${about}`;
    case 'evidence_added':
      return `added file ${about}`;
    case 'contributor_added':
      return `added ${about} as contributor`;
    case 'contributor_removed':
      return `removed ${about} as contributor`;
    case 'handed_over':
      return `handed it over to ${about}`;
    case 'closed':
      return `closed it: ${closingInWords(about)}`;
    case 'reopened':
      return 'reopened it';
    case 'linked':
      return 'linked it to another case';
    case 'unlinked':
      return 'took a link to another case apart';
    case 'notice_reminded':
      return `notice ${about} was reminded, as chosen when it was sent`;
    case 'notice_answered':
      return `marked notice ${about} as answered`;
    case 'scoring_asked':
      return `asked for scoring under ${about}`;
    case 'notice_sent':
      return `sent notice ${about} to the person`;
  }
}

// "confirmed_policy_violation coached" as the history keeps it.
function closingInWords(about: string): string {
  const [resolution = '', action = ''] = about.split(' ');
  const words = [
    resolution in RESOLUTION_WORD && RESOLUTION_WORD[resolution as Schemas['CaseResolution']],
    action in ACTION_WORD && ACTION_WORD[action as Schemas['CaseAction']],
  ];
  return words.filter(Boolean).join(', ').toLowerCase();
}

// "25.0 MiB", "1,023 bytes".
export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes.toLocaleString()} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [size, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'KiB'] : [bytes / (1024 * 1024), 'MiB'];
  return `${size.toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ${unit}`;
}
