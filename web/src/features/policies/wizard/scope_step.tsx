import { Button, Checkbox, Field, Input, Radio, RadioGroup, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import styles from '../policies.module.css';
import { listAt, valueAt, type Path } from './policy_file';
import type { StepProps } from './step_props';
import { at, type Condition, type Problem } from './steps';

const ATTRIBUTES = ['groups', 'department', 'title', 'country', 'office', 'company', 'employee_type', 'city'];

// Whom the policy looks at on each day, by what the directory says of them on that day.
export function ScopeStep({ file, problems, set }: StepProps) {
  const where = listAt<Condition>(file, ['scope', 'where']);
  const [some, setSome] = useState(where.length > 0);
  const boosters = listAt<{ id: string; title?: string; where: Condition[]; boost: number }>(file, [
    'scoring',
    'boosters',
  ]);
  const group = boosters.findIndex(({ id }) => id === 'priority_group');
  const names = group < 0 ? [] : valuesOf(boosters[group]?.where[0]?.groups);
  const setGroup = (text: string) => {
    const groups = linesOf(text);
    const rest = boosters.filter(({ id }) => id !== 'priority_group');
    const own = {
      id: 'priority_group',
      title: 'Priority users',
      where: [{ groups }],
      boost: boosters[group]?.boost ?? 0.1,
    };
    set(['scoring', 'boosters'], groups.length === 0 ? rest : [...rest, own]);
  };
  return (
    <div className={styles.form}>
      <RadioGroup
        aria-label="Whom it looks at"
        value={some ? 'some' : 'all'}
        onChange={(_, { value }) => {
          setSome(value === 'some');
          if (value === 'all') set(['scope', 'where'], []);
          else if (where.length === 0) set(['scope', 'where'], [{ groups: [] }]);
        }}
      >
        <Radio value="all" label="Everybody whom a trigger brings into scope" />
        <Radio value="some" label="Only people of whom one of these holds, asked anew each day" />
      </RadioGroup>
      {some && (
        <Conditions
          label="Looked at"
          path={['scope', 'where']}
          conditions={where}
          problems={problems}
          onChange={(next) => set(['scope', 'where'], next)}
        />
      )}
      <h3 className={styles.sub}>Left out</h3>
      <Conditions
        label="Left out"
        path={['scope', 'except']}
        conditions={listAt<Condition>(file, ['scope', 'except'])}
        problems={problems}
        onChange={(next) => set(['scope', 'except'], next)}
      />
      <Checkbox
        label="Also contractors"
        checked={valueAt(file, ['contractors']) === true}
        onChange={(_, { checked }) => set(['contractors'], checked === true ? true : '')}
      />
      <Checkbox
        label="Also guests"
        checked={valueAt(file, ['guests']) === true}
        onChange={(_, { checked }) => set(['guests'], checked === true ? true : '')}
      />
      <Field
        label="Priority group"
        hint="Groups of the directory, one a line: their members count more beside other evidence, never alone"
        validationMessage={at(problems, ['scoring', 'boosters'])}
      >
        <Textarea defaultValue={names.join('\n')} rows={2} onChange={(_, { value }) => setGroup(value)} />
      </Field>
    </div>
  );
}

function valuesOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

type Props = {
  label: string;
  path: Path;
  conditions: readonly Condition[];
  problems: readonly Problem[];
  onChange: (conditions: Condition[]) => void;
};

// Any of the conditions; all attributes of one must hold.
function Conditions({ label, path, conditions, problems, onChange }: Props) {
  const change = (index: number, condition: Condition) =>
    onChange(conditions.map((one, position) => (position === index ? condition : one)));
  return (
    <div className={styles.rows}>
      <datalist id="attributes">
        {ATTRIBUTES.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {conditions.map((condition, index) => (
        <fieldset key={index} className={styles.fieldset}>
          <legend>
            {label}: condition {index + 1}
          </legend>
          {Object.entries(condition).map(([attribute, value], row) => (
            <div key={row} className={styles.pair}>
              <Field label="Attribute" validationMessage={at(problems, [...path, index])}>
                <Input
                  list="attributes"
                  value={attribute}
                  maxLength={64}
                  onChange={(_, data) =>
                    change(
                      index,
                      Object.fromEntries(
                        Object.entries(condition).map(([key, held]) => [key === attribute ? data.value : key, held]),
                      ),
                    )
                  }
                />
              </Field>
              <Field label="Any of these values" hint="One a line; letter case does not count">
                <Textarea
                  defaultValue={valuesOf(value).join('\n')}
                  rows={2}
                  onChange={(_, data) => change(index, { ...condition, [attribute]: linesOf(data.value) })}
                />
              </Field>
            </div>
          ))}
          <div className={styles.acts}>
            <Button
              size="small"
              onClick={() =>
                change(index, {
                  ...condition,
                  [ATTRIBUTES.find((one) => !(one in condition)) ?? 'attribute']: [],
                })
              }
            >
              And another attribute
            </Button>
            <Button size="small" onClick={() => onChange(conditions.filter((_, position) => position !== index))}>
              Take the condition out
            </Button>
          </div>
        </fieldset>
      ))}
      <div>
        <Button
          size="small"
          aria-label={`${label}: add a condition`}
          onClick={() => onChange([...conditions, { groups: [] }])}
        >
          Add a condition
        </Button>
      </div>
    </div>
  );
}
