import { Button, Field, Input, Textarea } from '@fluentui/react-components';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { IndicatorTitle } from '../../shared/category/category';
import { ActFailed } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useTry, type Part, type TryOutcome } from './indicator_calls';
import styles from './indicators.module.css';
import { rejectionInWords } from './words';

const LONGEST_RECORD = 48_000;
const LONGEST_SOURCE = 64;

// What stands in the box at first; `turn` tells one example from the next.
export type Given = { record: string; source: string; turn: number };

type Props = { indicator: string; given?: Given };

// A box for a record that is read and matched as if it had come, and stored nowhere.
export function TryRecord({ indicator, given }: Props) {
  const [record, setRecord] = useState(given?.record ?? '');
  const [source, setSource] = useState(given?.source ?? 'm365_audit');
  const { mutate, data, error, isPending } = useTry();
  const box = useRef<HTMLTextAreaElement>(null);
  const isExample = given !== undefined && given.turn > 0;
  useEffect(() => {
    if (isExample) box.current?.focus();
  }, [isExample]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ record, source, indicator });
  };
  return (
    <>
      <form className={styles.form} aria-label="Try a record" onSubmit={submit}>
        <Field label="Record" hint="One JSON object as the source writes it. Nothing of it is stored.">
          <Textarea
            ref={box}
            value={record}
            rows={8}
            resize="vertical"
            maxLength={LONGEST_RECORD}
            className={styles.box}
            onChange={(_, { value }) => setRecord(value)}
          />
        </Field>
        <Field label="Source" hint="m365_audit, badge, or the name of a feed">
          <Input value={source} maxLength={LONGEST_SOURCE} onChange={(_, { value }) => setSource(value)} />
        </Field>
        <Button type="submit" appearance="primary" disabled={isPending || record.trim() === '' || source === ''}>
          Try it
        </Button>
      </form>
      {error && <ActFailed error={error} title="It could not be tried" />}
      {data && !error && <Outcome outcome={data} />}
    </>
  );
}

function Outcome({ outcome }: { outcome: TryOutcome }) {
  const { activity, explained } = outcome;
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    part.current?.scrollIntoView({ block: 'nearest' }); // what it gives is no clean-up
  }, [outcome]);
  return (
    <div ref={part} className={styles.part} role="status" data-testid="outcome">
      {outcome.rejection && <p>It is no activity. {rejectionInWords(outcome.rejection)}.</p>}
      {outcome.unknown_operation && (
        <p className={styles.note}>
          No mapping names the operation <RecordText text={outcome.unknown_operation} />.
        </p>
      )}
      {explained && <Explained explained={explained} />}
      {activity && <Matches outcome={outcome} />}
      {activity && <Fields activity={activity} />}
    </div>
  );
}

const STATE_SENTENCE: Record<NonNullable<TryOutcome['explained']>['state'], string> = {
  matches: 'It matches',
  does_not_match: 'It does not match',
  counted: 'It is counted: the indicator matches once enough such records of one account come together',
  other_source: 'It does not match: the rule reads no records of this source',
  left_out: 'It would match, but an exclusion leaves it out',
  off: 'It is off, so it was not evaluated',
};

function Explained({ explained }: { explained: NonNullable<TryOutcome['explained']> }) {
  return (
    <>
      <p>
        <strong>{STATE_SENTENCE[explained.state]}</strong>
        {explained.state === 'off' && ': today or on the record’s day, for somebody of whom no country is known.'}
      </p>
      {explained.condition && (
        <ul className={styles.tree} aria-label="Why">
          <PartItem part={explained.condition} />
        </ul>
      )}
    </>
  );
}

// A line of a rule that asks one thing only is that thing.
function meant(part: Part): Part {
  const [only] = part.parts;
  const field = part.part.split('|')[0] ?? '';
  return only && part.parts.length === 1 && only.part.startsWith(`${field} `) ? only : part;
}

function PartItem({ part: written }: { part: Part }) {
  const part = meant(written);
  return (
    <li>
      <span className={part.holds ? styles.holds : styles.fails}>{part.holds ? 'Yes' : 'No'}</span>{' '}
      <RecordText text={part.part} />
      {part.why && (
        <span className={styles.why}>
          <RecordText text={part.why} />
        </span>
      )}
      {part.parts.length > 0 && (
        <ul className={styles.tree}>
          {part.parts.map((each, index) => (
            <PartItem key={index} part={each} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Matches({ outcome }: { outcome: TryOutcome }) {
  const { matches, left_out, switched_off } = outcome;
  return (
    <>
      <p>
        {matches.length === 0 && 'No indicator matches it'}
        {matches.length === 1 && '1 indicator matches it'}
        {matches.length > 1 && `${matches.length} indicators match it`}
        {switched_off > 0 && `; ${switched_off} are off and were not asked`}.
      </p>
      {left_out.length > 0 && (
        <ul className={styles.words} aria-label="Left out by exclusions">
          {left_out.map((one) => (
            <li key={one.indicator.name}>
              <IndicatorTitle indicator={one.indicator} /> is left out by the exclusion{' '}
              <code className={styles.code}>{one.exclusion}</code>
            </li>
          ))}
        </ul>
      )}
      {matches.length > 0 && (
        <ul className={styles.chips} aria-label="Indicators that match">
          {matches.map((one) => (
            <li key={one.name}>
              <Link to={`/indicators/${encodeURIComponent(one.name)}`}>
                <IndicatorTitle indicator={one} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Fields({ activity }: { activity: NonNullable<TryOutcome['activity']> }) {
  return (
    <details>
      <summary>
        As an activity: <RecordText text={activity.operation} />, <Timestamp at={activity.time} />
      </summary>
      <TableFrame label="Fields of the activity">
        <table className={table.table} aria-label="Fields of the activity">
          <tbody>
            {activity.fields.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row" className={styles.code}>
                  {name}
                </th>
                <td>
                  {values.map((value, index) => (
                    <div key={index}>
                      <RecordText text={value} />
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  );
}
