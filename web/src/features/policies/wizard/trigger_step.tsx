import { Button, Field, Input, Select } from '@fluentui/react-components';
import styles from '../policies.module.css';
import { listAt } from './policy_file';
import type { StepProps } from './step_props';
import { at } from './steps';

type Trigger = {
  id: string;
  title?: string;
  fact?: string;
  indicators?: string | string[];
  sequences?: string | string[];
  cumulative?: string;
  level?: string;
  least?: Record<string, number>;
};

const FACTS: Record<string, string> = {
  resignation: 'Resignation or termination',
  directory_end: 'The directory knows the person no more',
  after_last_working_day: 'The last working day is over',
  job_level_change: 'Change of job level',
  performance_review: 'Performance review',
  improvement_plan: 'Improvement plan',
};

const KINDS = {
  fact: 'A fact of HR or the directory',
  indicators: 'Indicators on one day',
  sequences: 'Sequences',
  cumulative: 'A sum over days',
} as const;
type Kind = keyof typeof KINDS;

function kindOf(trigger: Trigger): Kind {
  return (['indicators', 'sequences', 'cumulative'] as const).find((kind) => trigger[kind] !== undefined) ?? 'fact';
}

function wordsOf(value: string | string[] | undefined): string {
  return value === undefined ? '' : typeof value === 'string' ? value : value.join(', ');
}

function valueOf(text: string): string | string[] {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  return words.length === 1 && ['all', 'exfiltration_triggers'].includes(words[0] ?? '') ? (words[0] ?? '') : words;
}

export function freeId(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted}_${number}`)) number += 1;
  return `${wanted}_${number}`;
}

export function TriggerStep({ file, problems, choices, set }: StepProps) {
  const triggers = listAt<Trigger>(file, ['triggers']);
  const cumulative = listAt<{ id?: string; title?: string }>(file, ['cumulative']);
  const add = (trigger: Trigger) => {
    const id = freeId(
      trigger.id,
      triggers.map((one) => one.id),
    );
    set(['triggers'], [...triggers, { ...trigger, id }]);
  };
  const change = (index: number, trigger: Trigger) => set(['triggers', index], trigger);
  return (
    <div className={styles.rows}>
      {triggers.map((trigger, index) => {
        const kind = kindOf(trigger);
        const message = at(problems, ['triggers', index]);
        return (
          <fieldset key={trigger.id} className={styles.fieldset}>
            <legend>{trigger.title ?? trigger.id}</legend>
            <div className={styles.pair}>
              <Field label="Title">
                <Input
                  value={trigger.title ?? ''}
                  maxLength={200}
                  onChange={(_, { value }) => set(['triggers', index, 'title'], value)}
                />
              </Field>
              {kind === 'fact' && (
                <Field label={KINDS.fact} validationMessage={message}>
                  <Select
                    value={trigger.fact ?? ''}
                    onChange={(_, { value }) => change(index, { ...trigger, fact: value })}
                  >
                    {Object.entries(FACTS).map(([word, title]) => (
                      <option key={word} value={word}>
                        {title}
                      </option>
                    ))}
                  </Select>
                </Field>
              )}
              {(kind === 'indicators' || kind === 'sequences') && (
                <Field
                  label={KINDS[kind]}
                  hint={
                    kind === 'indicators'
                      ? 'Names of indicators, or exfiltration_triggers'
                      : `Names, or all: ${choices.sequences
                          .map(({ name }) => name)
                          .slice(0, 3)
                          .join(', ')}, …`
                  }
                  validationMessage={message}
                >
                  <Input
                    defaultValue={wordsOf(trigger[kind])}
                    onChange={(_, { value }) => change(index, { ...trigger, [kind]: valueOf(value) })}
                  />
                </Field>
              )}
              {kind === 'cumulative' && (
                <Field label={KINDS.cumulative} validationMessage={message}>
                  <Select
                    value={trigger.cumulative ?? ''}
                    onChange={(_, { value }) => change(index, { ...trigger, cumulative: value })}
                  >
                    {cumulative.map(({ id = 'sum', title }) => (
                      <option key={id} value={id}>
                        {title ?? id}
                      </option>
                    ))}
                  </Select>
                </Field>
              )}
              {kind !== 'fact' && trigger.least === undefined && (
                <Field label="From which level on">
                  <Select
                    value={trigger.level ?? 'high'}
                    onChange={(_, { value }) => set(['triggers', index, 'level'], value)}
                  >
                    <option value="low">Low</option>
                    <option value="medium">Medium</option>
                    <option value="high">High</option>
                  </Select>
                </Field>
              )}
              {trigger.least !== undefined && (
                <p className={styles.note}>
                  From so many on:{' '}
                  {Object.entries(trigger.least)
                    .map(([dimension, count]) => `${dimension} ${count}`)
                    .join(', ')}
                </p>
              )}
            </div>
            <div className={styles.acts}>
              <Button
                size="small"
                aria-label={`Take the trigger ${trigger.title ?? trigger.id} out`}
                onClick={() =>
                  set(
                    ['triggers'],
                    triggers.filter((_, position) => position !== index),
                  )
                }
              >
                Take it out
              </Button>
            </div>
          </fieldset>
        );
      })}
      <p role="alert" className={styles.fault}>
        {triggers.length === 0 ? at(problems, ['triggers']) : ''}
      </p>
      <div className={styles.acts}>
        <Button size="small" onClick={() => add({ id: 'resignation', title: 'Resignation', fact: 'resignation' })}>
          Add a fact
        </Button>
        <Button
          size="small"
          onClick={() =>
            add({
              id: 'over_threshold',
              title: 'Over a threshold',
              indicators: 'exfiltration_triggers',
              level: 'medium',
            })
          }
        >
          Add indicators
        </Button>
        <Button
          size="small"
          onClick={() => add({ id: 'sequence', title: 'A sequence', sequences: 'all', level: 'low' })}
        >
          Add sequences
        </Button>
        {cumulative.length > 0 && (
          <Button
            size="small"
            onClick={() =>
              add({ id: 'sum', title: 'Much over days', cumulative: cumulative[0]?.id ?? 'sum', level: 'medium' })
            }
          >
            Add a sum
          </Button>
        )}
      </div>
    </div>
  );
}
