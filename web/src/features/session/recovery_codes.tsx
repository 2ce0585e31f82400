import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import styles from './second_factor.module.css';

type Props = { codes: readonly string[]; onKept: () => void };

// Ten codes, shown once.
export function RecoveryCodes({ codes, onKept }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = () => {
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles.steps}>
      <h2 ref={heading} tabIndex={-1} className={styles.heading}>
        Keep your recovery codes
      </h2>
      <p>
        Each signs you in once, in place of a code of the app, should you lose it. They are not shown again: write them
        down, or put them into a password safe.
      </p>
      <ul className={styles.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <Button appearance="primary" onClick={onKept}>
          I have kept them
        </Button>
        <Button icon={<CopyRegular />} onClick={copy}>
          Copy
        </Button>
        <span role="status">{copied === null ? '' : copied ? 'Copied' : 'This browser does not let pages copy'}</span>
      </div>
    </div>
  );
}
