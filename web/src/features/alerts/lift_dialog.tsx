import { Field, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { ActFailed } from '../../shared/states/states';
import { useLift } from './alert_calls';
import { ActDialog } from './decision_dialogs';
import styles from './dialogs.module.css';

const SHORTEST_REASON = 10;
const LONGEST_REASON = 1000;

export function LiftDialog({ alertId, onClose }: { alertId: string; onClose: () => void }) {
  const lift = useLift(alertId);
  const [reason, setReason] = useState('');
  const missing = SHORTEST_REASON - reason.trim().length;
  return (
    <ActDialog
      title="Show this person's name"
      act="Show name"
      ready={missing <= 0 && !lift.isPending}
      failure={lift.error && <ActFailed title="The name stays hidden" error={lift.error} />}
      onSubmit={() => lift.mutate({ reason: reason.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={styles.lead}>
        Only you see the name, and only for a while: it ends by itself. That you did it, when, and your reason are kept
        in the audit log.
      </p>
      <Field
        label="Reason"
        required
        hint={
          missing > 0 ? `At least ${SHORTEST_REASON} characters; ${missing} to go.` : 'Why you need to know who it is.'
        }
      >
        <Textarea value={reason} maxLength={LONGEST_REASON} rows={3} onChange={(_, data) => setReason(data.value)} />
      </Field>
    </ActDialog>
  );
}
