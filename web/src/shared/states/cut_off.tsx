import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';

// After an export that does not hold everything.
export function CutOff({ rows }: { rows: number | null | undefined }) {
  if (rows === null || rows === undefined) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>The file is not complete</MessageBarTitle>
        It ends after {rows.toLocaleString()} rows, and its last row says so. Narrow the filter, for example to fewer
        days, and export again.
      </MessageBarBody>
    </MessageBar>
  );
}
