import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { DocumentSearchRegular, LockClosedRegular, PlugDisconnectedRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { CallFailed } from '../api/client';
import styles from './states.module.css';

// Rows of grey where rows of text will be.
export function Loading({ what, rows = 8 }: { what: string; rows?: number }) {
  return (
    <div className={styles.loading} role="status">
      <span className={styles.onlyRead}>Loading {what}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.bone} aria-hidden="true" style={{ width: `${96 - ((row * 13) % 30)}%` }} />
      ))}
    </div>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Notice icon={<DocumentSearchRegular />} title={title} action={action}>
      {children}
    </Notice>
  );
}

// Why a call failed: not allowed, not there, or not working; the last two can be tried again.
export function Failed({ error, what, retry }: { error: Error; what: string; retry?: () => void }) {
  const status = error instanceof CallFailed ? error.status : -1;
  if (status === 403) {
    return (
      <Notice icon={<LockClosedRegular />} title={`You may not see ${what}`}>
        Your role does not include it. Somebody who manages roles in Candor can change that. Nothing was shown, and the
        attempt is in the audit log.
      </Notice>
    );
  }
  if (status === 404) {
    return (
      <Notice icon={<DocumentSearchRegular />} title="Not found">
        There is no such thing, or it is outside what you may see: {what}.
      </Notice>
    );
  }
  if (status === 410) {
    return (
      <Notice icon={<DocumentSearchRegular />} title="No longer kept">
        Its time is over, so it was removed: {what}. How long things are kept is on the page Intake and switches.
      </Notice>
    );
  }
  return (
    <Notice
      icon={<PlugDisconnectedRegular />}
      title={`Could not load ${what}`}
      action={retry && <Button onClick={retry}>Try again</Button>}
    >
      {messageOf(error)}
    </Notice>
  );
}

function Notice(props: { icon: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className={styles.notice} role="status">
      <span className={styles.icon} aria-hidden="true">
        {props.icon}
      </span>
      <h2 className={styles.title}>{props.title}</h2>
      {props.children && <p className={styles.text}>{props.children}</p>}
      {props.action}
    </section>
  );
}

// A failed act, beside what was tried.
export function ActFailed({ error, title }: { error: Error; title: string }) {
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {messageOf(error)}
      </MessageBarBody>
    </MessageBar>
  );
}

export function messageOf(error: Error): string {
  return error instanceof CallFailed ? `${error.message} (${error.id})` : 'Something went wrong in this page.';
}
