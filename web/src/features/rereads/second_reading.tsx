import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Schemas } from '../../shared/api/client';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';

// What the second reader of a dismissal said, for everybody who reads the alert.
export function SecondReadingNote({ reading }: { reading: Schemas['SecondReading'] }) {
  return (
    <MessageBar intent={reading.agrees ? 'info' : 'warning'} layout="multiline" data-testid="second-reading">
      <MessageBarBody>
        <MessageBarTitle>
          {reading.agrees ? 'A second reading agreed with the dismissal' : 'A second reading disagreed'}:{' '}
          {reading.viewer}, <Timestamp at={reading.at} />.
        </MessageBarTitle>
        <RecordText text={reading.reason} />
      </MessageBarBody>
    </MessageBar>
  );
}
