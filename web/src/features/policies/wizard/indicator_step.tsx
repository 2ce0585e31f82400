import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { Failed, Loading } from '../../../shared/states/states';
import table from '../../../shared/table/table.module.css';
import { TableFrame } from '../../../shared/table/table_frame';
import { RecordText } from '../../../shared/text/record_text';
import { useIndicators } from '../../indicators/indicator_calls';
import styles from '../policies.module.css';
import { listAt } from './policy_file';
import type { StepProps } from './step_props';
import { at } from './steps';

const CATEGORIES = ['exfiltration', 'collection', 'obfuscation', 'deletion', 'access', 'infiltration', 'security'];

export type Entry = {
  name?: string;
  category?: string;
  all?: true;
  weight?: number;
  off?: boolean;
  thresholds?: Record<string, number[]>;
};

// What counts and how much. An entry with a name overrides that of its category.
export function IndicatorStep(props: StepProps) {
  const indicators = useIndicators();
  const titles = new Map(indicators.data?.indicators.map(({ name, title }) => [name, title]));
  const sequences = new Map(props.choices.sequences.map(({ name, title }) => [name, title]));
  return (
    <div className={styles.form}>
      {indicators.isPending && <Loading what="the indicators" rows={3} />}
      {indicators.error && <Failed error={indicators.error} what="the indicators" />}
      <p role="alert" className={styles.fault}>
        {listAt(props.file, ['indicators']).length === 0 ? at(props.problems, ['indicators']) : ''}
      </p>
      <Entries {...props} section="indicators" label="Indicators" titles={titles} groups={CATEGORIES} />
      <Entries {...props} section="sequences" label="Sequences" titles={sequences} groups={['all']} />
    </div>
  );
}

type Props = StepProps & {
  section: 'indicators' | 'sequences';
  label: string;
  titles: Map<string, string>;
  groups: readonly string[];
};

function Entries({ file, problems, set, section, label, titles, groups }: Props) {
  const entries = listAt<Entry>(file, [section]);
  const [wanted, setWanted] = useState('');
  const groupOf = (entry: Entry) => (section === 'sequences' ? (entry.all ? 'all' : undefined) : entry.category);
  const free = groups.filter((group) => !entries.some((entry) => groupOf(entry) === group));
  const add = () => {
    if (wanted === '') return;
    const entry: Entry = groups.includes(wanted)
      ? section === 'sequences'
        ? { all: true }
        : { category: wanted }
      : { name: wanted };
    set([section], [...entries, entry]);
    setWanted('');
  };
  return (
    <section aria-label={label} className={styles.rows}>
      <h3 className={styles.sub}>{label}</h3>
      {entries.length > 0 && (
        <TableFrame label={label}>
          <table className={table.table} aria-label={label}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Weight</th>
                <th scope="col">Counts</th>
                <th scope="col">Acts</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry, index) => {
                const group = groupOf(entry);
                const name = group
                  ? section === 'sequences'
                    ? 'All sequences'
                    : `All of ${group}`
                  : (entry.name ?? '');
                return (
                  <tr key={name}>
                    <th scope="row">
                      <RecordText text={group ? name : (titles.get(name) ?? name)} />
                      {entry.thresholds && <span className={styles.note}> with levels of its own</span>}
                    </th>
                    <td>
                      <Field validationMessage={at(problems, [section, index, 'weight'])}>
                        <Input
                          type="number"
                          size="small"
                          step={0.05}
                          min={0}
                          max={1}
                          aria-label={`Weight of ${name}`}
                          placeholder="as usual"
                          value={entry.weight === undefined ? '' : String(entry.weight)}
                          onChange={(_, { value }) =>
                            set([section, index, 'weight'], value === '' ? '' : Number(value))
                          }
                        />
                      </Field>
                    </td>
                    <td>
                      <Checkbox
                        aria-label={`${name} counts`}
                        checked={entry.off !== true}
                        onChange={(_, { checked }) => set([section, index, 'off'], checked === true ? '' : true)}
                      />
                    </td>
                    <td>
                      <Button
                        size="small"
                        aria-label={`Take ${name} out`}
                        onClick={() =>
                          set(
                            [section],
                            entries.filter((_, position) => position !== index),
                          )
                        }
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
        <Field label={section === 'sequences' ? 'Another sequence' : 'Another indicator or category'}>
          <Select value={wanted} onChange={(_, { value }) => setWanted(value)}>
            <option value="">Choose</option>
            {free.map((group) => (
              <option key={group} value={group}>
                {section === 'sequences' ? 'All sequences' : `All of ${group}`}
              </option>
            ))}
            {[...titles]
              .filter(([name]) => !entries.some((entry) => entry.name === name))
              .map(([name, title]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
          </Select>
        </Field>
        <Button size="small" disabled={wanted === ''} onClick={add}>
          Add
        </Button>
      </div>
    </section>
  );
}
