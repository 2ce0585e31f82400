import { useEffect, useRef } from 'react';
import { KeepActs } from '../session/keep_acts';
import styles from './account.module.css';

// A new token, shown once.
export function MadeToken({ token, onKept }: { token: string; onKept: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={`${styles.panel} ${styles.made}`}>
      <h3 ref={heading} tabIndex={-1}>
        Your new token
      </h3>
      <p>
        It is not shown again. Send it as <code>Authorization: Bearer</code>, and keep it where only the program finds
        it.
      </p>
      <code className={styles.token} data-testid="token">
        {token}
      </code>
      <KeepActs text={token} kept="I have kept it" onKept={onKept} />
    </div>
  );
}
