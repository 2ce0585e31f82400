import type { Schemas } from '../api/client';
import styles from './severity.module.css';

export type Severity = Schemas['Severity'];

export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low'];
export const SEVERITY_WORD: Record<Severity, string> = { high: 'High', medium: 'Medium', low: 'Low' };

// Colour, word and shape together: none of them is needed to tell the levels apart.
export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span className={`${styles.badge} ${styles[severity]}`}>
      <SeverityShape severity={severity} />
      {SEVERITY_WORD[severity]}
    </span>
  );
}

export function SeverityShape({ severity }: { severity: Severity }) {
  return (
    <svg
      className={`${styles.shape} ${styles[severity]}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
    >
      {severity === 'high' && <path d="M6 0.8 11.6 11H0.4Z" fill="currentColor" />}
      {severity === 'medium' && <path d="M6 0.5 11.5 6 6 11.5 0.5 6Z" fill="currentColor" />}
      {severity === 'low' && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2.2" />}
    </svg>
  );
}
