import type { Schemas } from '../../shared/api/client';
import styles from './status.module.css';

type AlertStatus = Schemas['AlertStatus'];

export const STATUS_WORD: Record<AlertStatus, string> = {
  needs_review: 'Needs review',
  confirmed: 'Confirmed',
  dismissed: 'Dismissed',
  resolved: 'Resolved',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
};

export function StatusWord({ status, changed }: { status: AlertStatus; changed: boolean }) {
  return (
    <span className={styles.status} data-status={status}>
      {STATUS_WORD[status]}
      {changed && <span className={styles.changed}>changed after decision</span>}
    </span>
  );
}

export const DISMISS_REASON: Record<Schemas['DismissReason'], string> = {
  expected: 'The activity is expected of this person',
  not_impactful: 'Not impactful enough to look into further',
  too_much_activity: "This person's alerts hold too much activity",
  other: 'Another reason (say which in the note)',
};
