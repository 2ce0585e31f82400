import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Schemas } from '../../shared/api/client';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { DISMISS_REASON } from './status';

const KIND: Record<Schemas['Decision']['kind'], string> = {
  confirmed: 'Confirmed',
  dismissed: 'Dismissed',
  resolved: 'Resolved',
  expired: 'Expired without a decision',
};

export function DecisionNote({ decision, changed }: { decision: Schemas['Decision']; changed: boolean }) {
  return (
    <MessageBar intent={changed ? 'warning' : 'info'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {KIND[decision.kind]}
          {decision.viewer !== null && ` by ${decision.viewer}`}, <Timestamp at={decision.at} />.
        </MessageBarTitle>
        {decision.reason !== null && `${DISMISS_REASON[decision.reason]}. `}
        {decision.note !== '' && <RecordText text={decision.note} />}
        {changed && ' Late evidence has revised the alert since.'}
      </MessageBarBody>
    </MessageBar>
  );
}
