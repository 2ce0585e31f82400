import type { Change, Decision, Setting } from './setting_calls';

// What each setting is called, and what it does; docs/reference/settings.md says more.
export const SETTING_WORD: Record<string, { title: string; about: string }> = {
  'retention.raw_days': { title: 'Raw records', about: 'Days raw records are kept; at most as long as activities.' },
  'retention.activity_days': {
    title: 'Activities',
    about: 'Days activities and what was made of them are kept. What an open alert or case is about stays.',
  },
  'retention.undecided_alert_days': {
    title: 'Alerts nobody decided about',
    about: 'Days they are kept from when they came to wait or were last commented. 0: without end.',
  },
  'retention.decided_alert_days': {
    title: 'Decided alerts',
    about: 'Days decided alerts that are in no case are kept from their last change. 0: without end.',
  },
  'retention.case_days': {
    title: 'Closed cases',
    about: 'Days a case is kept from when it was closed, with its alerts, notes and evidence. 0: without end.',
  },
  'retention.request_days': {
    title: 'Requests',
    about: 'Days requests to see more of a person are kept from when they were last of use. 0: without end.',
  },
  'retention.message_days': {
    title: 'Messages',
    about: 'Days what is known of mail and webhooks that went is kept, without their text. 0: without end.',
  },
  'silence.webhook': {
    title: 'Silent sources',
    about: 'Address told when a source falls silent and when it speaks again.',
  },
  'feed.settle_seconds': {
    title: 'Settling of files',
    about: 'Seconds after which a file of a followed folder that nobody writes to is complete.',
  },
  'feed.listing_only': { title: 'Listing only', about: 'The followed folder is listed now and then, without inotify.' },
  'feed.record_megabytes': {
    title: 'Largest request',
    about: 'MiB of records one request may send. What the command line says wins.',
  },
  'audit.anchor_folder': {
    title: 'Anchor folder',
    about: 'Where signed last lines of the audit log are added to a file.',
  },
  'audit.anchor_webhook': {
    title: 'Anchor address',
    about: 'Address the signed last lines of the audit log are posted to.',
  },
  'audit.anchor_minutes': { title: 'Anchors every', about: 'Minutes between two of them.' },
  'analytics.enabled': {
    title: 'Analytics',
    about: 'How many people do what, also people no policy looks at: in tens, and nobody by name.',
  },
  'review.reread_percent': {
    title: 'Dismissals read again',
    about: 'How many of a hundred another analyst reads again, without knowing of the first reading.',
  },
  'review.reread_days': { title: 'Read again within', about: 'Days until one is due.' },
  'evaluated.public': {
    title: 'What is evaluated, for everybody',
    about: 'Everybody who reaches this server reads what is evaluated here at /evaluated, without an account.',
  },
  'exports.own_pseudonyms': {
    title: 'Exports with pseudonyms of their own',
    about:
      'Every file that leaves Candor with people in it has pseudonyms no other file has, so that no two recipients can join theirs.',
  },
  'evaluated.contact': { title: 'Whom to ask', about: 'Stands in what is evaluated here: a function with an address.' },
  'mail.server': { title: 'Mail server', about: 'What takes mail; nothing: Candor sends none.' },
  'mail.starttls': { title: 'TLS of the mail server', about: 'A server that offers no TLS is told nothing.' },
  'mail.ca_file': {
    title: 'Certificates',
    about: 'By which the mail server’s is checked; none: those of the machine.',
  },
  'mail.user': { title: 'Mail user', about: 'Whom Candor signs in as there.' },
  'mail.password_file': { title: 'File of the password', about: 'Where it is read from; never shown.' },
  'mail.from': { title: 'Mail from', about: 'The address mail comes from.' },
  'mail.from_name': { title: 'Name of the sender', about: 'Stands beside the address.' },
  'mail.reply_to': { title: 'Answers to', about: 'Where answers go; none: to the sender.' },
  'mail.viewer_domains': {
    title: 'Domains of viewers',
    about: 'Besides that of the sender: where viewers may have mail of Candor sent to.',
  },
  'mail.timeout_seconds': { title: 'Longest wait', about: 'Seconds for one mail.' },
  'mail.per_hour': { title: 'Mails an hour', about: 'What is over that waits.' },
  'oidc.issuer': { title: 'Identity provider', about: 'Exactly as it names itself.' },
  'oidc.name': { title: 'Its name', about: 'What the button for signing in says.' },
  'oidc.client_id': { title: 'Client', about: 'As the provider registered Candor.' },
  'oidc.client_secret_file': {
    title: 'File of the secret',
    about: 'Where the client’s secret is read from; never shown.',
  },
  'oidc.public_address': { title: 'Public address', about: 'Where browsers reach Candor.' },
  'oidc.scopes': { title: 'Scopes', about: 'What is asked for.' },
  'oidc.groups_claim': { title: 'Claim of groups', about: 'Where a token names groups.' },
  'oidc.user_claim': { title: 'Claim of the user name', about: 'Becomes the user name in Candor.' },
  'oidc.name_claim': { title: 'Claim of the name', about: 'Shown beside the user name.' },
  'oidc.roles': { title: 'Roles of groups', about: 'Which group gets which role; the first row that fits counts.' },
  'oidc.second_factor_acr': { title: 'Second factor, acr', about: 'What the token says when one was used there.' },
  'oidc.second_factor_amr': { title: 'Second factor, amr', about: 'What the token holds when one was used there.' },
  'oidc.local_accounts': { title: 'Accounts with a password', about: 'All, or only those who may make viewers.' },
};

export type Section = { id: string; title: string; about: string; settings: readonly string[] };

