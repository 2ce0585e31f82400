import { Field, ProgressBar } from '@fluentui/react-components';
import styles from './status.module.css';
import type { Status } from './status_calls';

// How far what is being read in is.
export function FillProgress({ fill, hint }: { fill: Status['fill']; hint?: string }) {
  if (fill.state === 'idle') return null;
  const known = fill.total > 0;
  const amount = known
    ? `${fill.done.toLocaleString()} of ${fill.total.toLocaleString()} (${Math.floor((fill.done / fill.total) * 100)} %)`
    : fill.state === 'done'
      ? 'Everything is read in.'
      : fill.done.toLocaleString();
  const label = { running: fill.phase, done: 'Last fill: done', failed: 'Last fill: failed' }[fill.state];
  return (
    <section aria-label="Reading in" className={styles.fill}>
      <Field
        label={label}
        hint={hint}
        validationMessage={fill.message || amount}
        validationState={fill.state === 'failed' ? 'error' : fill.state === 'done' ? 'success' : 'none'}
      >
        <ProgressBar
          value={fill.state === 'done' ? 1 : known ? Math.min(1, fill.done / fill.total) : undefined}
          color={fill.state === 'failed' ? 'error' : fill.state === 'done' ? 'success' : 'brand'}
        />
      </Field>
    </section>
  );
}
