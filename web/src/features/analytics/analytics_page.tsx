import { Link } from 'react-router';
import { ProgressBar } from '@fluentui/react-components';
import { IndicatorTitle } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import styles from './analytics.module.css';
import {
  useAnalytics,
  type Analytics,
  type AnalyticsResult,
  type IndicatorUse,
  type PolicyReach,
} from './analytics_calls';
import { fittedInWords, isWorthALook, levelsInWords, peopleInWords } from './words';

export default function AnalyticsPage() {
  const { data, error, isPending, refetch } = useAnalytics();
  return (
    <Page title="Analytics" lead="What goes on in the whole organisation, in numbers: nobody is named or counted alone">
      {isPending && <Loading what="the numbers" />}
      {error && <Failed error={error} what="the numbers" retry={() => void refetch()} />}
      {data && !error && <Looked look={data} retry={() => void refetch()} />}
    </Page>
  );
}

function Looked({ look, retry }: { look: Analytics; retry: () => void }) {
  if (look.state === 'off') {
    return (
      <Empty title="Analytics are off">
        They count what everybody does, also people no policy looks at. Once that is agreed to, switch them on under{' '}
        <Link to="/settings#settings-privacy">Settings</Link>, with a second person.
      </Empty>
    );
  }
  if (look.state === 'failed') return <Failed error={new Error(look.message ?? '')} what="the numbers" retry={retry} />;
  if (!look.result) return <Counting look={look} />;
  return <Numbers look={look} result={look.result} />;
}

function Counting({ look }: { look: Analytics }) {
  const known = look.total > 0;
  return (
    <div className={styles.counting} role="status">
      <span id="counting">
        Counting{known && `: ${look.done.toLocaleString()} of ${look.total.toLocaleString()} people`}
      </span>
      <ProgressBar aria-labelledby="counting" value={known ? look.done / look.total : undefined} />
    </div>
  );
}

function Numbers({ look, result }: { look: Analytics; result: AnalyticsResult }) {
  const worth = result.policies.filter(isWorthALook).length;
  return (
    <>
      <p className={styles.note}>
        {look.from && look.to && `${localDay(look.from)} to ${localDay(look.to)}, the last complete four weeks. `}
        {peopleInWords(result.people)} people did something an indicator sees. People are told in tens.
      </p>
      <section className={styles.part} aria-labelledby="policies">
        <h2 id="policies" className={styles.heading}>
          Policies
        </h2>
        <p className={styles.note}>
          {worth === 0
            ? 'Every policy that would have had somebody to look at is in force.'
            : `${worth} ${worth === 1 ? 'policy' : 'policies'} not in force would have had somebody to look at.`}
        </p>
        <PolicyTable policies={result.policies} />
      </section>
      <section className={styles.part} aria-labelledby="indicators">
        <h2 id="indicators" className={styles.heading}>
          Indicators
        </h2>
        {result.indicators.length === 0 ? (
          <Empty title="Nothing that ten people or more did" />
        ) : (
          <IndicatorTable indicators={result.indicators} />
        )}
      </section>
    </>
  );
}

function PolicyTable({ policies }: { policies: readonly PolicyReach[] }) {
  const sorted = [...policies].sort((a, b) => Number(isWorthALook(b)) - Number(isWorthALook(a)) || b.people - a.people);
  return (
    <TableFrame label="Policies">
      <table className={table.table} aria-label="Policies">
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">Would bring into scope</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.policy}>
              <th scope="row">
                {one.in_force ? (
                  <Link to={`/policies/${encodeURIComponent(one.policy)}`}>
                    <RecordText text={one.name} />
                  </Link>
                ) : (
                  <RecordText text={one.name} />
                )}
                <div className={styles.note}>
                  <RecordText text={one.description} />
                </div>
              </th>
              <td className={table.nowrap}>{peopleInWords(one.people)}</td>
              <td className={table.nowrap}>
                {one.in_force ? (
                  'In force'
                ) : (
                  <Link to={`/policies/new?template=${encodeURIComponent(one.policy)}`}>Start from it</Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function IndicatorTable({ indicators }: { indicators: readonly IndicatorUse[] }) {
  return (
    <TableFrame label="Indicators">
      <table className={table.table} aria-label="Indicators">
        <thead>
          <tr>
            <th scope="col">Indicator</th>
            <th scope="col">People</th>
            <th scope="col">Reached low</th>
            <th scope="col">Reached high</th>
            <th scope="col">Shipped levels</th>
            <th scope="col">Levels of these weeks</th>
          </tr>
        </thead>
        <tbody>
          {indicators.map((one) => (
            <tr key={one.indicator}>
              <th scope="row">
                <Link to={`/indicators/${encodeURIComponent(one.indicator)}`}>
                  <IndicatorTitle indicator={{ name: one.indicator, title: one.title, category: one.category }} />
                </Link>
              </th>
              <td className={table.nowrap}>{peopleInWords(one.people)}</td>
              <td className={table.nowrap}>{peopleInWords(one.reached_low)}</td>
              <td className={table.nowrap}>{peopleInWords(one.reached_high)}</td>
              <td className={table.nowrap}>{levelsInWords(one.shipped)}</td>
              <td className={table.nowrap}>
                {fittedInWords(one.fitted).map((line) => (
                  <div key={line}>{line}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
