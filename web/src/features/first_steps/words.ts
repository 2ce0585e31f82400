import type { Schemas } from '../../shared/api/client';

export type Step = Schemas['FirstStep'];

// `place`: the page where it is seen or done; `command`: what whoever runs the machine types. `done` and `look` say
// what is there, `open` what it means that it is not.
type Words = {
  title: string;
  place?: { to: string; label: string };
  command?: string;
  open: string;
  done: (step: Step) => string;
  look?: (step: Step) => string;
};

function many(count: number, one: string, more: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : more}`;
}

export const STEPS: Record<Step['id'], Words> = {
  people: {
    title: 'Who belongs to the organisation',
    place: { to: '/people', label: 'People' },
    command: 'candor people import FILE',
    open: 'No directory was imported. Nobody has a department, a country or a manager; the strictest switches hold for everybody, and no policy can be for some of them.',
    done: ({ count }) => `${many(count, 'person is', 'people are')} known.`,
  },
  leavers: {
    title: 'Who leaves, and when',
    place: { to: '/people', label: 'People' },
    command: 'candor hr import FILE',
    open: 'No dates came from human resources. Policies about people who leave see nobody.',
    done: ({ count }) => `${many(count, 'date', 'dates')} of leaving.`,
  },
  own_domains: {
    title: 'Own domains',
    place: { to: '/organisation', label: 'Organisation' },
    command: 'candor organisation import FILE',
    open: 'No domain is known as the organisation’s own: all mail and every share counts as going outside.',
    done: ({ count }) => `${many(count, 'domain', 'domains')}.`,
  },
  priority_content: {
    title: 'What is worth most',
    place: { to: '/organisation', label: 'Organisation' },
    command: 'candor organisation import FILE',
    open: 'No label and no site is known by its worth: every file weighs the same.',
    done: ({ count }) => `${many(count, 'label or site', 'labels and sites')}.`,
  },
  sources: {
    title: 'Records come in',
    place: { to: '/sources', label: 'Sources' },
    command: 'candor serve --follow FOLDER --source NAME',
    open: 'Nothing has come in yet.',
    done: ({ count }) => (count === 1 ? '1 source, not silent.' : `${count.toLocaleString()} sources, none silent.`),
    look: ({ count, wanting }) => `${many(count, 'source', 'sources')}, ${wanting.toLocaleString()} silent.`,
  },
  second_person: {
    title: 'Somebody to agree',
    command: 'candor viewer add USER --role privacy_officer',
    open: 'Fewer than two people may agree to a policy or a setting: nothing that needs a second person can come into force.',
    done: ({ count }) =>
      `${many(count, 'person', 'people')} may agree, each with a second factor or an identity provider.`,
    look: ({ count, wanting }) =>
      `${many(count, 'person', 'people')} may agree; ${wanting.toLocaleString()} sign in with a password alone.`,
  },
  policies: {
    title: 'Policies in force',
    place: { to: '/policies', label: 'Policies' },
    command: 'candor pack apply NAME',
    open: 'No policy is in force: nobody is scored.',
    done: ({ count }) => `${many(count, 'policy is', 'policies are')} in force.`,
    look: ({ count, wanting }) =>
      `${many(count, 'policy is', 'policies are')} in force; ${many(wanting, 'change waits', 'changes wait')} for a second person.`,
  },
  tried: {
    title: 'A policy tried on the past',
    place: { to: '/policies', label: 'Policies' },
    command: 'candor backtest POLICY',
    open: 'No policy was tried on what is stored: how many alerts it brings shows only when they are there.',
    done: () => 'Done.',
  },
  mail: {
    title: 'Mail goes out',
    place: { to: '/settings#settings-notifications', label: 'Settings' },
    command: 'candor mail check --to ADDRESS',
    open: 'No mail server is set: notices and notifications are not sent.',
    done: () => 'It does.',
    look: ({ wanting }) =>
      wanting > 0 ? `${many(wanting, 'mail was', 'mails were')} given up.` : 'A server is set, and no mail went yet.',
  },
  anchor: {
    title: 'Proof of the audit log elsewhere',
    place: { to: '/settings#settings-notifications', label: 'Settings' },
    open: 'Its last lines are kept on this machine only: whoever runs it could write the log anew.',
    done: () => 'Signed last lines leave the machine.',
    look: () => 'A place is set, and nothing got there yet.',
  },
  key: {
    title: 'The key lies elsewhere',
    command: 'candor key seal',
    open: 'The master key lies beside what it opens: whoever copies the disk reads everything.',
    done: () => 'It is sealed with a key from outside.',
  },
  backup: {
    title: 'A backup that was put back',
    command: 'candor backup make FILE && candor backup check FILE',
    open: 'No backup was tried yet.',
    done: () => 'It was whole.',
    look: () => 'The last one was tried more than 90 days ago.',
  },
};

export const STATE_WORD: Record<Step['state'], string> = { done: 'Done', look: 'Look at it', open: 'Open' };

export function saidOf(step: Step): string {
  const words = STEPS[step.id];
  if (step.state === 'open') return words.open;
  return (step.state === 'look' && words.look ? words.look : words.done)(step);
}
