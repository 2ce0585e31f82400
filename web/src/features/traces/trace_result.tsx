import { Badge, Button } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useRef } from 'react';
import { ActFailed, Empty } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ExportFile } from '../exports/export_file';
import { useMay } from '../session/session';
import { useKeepTrace, type DataTrace, type TraceResult, type TraceStep } from './trace_calls';
import { TraceGraph } from './trace_graph';
import styles from './traces.module.css';
import { ACT_WORD, STRENGTH_WORD, tieInWords, untold } from './words';

type Props = { trace: DataTrace; result: TraceResult; isOpen: boolean };

export function TraceFound({ trace, result, isOpen }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const open = (step: number) => list.current?.querySelector<HTMLElement>(`[data-step="${step}"]`)?.focus();
  const first = result.steps[0];
  return (
    <>
      {!first && (
        <Empty title="Nothing of it was found">
          No activity of these days is over it, of anybody you may see. Other days, or another start, may find more.
        </Empty>
      )}
      {first && (
        <p className={styles.summary} data-testid="trace-summary">
          Since <Timestamp at={first.time} />, {inWords(result.steps.length + result.steps_left_out, 'step', 'steps')}{' '}
          through {inWords(handsOf(result).length + result.people_left_out, 'person’s hands', 'people’s hands')}, to{' '}
          {inWords(result.places.length + result.places_left_out, 'place', 'places')}.
        </p>
      )}
      <TraceTools trace={trace} isOpen={isOpen} />
      {first && <TraceGraph result={result} onOpen={open} />}
      {first && <Places result={result} />}
      {first && (
        <section className={styles.section} ref={list}>
          <h3>Step by step</h3>
          <Steps label="Step by step" steps={result.steps} result={result} onOpen={open} />
        </section>
      )}
      {first && <Hands result={result} />}
      {result.name_only.length > 0 && (
        <section className={styles.section}>
          <h3>Shares only a name</h3>
          <p className={styles.words}>
            Nothing else ties these to it: they may be other files. They were not followed.
          </p>
          <Steps label="Shares only a name" steps={result.name_only} result={result} />
        </section>
      )}
      <section className={styles.section}>
        <h3>What could not be told</h3>
        <ul className={styles.untold} data-testid="untold">
          {untold(result).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

const inWords = (count: number, one: string, more: string) => `${count.toLocaleString()} ${count === 1 ? one : more}`;
const handsOf = (result: TraceResult) => result.people.filter((one) => one.first !== null);

function TraceTools({ trace, isOpen }: { trace: DataTrace; isOpen: boolean }) {
  const mayExport = useMay('activities.export');
  const mayKeep = useMay('cases.work') && isOpen;
  const keep = useKeepTrace(trace.request, trace.case_id);
  return (
    <>
      <div className={styles.tools}>
        {mayKeep && (
          <Button appearance="primary" disabled={keep.isPending || keep.isSuccess} onClick={() => keep.mutate()}>
            {keep.isSuccess ? 'Kept as evidence' : 'Keep with the case'}
          </Button>
        )}
        {mayExport &&
          (['csv', 'json'] as const).map((ending) => (
            <ExportFile
              key={ending}
              act={`Export ${ending.toUpperCase()}`}
              icon={<ArrowDownloadRegular />}
              file={{
                path: `/requests/${trace.request}/trace.${ending}`,
                name: `candor-trace-${trace.request}.${ending}`,
              }}
            />
          ))}
      </div>
      {keep.data && (
        <p role="status" className={styles.words}>
          It is file {keep.data.number} of the case’s evidence, names masked, and in its packages.
        </p>
      )}
      {keep.error && <ActFailed title="It was not kept" error={keep.error} />}
    </>
  );
}

function Places({ result }: { result: TraceResult }) {
  return (
    <section className={styles.section}>
      <h3>Places it reached</h3>
      {result.places.length === 0 && <p className={styles.words}>None: it stayed where it was.</p>}
      {result.places.length > 0 && (
        <TableFrame label="Places it reached">
          <table className={table.table} aria-label="Places it reached">
            <thead>
              <tr>
                <th scope="col">How</th>
                <th scope="col">Where</th>
                <th scope="col">First</th>
                <th scope="col">Last</th>
                <th scope="col" className={table.number}>
                  Times
                </th>
                <th scope="col" className={table.number}>
                  People
                </th>
                <th scope="col">How sure</th>
              </tr>
            </thead>
            <tbody>
              {result.places.map((place) => (
                <tr key={`${place.by} ${place.place}`}>
                  <td>{ACT_WORD[place.by]}</td>
                  <th scope="row">{place.place === '' ? 'not recorded' : <RecordText text={place.place} />}</th>
                  <td className={table.nowrap}>
                    <Timestamp at={place.first} />
                  </td>
                  <td className={table.nowrap}>
                    <Timestamp at={place.last} />
                  </td>
                  <td className={table.number}>{place.times.toLocaleString()}</td>
                  <td className={table.number}>{place.people.toLocaleString()}</td>
                  <td>
                    <Strength strength={place.strength} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Hands({ result }: { result: TraceResult }) {
  return (
    <section className={styles.section}>
      <h3>Hands it went through</h3>
      <TableFrame label="Hands it went through">
        <table className={table.table} aria-label="Hands it went through">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Since</th>
              <th scope="col">Last</th>
              <th scope="col" className={table.number}>
                Steps
              </th>
              <th scope="col" className={table.number}>
                Given it
              </th>
              <th scope="col">How sure</th>
            </tr>
          </thead>
          <tbody>
            {handsOf(result).map((hand) => (
              <tr key={hand.person.pseudonym}>
                <th scope="row">
                  <PersonName person={hand.person} />
                </th>
                <td className={table.nowrap}>{hand.first && <Timestamp at={hand.first} />}</td>
                <td className={table.nowrap}>{hand.last && <Timestamp at={hand.last} />}</td>
                <td className={table.number}>{hand.steps.toLocaleString()}</td>
                <td className={table.number}>{hand.received.toLocaleString()}</td>
                <td>
                  <Strength strength={hand.strength} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

type StepsProps = {
  label: string;
  steps: readonly TraceStep[];
  result: TraceResult;
  onOpen?: (step: number) => void;
};

function Steps({ label, steps, result, onOpen }: StepsProps) {
  return (
    <TableFrame label={label}>
      <table className={table.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={table.number}>
              No.
            </th>
            <th scope="col">Time</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Where</th>
            <th scope="col">Tied to</th>
            <th scope="col">How sure</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.number} data-step={onOpen ? step.number : undefined} tabIndex={onOpen ? -1 : undefined}>
              <td className={table.number}>{step.number}</td>
              <td className={table.nowrap}>
                <Timestamp at={step.time} seconds />
              </td>
              <td>
                <Who index={step.person} result={result} />
              </td>
              <th scope="row" className={styles.what}>
                <What step={step} result={result} />
              </th>
              <td className={styles.where}>
                <Where step={step} />
              </td>
              <td className={styles.tie}>
                <TiedTo step={step} onOpen={onOpen} />
              </td>
              <td>
                <Strength strength={step.strength} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Who({ index, result }: { index: number; result: TraceResult }) {
  const one = result.people[index];
  return one ? <PersonName person={one.person} /> : null;
}

function What({ step, result }: { step: TraceStep; result: TraceResult }) {
  return (
    <>
      {ACT_WORD[step.act]}: {step.name === '' ? 'no name recorded' : <RecordText text={step.name} />}
      {step.became !== '' && (
        <>
          {' '}
          → <RecordText text={step.became} />
        </>
      )}
      {step.given_to.length > 0 && (
        <span className={styles.words}>
          {' to '}
          {step.given_to.map((index, place) => (
            <span key={index}>
              {place > 0 && ', '}
              <Who index={index} result={result} />
            </span>
          ))}
        </span>
      )}
      <span className={styles.words}>
        <RecordText text={step.operation} />
      </span>
    </>
  );
}

function Where({ step }: { step: TraceStep }) {
  const places = [step.place, step.device, step.site].filter(
    (one, index, all) => one !== '' && all.indexOf(one) === index,
  );
  return (
    <>
      {places.map((one) => (
        <div key={one}>
          <RecordText text={one} />
        </div>
      ))}
      {step.label !== '' && (
        <div className={styles.words}>
          label <RecordText text={step.label} />
        </div>
      )}
    </>
  );
}

function TiedTo({ step, onOpen }: { step: TraceStep; onOpen: StepsProps['onOpen'] }) {
  const { from } = step;
  if (from === null || !onOpen) return <>{step.strength === 'name_only' ? '' : 'nothing before it'}</>;
  return (
    <>
      <Button size="small" appearance="transparent" className={styles.back ?? ''} onClick={() => onOpen(from)}>
        {`step ${from}`}
      </Button>
      <span className={styles.words}>{tieInWords(step)}</span>
    </>
  );
}

function Strength({ strength }: { strength: TraceStep['strength'] }) {
  const sure = strength === 'start' || strength === 'certain';
  return (
    <Badge
      appearance={sure ? 'filled' : 'outline'}
      color={sure ? 'brand' : 'informative'}
      className={styles.badge ?? ''}
    >
      {STRENGTH_WORD[strength]}
    </Badge>
  );
}
