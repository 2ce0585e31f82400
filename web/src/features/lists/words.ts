import type { ListChange, ListEntry, ListInfo, ListStep } from './list_calls';

// What each list is for. docs/reference/lists.md says more.
export const LIST_ABOUT: Record<string, string> = {
  own_domains: 'Every domain the organisation’s own people have addresses in. What is not here is outside.',
  partner_domains: 'Domains of partners: not outside.',
  personal_mail_domains: 'Providers of personal mail, besides those Candor ships with.',
  domains:
    'Domains that are not the organisation’s own. Allowed: not outside. Unallowed: counts in the dimension “unallowed”. Third party: outside for certain. Stars stand for levels: *.example.com.',
  clouds: 'Cloud services, sanctioned or not. A domain stands for those below it.',
  labels: 'Sensitivity labels in their order; one of high worth marks priority content.',
  sensitive_info_types: 'Names for the ids of sensitive information types.',
  sites: 'Sites; one of high worth, or marked as priority, holds priority content, and so does all below it.',
  groups: 'Named lists that variants and exclusions narrow indicators by.',
  exclusions: 'What indicators are not about, whatever their rules say. What is left out is counted.',
  devices: 'Devices the organisation owns.',
  removable_media: 'Removable media the organisation owns.',
  networks: 'The organisation’s networks; the narrowest one counts.',
  places: 'Where it works: time zones and countries.',
  applications: 'Applications, sanctioned or not.',
  printers: 'Printers the organisation owns.',
  holidays: 'Holidays by country.',
  announced_events: 'Migrations, roll-outs and the like that explain why many do the same on a day.',
};

export const DECISION_WORD: Record<ListChange['decision'], string> = {
  waits: 'Waits for a second person',
  agreed: 'Agreed to',
  not_needed: 'In force; nobody else was needed',
  rejected: 'Rejected',
  withdrawn: 'Taken back',
};

export const STEPS: Record<ListStep, { title: string; act: string; lead: string }> = {
  approve: {
    title: 'Let this change hold?',
    act: 'Approve',
    lead: 'It holds from now on, and records are read by it once it is taken up.',
  },
  reject: { title: 'Drop this change?', act: 'Reject', lead: 'What holds stays as it is.' },
  withdraw: { title: 'Take your request back?', act: 'Take back', lead: 'What holds stays as it is.' },
  undo: {
    title: 'Undo this change?',
    act: 'Undo',
    lead: 'A change of its own asks for what held before. It needs a second person like any other.',
  },
};

export const DIFFERENCE_WORD = { added: 'New', changed: 'Changed', removed: 'Taken out' } as const;

const FIELD_WORD: Record<string, string> = {
  from: 'First day',
  to: 'Last day',
  url: 'Address',
  id: 'Id',
  file_types: 'File types',
  unless_keywords: 'Only if none of these is in it',
  sensitive_info_types: 'Sensitive information types',
  indicators: 'Indicators (none: all)',
  groups: 'Detection groups',
  time_zone: 'Time zone',
};
export function fieldTitle(name: string): string {
  return FIELD_WORD[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
}

export function entriesInWords(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? 'entry' : 'entries'}`;
}

export type Values = Record<string, string>;

// What a form shows of an entry: lists have a text a line.
export function valuesOf(entry: ListEntry | undefined): Values {
  return Object.fromEntries((entry?.fields ?? []).map(({ name, texts }) => [name, texts.join('\n')]));
}

export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

// The entry as the file would say it; JSON is YAML, too.
export function textOf(list: ListInfo, values: Values): string {
  const entry: Record<string, string | string[]> = {};
  for (const { name, many } of list.fields) {
    const value = values[name] ?? '';
    if (many) {
      const lines = linesOf(value);
      if (lines.length > 0) entry[name] = lines;
    } else if (value.trim() !== '') {
      entry[name] = value.trim();
    }
  }
  return JSON.stringify({ [list.name]: [entry] });
}

// Of a form: which required fields say nothing.
export function missingIn(list: ListInfo, values: Values): string[] {
  return list.fields.filter(({ name, required }) => required && !values[name]?.trim()).map(({ name }) => name);
}

// The first line of a CSV of that list.
export function headerOf(list: ListInfo): string {
  return list.name === 'groups' ? 'name,title,list,entry' : list.fields.map(({ name }) => name).join(',');
}
