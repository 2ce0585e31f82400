import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Schemas } from '../../shared/api/client';

export function VerificationNote({ verification }: { verification: Schemas['AuditVerification'] }) {
  const lines = verification.lines.toLocaleString();
  if (verification.whole) {
    return (
      <MessageBar intent="success">
        <MessageBarBody>
          <MessageBarTitle>The chain is whole.</MessageBarTitle> All {lines} lines fit.
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          The chain is broken{verification.broken_at !== null && ` at line ${verification.broken_at}`}.
        </MessageBarTitle>
        Something changed the log past Candor. {lines} lines were walked. Keep a copy of the data folder before anything
        else.
      </MessageBarBody>
    </MessageBar>
  );
}
