import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import styles from './second_factor.module.css';

type Props = { text: string; kept: string; onKept: () => void };

// Under what is shown once: to say that it is kept, and to copy it.
export function KeepActs({ text, kept, onKept }: Props) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles.acts}>
      <Button appearance="primary" onClick={onKept}>
        {kept}
      </Button>
      <Button icon={<CopyRegular />} onClick={copy}>
        Copy
      </Button>
      <span role="status">{copied === null ? '' : copied ? 'Copied' : 'This browser does not let pages copy'}</span>
    </div>
  );
}
