import { Button, Field, Input, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { useState } from 'react';
import table from '../../../shared/table/table.module.css';
import { TableFrame } from '../../../shared/table/table_frame';
import { RecordText } from '../../../shared/text/record_text';
import { useIndicators } from '../../indicators/indicator_calls';
import styles from '../policies.module.css';
import type { Entry } from './indicator_step';
import { listAt, textAt, valueAt } from './policy_file';
import type { StepProps } from './step_props';
import { at } from './steps';

const DIMENSIONS = ['all', 'sensitive', 'priority', 'unallowed'] as const;
const DIMENSION_WORD = {
  all: 'All',
  sensitive: 'Sensitive content',
  priority: 'Priority content',
  unallowed: 'Unallowed destinations',
};
const LEVELS = ['Low', 'Medium', 'High'] as const;

// How much it takes: the cut of the policy, and levels of its own over those that ship or were fitted.
export function ThresholdStep({ file, problems, set }: StepProps) {
  const entries = listAt<Entry>(file, ['indicators']);
  const { data } = useIndicators();
  const [name, setName] = useState('');
  const [dimension, setDimension] = useState<(typeof DIMENSIONS)[number]>('all');
  const titleOf = (one: string) => data?.indicators.find((indicator) => indicator.name === one)?.title ?? one;
  const shipped = (one: string, of: (typeof DIMENSIONS)[number]) => {
    const levels = data?.indicators.find((indicator) => indicator.name === one)?.levels[of];
    return levels ? [levels.low, levels.medium, levels.high] : null;
  };
  const rows = entries.flatMap((entry, index) =>
    Object.entries(entry.thresholds ?? {}).map(([of, levels]) => ({ entry, index, of, levels })),
  );
  const add = () => {
    const levels = shipped(name, dimension);
    const first = levels && levels.every((level) => level > 0) ? levels : [5, 10, 20];
    const index = entries.findIndex((entry) => entry.name === name);
    if (index < 0) set(['indicators'], [...entries, { name, thresholds: { [dimension]: first } }]);
    else set(['indicators', index, 'thresholds', dimension], first);
    setName('');
  };
  const fitted = valueAt(file, ['fitted']) as { from?: string; to?: string } | undefined;
  return (
    <div className={styles.form}>
      <Field label="Alert volume" hint="The score from which an alert exists">
        <RadioGroup
          value={textAt(file, ['volume']) || 'default'}
          onChange={(_, { value }) => set(['volume'], value === 'default' ? '' : value)}
        >
          <Radio value="fewer" label="Fewer: from 67 points on" />
          <Radio value="default" label="As it ships: from 34 points on" />
          <Radio value="more" label="More: from 15 points on" />
        </RadioGroup>
      </Field>
      <p className={styles.note}>
        Of each indicator the first of these counts: levels of its own here, those fitted to the organisation’s own
        days, the shipped ones.{' '}
        {fitted
          ? `This policy has fitted levels, of ${fitted.from ?? ''} to ${fitted.to ?? ''}.`
          : 'This policy has no fitted levels: once it is stored, its page shows them under “Fitted levels”.'}
      </p>
      {fitted && (
        <div>
          <Button size="small" onClick={() => set(['fitted'], '')}>
            Take the fitted levels out
          </Button>
        </div>
      )}
      {rows.length > 0 && (
        <TableFrame label="Levels of its own">
          <table className={table.table} aria-label="Levels of its own">
            <thead>
              <tr>
                <th scope="col">Indicator</th>
                <th scope="col">Of</th>
                {LEVELS.map((level) => (
                  <th key={level} scope="col">
                    {level}
                  </th>
                ))}
                <th scope="col">Acts</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ entry, index, of, levels }) => {
                const path = ['indicators', index, 'thresholds', of];
                const message = at(problems, path);
                const ships = shipped(entry.name ?? '', of as (typeof DIMENSIONS)[number]);
                return (
                  <tr key={`${entry.name ?? entry.category} ${of}`}>
                    <th scope="row">
                      <RecordText text={titleOf(entry.name ?? entry.category ?? '')} />
                      {ships && <span className={styles.note}> ships with {ships.join(', ')}</span>}
                    </th>
                    <td>{DIMENSION_WORD[of as (typeof DIMENSIONS)[number]] ?? of}</td>
                    {LEVELS.map((level, position) => (
                      <td key={level}>
                        <Field validationMessage={position === 0 ? message : undefined}>
                          <Input
                            type="number"
                            size="small"
                            min={1}
                            aria-label={`${level} of ${entry.name ?? ''}, ${of}`}
                            value={String(levels[position] ?? '')}
                            onChange={(_, { value }) =>
                              set(
                                path,
                                levels.map((one, other) => (other === position ? Number(value) : one)),
                              )
                            }
                          />
                        </Field>
                      </td>
                    ))}
                    <td>
                      <Button
                        size="small"
                        aria-label={`Take the levels of ${entry.name ?? ''}, ${of} out`}
                        onClick={() => set(path, '')}
                      >
                        Take out
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableFrame>
      )}
      <div className={styles.acts}>
        <Field label="Levels of its own for">
          <Select value={name} onChange={(_, { value }) => setName(value)}>
            <option value="">Choose an indicator</option>
            {data?.indicators.map((one) => (
              <option key={one.name} value={one.name}>
                {one.title}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Of">
          <Select value={dimension} onChange={(_, { value }) => setDimension(value as (typeof DIMENSIONS)[number])}>
            {DIMENSIONS.map((one) => (
              <option key={one} value={one}>
                {DIMENSION_WORD[one]}
              </option>
            ))}
          </Select>
        </Field>
        <Button size="small" disabled={name === ''} onClick={add}>
          Add
        </Button>
      </div>
      <Field
        label="Above usual, from so many times on"
        hint="Of the person’s own usual: from there on an insight weighs more. Empty: as it ships, 4"
        validationMessage={at(problems, ['scoring', 'usual', 'ratio'])}
      >
        <Input
          type="number"
          min={1}
          max={1000}
          step={0.5}
          value={textAt(file, ['scoring', 'usual', 'ratio'])}
          onChange={(_, { value }) => set(['scoring', 'usual', 'ratio'], value === '' ? '' : Number(value))}
        />
      </Field>
    </div>
  );
}
