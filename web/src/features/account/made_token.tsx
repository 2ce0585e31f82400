import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import styles from './account.module.css';

// A new token, shown once.
export function MadeToken({ token, onKept }: { token: string; onKept: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = () => {
    navigator.clipboard.writeText(token).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
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
      <div className={styles.acts}>
        <Button appearance="primary" onClick={onKept}>
          I have kept it
        </Button>
        <Button icon={<CopyRegular />} onClick={copy}>
          Copy
        </Button>
        <span role="status">{copied === null ? '' : copied ? 'Copied' : 'This browser does not let pages copy'}</span>
      </div>
    </div>
  );
}
