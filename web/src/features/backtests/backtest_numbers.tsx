import { Button, Field, Slider } from '@fluentui/react-components';
import { lazy, Suspense, useState } from 'react';
import { Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays } from '../../shared/time/timestamp';
import type { Backtest, BacktestResult } from './backtest_calls';
import { BacktestPeople } from './backtest_people';
import styles from './backtests.module.css';
import { countOf, shownRate, stepInWords, stepOf } from './steps';

const StepsCanvas = lazy(() => import('./steps_canvas'));

type Props = { run: Backtest; result: BacktestResult };

// Numbers first; whom they are about only when asked for.
export function BacktestNumbers({ run, result }: Props) {
  return (
    <>
      <section aria-labelledby="backtest-title" className={styles.section}>
        <h2 id="backtest-title">{run.draft.edited ? 'What the draft would have shown' : 'What this policy shows'}</h2>
        <p className={styles.lead}>
          <CalendarDays from={run.from} to={run.to} />, {countOf(result.people, 'person', 'people')} looked at. At the
          cut of {run.draft.cut} points
          {run.live_cut === null
            ? '; the policy was never in force, so every alert is new'
            : `, against the policy in force (${run.live_cut} points)`}
          :
        </p>
        <dl className={styles.tiles} data-testid="backtest-changes">
          <Tile name="New alerts" value={result.new} />
          <Tile name="Gone" value={result.gone} />
          <Tile name="With another score" value={result.changed} />
          <Tile name="As they are" value={result.same} />
        </dl>
      </section>
      <Cut run={run} result={result} />
      <Precision result={result} />
      <BacktestPeople run={run} result={result} />
    </>
  );
}

function Tile({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString()}</dd>
    </div>
  );
}

// The score from which an alert exists, moved along what the run computed for every step.
function Cut({ run, result }: Props) {
  const { steps } = result;
  const own = stepOf(steps, run.draft.cut);
  const [chosen, setChosen] = useState(own);
  const step = steps[chosen];
  if (!step) return null;
  return (
    <section aria-labelledby="cut-title" className={styles.section}>
      <h2 id="cut-title">If alerts began at another score</h2>
      <div className={styles.cut}>
        <Field label={`Alerts from ${step.cut} points`} className={styles.slider}>
          <Slider
            min={0}
            max={steps.length - 1}
            step={1}
            value={chosen}
            aria-valuetext={`${step.cut} points`}
            onChange={(_, { value }) => setChosen(value)}
          />
        </Field>
        {chosen !== own && (
          <Button appearance="subtle" onClick={() => setChosen(own)}>
            Back to {run.draft.cut} points
          </Button>
        )}
      </div>
      <p aria-live="polite" className={styles.sentence} data-testid="cut-sentence">
        {stepInWords(step)}
      </p>
      <div className={styles.pair}>
        <Suspense fallback={<Loading what="the chart" rows={4} />}>
          <StepsCanvas steps={steps} chosen={chosen} />
        </Suspense>
        <TableFrame label="Steps">
          <table className={table.table} aria-label="Steps">
            <thead>
              <tr>
                <th scope="col" className={table.number}>
                  From
                </th>
                <th scope="col" className={table.number}>
                  Alerts
                </th>
                <th scope="col" className={table.number}>
                  A day
                </th>
                <th scope="col" className={table.number}>
                  People
                </th>
                <th scope="col" className={table.number}>
                  Confirmed lost
                </th>
                <th scope="col" className={table.number}>
                  Dismissed gone
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map((one, index) => (
                <tr
                  key={one.cut}
                  className={index === chosen ? styles.chosen : undefined}
                  aria-current={index === chosen || undefined}
                >
                  <th scope="row" className={table.number}>
                    {one.cut}
                    {index === own && <span title="This policy’s cut"> *</span>}
                  </th>
                  <td className={table.number}>{one.alerts.toLocaleString()}</td>
                  <td className={table.number}>{shownRate(one.alerts_a_day)}</td>
                  <td className={table.number}>{one.people.toLocaleString()}</td>
                  <td className={`${table.number} ${one.confirmed_lost > 0 ? styles.lost : ''}`}>
                    {one.confirmed_lost.toLocaleString()}
                  </td>
                  <td className={table.number}>{one.dismissed_gone.toLocaleString()}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </div>
      <p className={styles.hint}>* where it stands in what was tried.</p>
    </section>
  );
}

function Precision({ result }: { result: BacktestResult }) {
  const { indicators, confirmed, dismissed } = result;
  return (
    <section aria-labelledby="precision-title" className={styles.section}>
      <h2 id="precision-title">How often people agreed</h2>
      {indicators.length === 0 ? (
        <p className={styles.hint}>
          No alert of these days was confirmed or dismissed yet, so there is nothing to tell.
        </p>
      ) : (
        <>
          <p className={styles.lead}>
            Of the alerts in force of these days {confirmed.toLocaleString()} were confirmed and{' '}
            {dismissed.toLocaleString()} dismissed. By what their receipts hold:
          </p>
          <TableFrame label="Precision by indicator">
            <table className={table.table} aria-label="Precision by indicator">
              <thead>
                <tr>
                  <th scope="col">Indicator</th>
                  <th scope="col" className={table.number}>
                    Confirmed
                  </th>
                  <th scope="col" className={table.number}>
                    Dismissed
                  </th>
                  <th scope="col" className={table.number}>
                    Precision
                  </th>
                </tr>
              </thead>
              <tbody>
                {indicators.map((one) => (
                  <tr key={one.name}>
                    <th scope="row">
                      <RecordText text={one.title} />
                    </th>
                    <td className={table.number}>{one.confirmed.toLocaleString()}</td>
                    <td className={table.number}>{one.dismissed.toLocaleString()}</td>
                    <td className={table.number}>{one.precision_percent} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </>
      )}
    </section>
  );
}
