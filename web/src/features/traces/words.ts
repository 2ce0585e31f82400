import type { Schemas } from '../../shared/api/client';
import type { TraceResult, TraceStartKind, TraceStep } from './trace_calls';

export const START_WORD: Record<TraceStartKind, string> = {
  file: 'A file, by name or path',
  hash: 'A file, by its hash',
  document: 'A document, by its address or id',
  label: 'A sensitivity label, by its id',
  site: 'A site, and all below it',
  domain: 'A domain, and all below it',
  activity: 'One activity of this person',
};
export const START_HINT: Record<TraceStartKind, string> = {
  file: 'plan.docx, or a whole path such as C:\\Users\\x\\plan.docx. Other files of that name are begun with, too.',
  hash: 'The 64 digits of a SHA-256, or the 40 of a SHA-1.',
  document: 'https://contoso.sharepoint.com/sites/x/Shared Documents/plan.docx, or the id a service has for it.',
  label: 'The id records have, not the title.',
  site: 'https://contoso.sharepoint.com/sites/x',
  domain: 'example.com: what went there or came from there.',
  activity: 'Chosen in the activity explorer: “Where did this go?”',
};
export const START_KINDS = Object.keys(START_WORD) as TraceStartKind[];

export const ACT_WORD: Record<Schemas['TraceAct'], string> = {
  opened: 'Opened',
  made: 'Made',
  changed: 'Changed',
  labelled: 'Label changed',
  deleted: 'Deleted',
  downloaded: 'Downloaded',
  renamed: 'Renamed',
  moved: 'Moved',
  copied: 'Copied',
  archived: 'Packed',
  to_medium: 'Copied to removable media',
  to_share: 'Copied to a share',
  to_device: 'Sent to another device',
  uploaded: 'Uploaded',
  printed: 'Printed',
  mailed: 'Mailed',
  shared: 'Shared',
  linked: 'Opened to anybody with the link',
};
const LEAVES: ReadonlySet<Schemas['TraceAct']> = new Set([
  'to_medium',
  'to_share',
  'to_device',
  'uploaded',
  'printed',
  'mailed',
  'shared',
  'linked',
]);
export const leaves = (act: Schemas['TraceAct']) => LEAVES.has(act);

export const STRENGTH_WORD: Record<Schemas['TraceStrength'], string> = {
  start: 'Asked for',
  certain: 'Certain',
  likely: 'Likely',
  name_only: 'Name only',
};

const TIE_WORD: Record<Schemas['TraceTie'], string> = {
  none: '',
  same_hash: 'same bytes',
  same_document: 'same document',
  same_path: 'same path on the device',
  same_medium: 'same file on the medium',
  same_message: 'same message',
  renamed: 'called so since',
  archived: 'is in the archive made in',
  handed_over: 'was given it in',
  same_name: 'same name, same hands',
};

// Behind "step 3": why it is tied to it.
export function tieInWords(step: TraceStep): string {
  return `${TIE_WORD[step.tie]}${step.other_bytes ? ', other bytes: edited, or another file' : ''}`;
}

// What the result does not say, in sentences; never empty.
export function untold(result: TraceResult): string[] {
  const out: string[] = [];
  const many = (count: number, one: string, more: string) => `${count.toLocaleString()} ${count === 1 ? one : more}`;
  if (!result.read_all) {
    out.push(
      `It stopped after ${many(result.activities_read, 'activity', 'activities')}, its limit: there may be more. Ask for fewer days.`,
    );
  }
  if (result.steps_left_out > 0) {
    out.push(
      `${many(result.steps_left_out, 'step is', 'steps are')} not listed: those that say least of where it went.`,
    );
  }
  if (result.people_left_out > 0) out.push(`${many(result.people_left_out, 'person is', 'people are')} not listed.`);
  if (result.places_left_out > 0) out.push(`${many(result.places_left_out, 'place is', 'places are')} not listed.`);
  if (result.hidden_activities > 0) {
    out.push(
      `${many(result.hidden_activities, 'activity', 'activities')} of ${many(result.hidden_people, 'person', 'people')} are not shown to you: they are outside of your units. It was not followed through them.`,
    );
  }
  if (result.counts.likely > 0) {
    out.push(
      `${many(result.counts.likely, 'step is', 'steps are')} likely, not certain: a name in the same hands, or given from hand to hand, within days.`,
    );
  }
  if (result.counts.name_only > 0) {
    out.push(
      `${many(result.counts.name_only, 'activity shares', 'activities share')} only a name with it. They may be about other files and were not followed.`,
    );
  }
  if (result.origins > 1) {
    out.push(`${result.origins.toLocaleString()} steps have none before them: these may be as many contents.`);
  }
  if (result.accounts_of_nobody > 0) {
    out.push(
      `${many(result.accounts_of_nobody, 'account', 'accounts')} of nobody, such as services, ${result.accounts_of_nobody === 1 ? 'was' : 'were'} not read.`,
    );
  }
  out.push('What no source records - a screen that was photographed, a talk - is in no trace.');
  return out;
}
