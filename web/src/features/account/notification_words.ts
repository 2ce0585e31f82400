import type { Schemas } from '../../shared/api/client';

export type NotificationKind = Schemas['NotificationKind'];
export type NotificationChoice = Schemas['NotificationChoice'];

// What each kind is, for who chooses.
export const KIND_WORDS: Record<NotificationKind, { title: string; about: string }> = {
  high_alert: { title: 'High alerts', about: 'An alert of high severity waits for review, new or raised.' },
  first_alert_of_policy: { title: 'First alert of a policy', about: 'A policy that never had an alert has one.' },
  case_assigned: { title: 'Cases given to you', about: 'A case was handed over to you, or you were added to one.' },
  case_due: { title: 'Tasks that are due', about: 'A task of yours in an open case is due tomorrow at the latest.' },
  source_silent: { title: 'Silent sources', about: 'A source falls silent beyond its habit, or speaks again.' },
  mass_event: { title: 'Mass events', about: 'Alerts of many people about the same are held as one.' },
  request_waiting: { title: 'Requests', about: 'A request waits for a second person, and you may be that one.' },
  weekly_summary: { title: 'Summary of the week', about: 'On Mondays, how things stand in numbers.' },
};

export function choiceInWords(kind: NotificationKind, choice: NotificationChoice): string {
  if (choice === 'off') return 'Off';
  if (kind === 'weekly_summary') return 'On Mondays';
  return choice === 'at_once' ? 'At once' : 'In the daily digest';
}

// Why nothing comes, whatever is chosen; null: nothing is in the way.
export function inTheWay(own: Schemas['OwnNotifications']): string | null {
  if (!own.mail) return 'Candor has no mail server yet: nothing is sent. What you choose is kept.';
  if (!own.has_address) return 'You have named no mail address: nothing is sent until you do, above.';
  return null;
}
