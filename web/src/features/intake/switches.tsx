import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { useViewer } from '../session/session';
import styles from './intake.module.css';
import { useSetSwitch, useSwitches, type NewSwitch, type SwitchedIndicator } from './intake_calls';

const INTRUSION_WORD = ['', 'File metadata', 'Communication metadata', 'Content', 'Private life'];
const MOST_INTRUSION_BY_DEFAULT = 2;

export function Switches() {
  const { data, error, isPending, refetch } = useSwitches();
  const { permissions } = useViewer();
  return (
    <section aria-labelledby="switches" className={styles.part}>
      <h2 id="switches">Switches</h2>
      <p>
        An indicator that is off is never evaluated. Content and private life are off until an agreement allows them.
        While somebody’s country or groups are not known, the strictest decision holds.
      </p>
      {isPending && <Loading what="the switches" />}
      {error && <Failed error={error} what="the switches" retry={() => void refetch()} />}
      {data && permissions.includes('policies.write') && <Decide indicators={data.indicators} />}
      {data && !error && <Listed indicators={data.indicators} />}
    </section>
  );
}

function Listed({ indicators }: { indicators: SwitchedIndicator[] }) {
  return (
    <TableFrame label="Switches">
      <table className={table.table} aria-label="Switches">
        <thead>
          <tr>
            <th scope="col">Indicator</th>
            <th scope="col">Looks at</th>
            <th scope="col">By default</th>
            <th scope="col">Decisions</th>
          </tr>
        </thead>
        <tbody>
          {indicators.map((one) => (
            <tr key={one.name}>
              <th scope="row">
                <RecordText text={one.title} />
                <span className={styles.words}>{one.name}</span>
              </th>
              <td>{INTRUSION_WORD[one.intrusion]}</td>
              <td>{one.on ? 'On' : 'Off'}</td>
              <td>
                {one.decisions.length === 0 && 'None'}
                {one.decisions.map((decision) => (
                  <div key={decision.number}>
                    <RecordText text={inWords(decision)} />
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function inWords(decision: SwitchedIndicator['decisions'][number]): string {
  const where = [decision.country || 'everywhere', decision.group && `group ${decision.group}`].filter(Boolean);
  const by = decision.agreement ? ` (${decision.agreement})` : '';
  return `${decision.on ? 'On' : 'Off'} ${where.join(', ')}, from ${decision.from}${by}`;
}

function Decide({ indicators }: { indicators: SwitchedIndicator[] }) {
  const first = { indicator: indicators[0]?.name ?? '', state: 'off', country: '', group: '', from: '', agreement: '' };
  const [decision, setDecision] = useState<NewSwitch>(first);
  const { mutate, error, isPending, data } = useSetSwitch();
  const set = (change: Partial<NewSwitch>) => setDecision({ ...decision, ...change });
  const intrusion = indicators.find((one) => one.name === decision.indicator)?.intrusion ?? 0;
  const needsAgreement = decision.state === 'on' && intrusion > MOST_INTRUSION_BY_DEFAULT;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate(decision);
  };
  return (
    <form className={styles.decide} onSubmit={submit} aria-label="Decide">
      <Field label="Indicator">
        <Select value={decision.indicator} onChange={(_, { value }) => set({ indicator: value })}>
          {indicators.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="State">
        <Select value={decision.state} onChange={(_, { value }) => set({ state: value })}>
          <option value="off">off</option>
          <option value="on">on</option>
        </Select>
      </Field>
      <Field label="Country" hint="Two capital letters; empty: everywhere">
        <Input
          value={decision.country}
          maxLength={2}
          onChange={(_, { value }) => set({ country: value.toUpperCase() })}
        />
      </Field>
      <Field label="Group" hint="Empty: everybody">
        <Input value={decision.group} maxLength={200} onChange={(_, { value }) => set({ group: value })} />
      </Field>
      <Field label="From" hint="Empty: today (UTC)">
        <Input type="date" value={decision.from} onChange={(_, { value }) => set({ from: value })} />
      </Field>
      <Field label="Agreement" hint="Its reference" required={needsAgreement}>
        <Input value={decision.agreement} maxLength={200} onChange={(_, { value }) => set({ agreement: value })} />
      </Field>
      <Button type="submit" appearance="primary" disabled={isPending}>
        Decide
      </Button>
      <p role="status" className={styles.outcome}>
        {error ? error.message : data ? `${data.indicator} is ${data.on ? 'on' : 'off'} from ${data.from}` : ''}
      </p>
    </form>
  );
}
