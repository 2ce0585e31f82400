import { useEffect, useRef } from 'react';
import { KeepActs } from './keep_acts';
import styles from './second_factor.module.css';

type Props = { codes: readonly string[]; onKept: () => void };

// Ten codes, shown once.
export function RecoveryCodes({ codes, onKept }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
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
      <KeepActs text={codes.join('\n')} kept="I have kept them" onKept={onKept} />
    </div>
  );
}
