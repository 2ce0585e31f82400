import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { ActFailed } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import type { Schemas } from '../../shared/api/client';
import { ReasonDialog } from '../people/reason_dialog';
import { useMay } from '../session/session';
import styles from './settings.module.css';
import { useTunePolicies, type Tuned, type Tuning } from './tuning_calls';

type Policy = Schemas['PolicyRow'];

const VOLUME_WORD = { fewer: 'Fewer alerts', default: 'As it ships', more: 'More alerts' };
const WINDOWS = [
  ['look_back_days', 'Past days read', 0],
  ['activation_days', 'Days in scope', 1],
  ['evidence_days', 'Days that add points', 1],
] as const;

export type Kind = 'volume' | 'timeframes';

// What each policy has, and a change of it for several at once: a new version of each, as if one had changed its file.
export function PolicyTuning({ kind, policies }: { kind: Kind; policies: readonly Policy[] }) {
  const [open, setOpen] = useState(false);
  const mayWrite = useMay('policies.write');
  const label = kind === 'volume' ? 'Alert volume of policies' : 'Timeframes of policies';
  if (policies.length === 0) return <p>There is no policy yet.</p>;
  return (
    <>
      <TableFrame label={label}>
        <table className={table.table} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              {kind === 'volume' ? (
                <th scope="col">Volume</th>
              ) : (
                WINDOWS.map(([key, title]) => (
                  <th key={key} scope="col">
                    {title}
                  </th>
                ))
              )}
            </tr>
          </thead>
          <tbody>
            {policies.map(({ id, name, windows }) => (
              <tr key={id}>
                <th scope="row">
                  <Link to={`/policies/${encodeURIComponent(id)}`}>
                    <RecordText text={name} />
                  </Link>
                </th>
                {kind === 'volume' ? (
                  <td>{VOLUME_WORD[windows.volume]}</td>
                ) : (
                  WINDOWS.map(([key]) => <td key={key}>{windows[key]}</td>)
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {mayWrite && (
        <div>
          <Button size="small" onClick={() => setOpen(true)}>
            {kind === 'volume' ? 'Change the volume…' : 'Change timeframes…'}
          </Button>
        </div>
      )}
      {open && <TuneDialog kind={kind} policies={policies} onClose={() => setOpen(false)} />}
    </>
  );
}

type DialogProps = { kind: Kind; policies: readonly Policy[]; onClose: () => void };

function TuneDialog({ kind, policies, onClose }: DialogProps) {
  const [chosen, setChosen] = useState<readonly string[]>(policies.map(({ id }) => id));
  const [tuning, setTuning] = useState<Tuning>(kind === 'volume' ? { volume: 'default' } : {});
  const { mutate, error, isPending, data } = useTunePolicies();
  const says = kind === 'volume' || WINDOWS.some(([key]) => tuning[key] !== undefined);
  if (data) return <Outcome tuned={data} onClose={onClose} />;
  return (
    <ReasonDialog
      title={kind === 'volume' ? 'Change the alert volume' : 'Change timeframes'}
      act="Ask"
      lead="Each chosen policy gets a new version, as if its file had been changed: dated, with its difference, and back-tested like any other. One that looks at more waits for a second person."
      failed="Nothing has changed"
      error={error}
      ready={chosen.length > 0 && says}
      isPending={isPending}
      onSubmit={(reason) => mutate({ policies: chosen, tuning, reason })}
      onClose={onClose}
    >
      {kind === 'volume' ? (
        <Field label="Alert volume">
          <Select
            value={tuning.volume ?? 'default'}
            onChange={(_, { value }) => setTuning({ volume: value as Tuning['volume'] })}
          >
            {Object.entries(VOLUME_WORD).map(([word, title]) => (
              <option key={word} value={word}>
                {title}
              </option>
            ))}
          </Select>
        </Field>
      ) : (
        WINDOWS.map(([key, title, least]) => (
          <Field key={key} label={title} hint={`${least} to 180; empty: as each policy has it`}>
            <Input
              type="number"
              min={least}
              max={180}
              value={tuning[key] === undefined ? '' : String(tuning[key])}
              onChange={(_, { value }) => {
                const rest = Object.fromEntries(Object.entries(tuning).filter(([name]) => name !== key));
                setTuning(value === '' ? rest : { ...rest, [key]: Number(value) });
              }}
            />
          </Field>
        ))
      )}
      <fieldset className={styles.choices}>
        <legend>Policies</legend>
        {policies.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(_, { checked }) =>
              setChosen(checked === true ? [...chosen, id] : chosen.filter((one) => one !== id))
            }
          />
        ))}
      </fieldset>
    </ReasonDialog>
  );
}

const OUTCOME_WORD = {
  same: 'says so already',
  holds: 'in force from today on',
  waits: 'waits for a second person',
  faulty: 'was refused',
};

function Outcome({ tuned, onClose }: { tuned: readonly Tuned[]; onClose: () => void }) {
  return (
    <div role="status" className={styles.waiting}>
      <ul className={styles.list}>
        {tuned.map(({ id, name, outcome, message }) => (
          <li key={id}>
            <RecordText text={name} />: {OUTCOME_WORD[outcome]}
            {message && (
              <>
                : <RecordText text={message} />
              </>
            )}
          </li>
        ))}
      </ul>
      {tuned.some(({ outcome }) => outcome === 'faulty') && (
        <ActFailed title="Some were refused" error={new Error('The others are as told above.')} />
      )}
      <Button size="small" onClick={onClose}>
        Done
      </Button>
    </div>
  );
}
