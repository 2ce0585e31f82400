import { Field, Input } from '@fluentui/react-components';
import styles from '../policies.module.css';
import { textAt } from './policy_file';
import type { StepProps } from './step_props';
import { at } from './steps';

const WINDOWS = [
  ['look_back_days', 'Past days read', 'Before a trigger, 0 to 180', 90],
  ['activation_days', 'Days in scope', 'After a trigger, 1 to 180', 30],
  ['evidence_days', 'Days that add points', 'How old evidence may be, 1 to 180', 90],
] as const;

export function StartStep({ file, problems, set }: StepProps) {
  return (
    <div className={styles.form}>
      <Field
        label="Start"
        hint="Earlier activity feeds what is usual and the look-back, but opens no alert by itself. Empty: from the day it is agreed to"
        validationMessage={at(problems, ['start'])}
      >
        <Input type="date" value={textAt(file, ['start'])} onChange={(_, { value }) => set(['start'], value)} />
      </Field>
      <p className={styles.note}>
        Over real people it is in shadow until a second person agrees: it counts, names nobody and raises nothing. What
        it would have shown since is on its page.
      </p>
      <div className={styles.pair}>
        {WINDOWS.map(([key, label, hint, usual]) => (
          <Field
            key={key}
            label={label}
            hint={`${hint}; empty: ${usual}`}
            validationMessage={at(problems, ['windows', key])}
          >
            <Input
              type="number"
              value={textAt(file, ['windows', key])}
              onChange={(_, { value }) => set(['windows', key], value === '' ? '' : Number(value))}
            />
          </Field>
        ))}
      </div>
    </div>
  );
}
