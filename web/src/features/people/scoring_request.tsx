import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useMay, useViewer } from '../session/session';
import styles from './people.module.css';
import { ActWithReason } from './reason_dialog';
import { useDecideScoring, type ScoringRequest } from './scoring_calls';
import { ACTS, daysInWords } from './scoring_words';

type Decision = 'approve' | 'reject';

// One request that waits, with what this viewer may decide.
export function WaitingRequest({ request, policyName }: { request: ScoringRequest; policyName: string }) {
  const [open, setOpen] = useState<Decision | null>(null);
  const { user } = useViewer();
  const mayApprove = useMay('policies.approve');
  const own = request.asked_by === user;
  return (
    <div className={styles.request}>
      <p>
        <strong>Waits for a second person</strong>: <RecordText text={policyName} />, {daysInWords(request.days)}. Asked
        for by <RecordText text={request.asked_by} />, <Timestamp at={request.asked_at} />:{' '}
        <RecordText text={request.reason} />
      </p>
      {own && <p>You asked for it: somebody else must approve.</p>}
      {mayApprove && !own && (
        <div className={styles.toolbar}>
          <Button size="small" appearance="primary" onClick={() => setOpen('approve')}>
            Approve
          </Button>
          <Button size="small" onClick={() => setOpen('reject')}>
            Reject
          </Button>
        </div>
      )}
      {open && <DecideDialog key={open} request={request} decision={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

type Props = { request: ScoringRequest; decision: Decision; onClose: () => void };

function DecideDialog({ request, decision, onClose }: Props) {
  const acting = useDecideScoring(request, decision);
  return <ActWithReason words={ACTS[decision]} acting={acting} onClose={onClose} />;
}
