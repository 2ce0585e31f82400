import type { Schemas } from '../../shared/api/client';
import { SEVERITIES, SeverityBadge, type Severity } from '../../shared/severity/severity';
import styles from './queue_page.module.css';

type Props = {
  counts: Schemas['AlertPage']['needs_review'] | undefined;
  chosen: readonly Severity[];
  onToggle: (severity: Severity) => void;
};

// How many alerts wait for review, by severity; each also filters the queue.
export function SeverityTiles({ counts, chosen, onToggle }: Props) {
  return (
    <div className={styles.tiles} role="group" aria-label="Alerts that need review, by severity">
      {SEVERITIES.map((severity) => (
        <button
          key={severity}
          type="button"
          className={styles.tile}
          aria-pressed={chosen.includes(severity)}
          onClick={() => onToggle(severity)}
        >
          <SeverityBadge severity={severity} />
          <span className={styles.count} data-testid={`count-${severity}`}>
            {counts ? counts[severity].toLocaleString() : '–'}
          </span>
          <span className={styles.waiting}>need review</span>
        </button>
      ))}
    </div>
  );
}