// In the order of the page. What is no setting is told of in the same section (elsewhere.tsx).
export const SECTIONS: readonly Section[] = [
  {
    id: 'timeframes',
    title: 'Timeframes',
    about:
      'How far back a policy looks, and for how long somebody stays in its scope. Each policy has its own; a change is a new version of it.',
    settings: [],
  },
  {
    id: 'volume',
    title: 'Alert volume',
    about:
      'From which score on an alert exists, for each policy: fewer from 67, as it ships from 34, more from 15. A change is a new version of the policy.',
    settings: [],
  },
  {
    id: 'domains',
    title: 'Domains',
    about:
      'What is the organisation’s own, a partner’s, allowed, unallowed or a third party’s: dated, changed here, over what the file says.',
    settings: [],
  },
  {
    id: 'exclusions',
    title: 'Exclusions and detection groups',
    about:
      'What indicators are not about, and the groups that variants and exclusions are made with: changed here, over what the files say.',
    settings: [],
  },
  {
    id: 'priority',
    title: 'Priority content',
    about: 'What counts as priority content: labels and sites of high worth, and what the organisation marks so.',
    settings: [],
  },
  {
    id: 'assets',
    title: 'Priority groups and assets',
    about: 'What the organisation owns, and whom it looks at more closely.',
    settings: [],
  },
  {
    id: 'calendar',
    title: 'Holidays and announced events',
    about: 'Days on which others than usual are to be expected.',
    settings: [],
  },
  {
    id: 'privacy',
    title: 'Privacy',
    about:
      'People are pseudonyms for everybody; a name is shown to one viewer, with a reason and for a while. What may be looked at at all is switched by indicator, country and group.',
    settings: ['analytics.enabled', 'evaluated.public', 'evaluated.contact', 'exports.own_pseudonyms'],
  },
  {
    id: 'review',
    title: 'Second readings',
    about: 'Some dismissals are read again by another analyst; how often the two agree is in the reports.',
    settings: ['review.reread_percent', 'review.reread_days'],
  },
  {
    id: 'retention',
    title: 'Retention',
    about: 'How long things are kept. Longer keeps more of people; shorter destroys what nothing brings back.',
    settings: [
      'retention.raw_days',
      'retention.activity_days',
      'retention.undecided_alert_days',
      'retention.decided_alert_days',
      'retention.case_days',
      'retention.request_days',
      'retention.message_days',
    ],
  },
  {
    id: 'sign-in',
    title: 'Sign-in',
    about: 'In the file only: whoever could change it here could lead everybody’s sign-in elsewhere.',
    settings: [
      'oidc.issuer',
      'oidc.name',
      'oidc.client_id',
      'oidc.client_secret_file',
      'oidc.public_address',
      'oidc.scopes',
      'oidc.groups_claim',
      'oidc.user_claim',
      'oidc.name_claim',
      'oidc.roles',
      'oidc.second_factor_acr',
      'oidc.second_factor_amr',
      'oidc.local_accounts',
    ],
  },
  {
    id: 'intake',
    title: 'Intake',
    about: 'How records are taken. Of the machine, so in the file only.',
    settings: ['feed.settle_seconds', 'feed.listing_only', 'feed.record_megabytes'],
  },
  {
    id: 'notifications',
    title: 'Notifications',
    about:
      'Who is told. In the file only: alarms and the proof of the audit log must not be led away by whoever they are about.',
    settings: [
      'silence.webhook',
      'audit.anchor_folder',
      'audit.anchor_webhook',
      'audit.anchor_minutes',
      'mail.server',
      'mail.starttls',
      'mail.ca_file',
      'mail.user',
      'mail.password_file',
      'mail.from',
      'mail.from_name',
      'mail.reply_to',
      'mail.viewer_domains',
      'mail.timeout_seconds',
      'mail.per_hour',
    ],
  },
];

export function titleOf(name: string): string {
  return SETTING_WORD[name]?.title ?? name;
}

const VALUE_WORD: Record<string, string> = { true: 'On', false: 'Off', '': 'None' };

// A value as people read it: "On", "90 days", "Set".
export function valueInWords({ kind, secret, name }: Pick<Setting, 'kind' | 'secret' | 'name'>, value: string): string {
  if (secret) return value === '' ? 'Not set' : 'Set';
  if (kind === 'yes_or_no' || value === '') return VALUE_WORD[value] ?? value;
  if (kind === 'whole_number' && name.endsWith('_days')) return value === '1' ? '1 day' : `${value} days`;
  return value;
}

export const CHANGES_WORD: Record<Setting['changes'], string> = {
  in_file_only: 'In the file only',
  with_second_person: 'With a second person',
  second_person_switches_on: 'With a second person to switch it on',
};

export const DECISION_WORD: Record<Change['decision'], string> = {
  waits: 'Waits for a second person',
  agreed: 'Approved',
  not_needed: 'In force at once',
  rejected: 'Rejected',
  replaced: 'Replaced by a later request',
  withdrawn: 'Taken back',
};

export const ACTS: Record<Decision, { title: string; act: string; lead: string }> = {
  approve: {
    title: 'Let this change hold',
    act: 'Approve',
    lead: 'It holds from now on. That you agreed is kept with it.',
  },
  reject: { title: 'Reject this change', act: 'Reject', lead: 'It is dropped. What holds stays as it is.' },
  withdraw: { title: 'Take the request back', act: 'Take back', lead: 'It is dropped. What holds stays as it is.' },
};

// What somebody asked for, as people read it.
export function wantedInWords(setting: Setting | undefined, change: Change): string {
  if (change.value === null) return 'What the file says';
  return setting ? valueInWords(setting, change.value) : change.value;
}
