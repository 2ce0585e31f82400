import { ArrowLeftRegular } from '@fluentui/react-icons';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { CategoryName, IndicatorTitle } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { peersInWords } from '../../shared/peers/peers';
import { usualDaysInWords } from '../../shared/usual/usual';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, CalendarDays } from '../../shared/time/timestamp';
import back from '../alerts/alert_page.module.css';
import { PersonName } from '../alerts/person';
import { StatusWord } from '../alerts/status';
import { StartScoring } from '../people/scoring_ask';
import { AskForMore } from '../requests/ask_for_more';
import styles from './alert_person.module.css';
import { useAlertPerson, type AlertPerson, type PersonInsight } from './alert_person_calls';
import { byDay, categoriesOf } from './days';

const DaysCanvas = lazy(() => import('./days_canvas'));

export default function AlertPersonPage() {
  const { alertId = '' } = useParams();
  const person = useAlertPerson(alertId);
  return (
    <>
      <nav aria-label="Back" className={back.back}>
        <Link to={`/alerts/${encodeURIComponent(alertId)}`}>
          <ArrowLeftRegular aria-hidden="true" /> The alert
        </Link>
      </nav>
      {person.error && (
        <Page title="The alert’s person">
          <Failed error={person.error} what="this person" retry={() => void person.refetch()} />
        </Page>
      )}
      {person.isPending && (
        <Page title="The alert’s person">
          <Loading what="the person" rows={12} />
        </Page>
      )}
      {person.data && !person.error && <OnePerson data={person.data} />}
    </>
  );
}

const LEVEL_WORD: Record<AlertPerson['risk_level']['level'], string> = {
  none: 'None',
  minor: 'Minor',
  moderate: 'Moderate',
  elevated: 'Elevated',
};

// A level is of the person, a severity of one alert: other words, and no colour of a severity.
function RiskLevel({ level }: { level: AlertPerson['risk_level'] }) {
  return (
    <>
      {LEVEL_WORD[level.level]}
      {level.until !== null && (
        <span className={styles.words}>
          until <CalendarDay day={level.until} />: {level.because}
        </span>
      )}
    </>
  );
}

function OnePerson({ data }: { data: AlertPerson }) {
  return (
    <Page
      title="The alert’s person"
      lead={<PersonName person={data.person} />}
      actions={
        <>
          <AskForMore asking={{ alertId: data.alert_id }} />
          <StartScoring from={{ alertId: data.alert_id }} />
        </>
      }
    >
      <dl className={`${back.facts} ${styles.facts}`}>
        <div>
          <dt>Risk level</dt>
          <dd data-testid="risk-level">
            <RiskLevel level={data.risk_level} />
          </dd>
        </div>
        <div>
          <dt>Policy of the alert</dt>
          <dd>
            <RecordText text={data.policy.name} />
          </dd>
        </div>
        <div>
          <dt>Days of evidence</dt>
          <dd>
            <CalendarDays from={data.from} to={data.to} />
          </dd>
        </div>
      </dl>
      <p className={styles.hint}>
        Only what this policy counts, on days in its scope, from its low level on. The risk level comes from alerts that
        were confirmed and ends by itself. This look is in the audit log.
      </p>
      <Days data={data} />
      <Insights insights={data.insights} />
      <Sequences data={data} />
      <Scopes data={data} />
      <Others data={data} />
    </Page>
  );
}

function Days({ data }: { data: AlertPerson }) {
  const days = byDay(data.insights);
  const categories = categoriesOf(data.insights);
  return (
    <section aria-labelledby="days-title" className={styles.section}>
      <h2 id="days-title">Insights by day</h2>
      {days.length === 0 ? (
        <p className={styles.hint}>Nothing of these days is kept any more, or none of it reaches a level now.</p>
      ) : (
        <div className={styles.pair}>
          <Suspense fallback={<Loading what="the chart" rows={4} />}>
            <DaysCanvas days={days} categories={categories} from={data.from} to={data.to} />
          </Suspense>
          <TableFrame label="Insights by day and category" className={styles.days}>
            <table className={table.table} aria-label="Insights by day and category">
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  {categories.map((category) => (
                    <th key={category} scope="col" className={table.number}>
                      <CategoryName category={category} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {days.map(({ day, counts }) => (
                  <tr key={day}>
                    <th scope="row" className={table.nowrap}>
                      <CalendarDay day={day} />
                    </th>
                    {categories.map((category) => (
                      <td key={category} className={table.number}>
                        {counts.get(category) ?? '–'}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </div>
      )}
    </section>
  );
}

const DIMENSION_WORD: Record<PersonInsight['dimension'], string> = {
  all: '',
  sensitive: 'with sensitive information',
  priority: 'on priority content',
  unallowed: 'to unallowed domains',
};

type Counted = Pick<
  PersonInsight,
  'count' | 'dimension' | 'level' | 'threshold' | 'usual' | 'usual_of' | 'peers' | 'points'
>;

function CountHeads() {
  return (
    <>
      <th scope="col" className={table.number}>
        Count
      </th>
      <th scope="col">Level reached</th>
      <th scope="col" className={table.number}>
        Own usual
      </th>
      <th scope="col" className={table.number}>
        Points
      </th>
    </>
  );
}

function CountCells({ one, day }: { one: Counted; day: string }) {
  return (
    <>
      <td className={table.number}>
        {one.count.toLocaleString()}
        <span className={styles.words}>{DIMENSION_WORD[one.dimension]}</span>
      </td>
      <td className={table.nowrap}>
        {one.level} ({one.threshold.toLocaleString()})
      </td>
      <td className={table.number}>
        {one.usual === null ? 'not known' : one.usual.toLocaleString(undefined, { maximumFractionDigits: 1 })}
        {one.usual !== null && <span className={styles.words}>{usualDaysInWords(one.usual_of, day)}</span>}
        <span className={styles.words}>{peersInWords(one.peers)}</span>
      </td>
      <td className={table.number}>{one.points === null ? '–' : shownPoints(one.points)}</td>
    </>
  );
}

function Insights({ insights }: { insights: readonly PersonInsight[] }) {
  if (insights.length === 0) return null;
  return (
    <section aria-labelledby="insights-title" className={styles.section}>
      <h2 id="insights-title">Insights ({insights.length.toLocaleString()})</h2>
      <TableFrame label="Insights">
        <table className={table.table} aria-label="Insights">
          <thead>
            <tr>
              <th scope="col">Indicator</th>
              <th scope="col">Day</th>
              <CountHeads />
            </tr>
          </thead>
          <tbody>
            {insights.map((one) => (
              <tr key={`${one.day} ${one.indicator.name}`}>
                <th scope="row">
                  <IndicatorTitle indicator={one.indicator} />
                </th>
                <td className={table.nowrap}>
                  <CalendarDay day={one.day} />
                </td>
                <CountCells one={one} day={one.day} />
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Sequences({ data }: { data: AlertPerson }) {
  return (
    <section aria-labelledby="sequences-title" className={styles.section}>
      <h2 id="sequences-title">Sequences</h2>
      {data.sequences.length === 0 ? (
        <p className={styles.hint}>No sequence over the same content was found on these days.</p>
      ) : (
        <TableFrame label="Sequences">
          <table className={table.table} aria-label="Sequences">
            <thead>
              <tr>
                <th scope="col">Sequence</th>
                <th scope="col">Ended</th>
                <CountHeads />
              </tr>
            </thead>
            <tbody>
              {data.sequences.map((one) => (
                <tr key={`${one.day} ${one.title}`}>
                  <th scope="row">
                    <RecordText text={one.title} />
                    {one.steps.length > 0 && <span className={styles.words}>{one.steps.join(' → ')}</span>}
                  </th>
                  <td className={table.nowrap}>
                    <CalendarDay day={one.day} />
                  </td>
                  <CountCells one={one} day={one.day} />
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Scopes({ data }: { data: AlertPerson }) {
  return (
    <section aria-labelledby="scopes-title" className={styles.section}>
      <h2 id="scopes-title">Policies in scope, and since when</h2>
      {data.scopes.length === 0 ? (
        <p className={styles.hint}>No policy in force has this person in its scope on these days.</p>
      ) : (
        <TableFrame label="Policies in scope">
          <table className={table.table} aria-label="Policies in scope">
            <thead>
              <tr>
                <th scope="col">Policy</th>
                <th scope="col">Trigger</th>
                <th scope="col">Since</th>
                <th scope="col">Days in scope</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {data.scopes.map((one) => (
                <tr key={`${one.policy.id} ${one.trigger} ${one.from}`}>
                  <th scope="row">
                    <RecordText text={one.policy.name} />
                  </th>
                  <td>
                    <RecordText text={one.trigger} />
                    {one.times > 1 && <span className={styles.words}>{one.times.toLocaleString()} times</span>}
                  </td>
                  <td className={table.nowrap}>
                    <CalendarDay day={one.since} />
                  </td>
                  <td className={table.nowrap}>
                    <CalendarDays from={one.from} to={one.to} />
                  </td>
                  <td>{one.current ? 'In scope' : 'No longer'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Others({ data }: { data: AlertPerson }) {
  return (
    <section aria-labelledby="others-title" className={styles.section}>
      <h2 id="others-title">Other alerts</h2>
      {data.alerts.length === 0 ? (
        <p className={styles.hint}>There is no other alert about this person.</p>
      ) : (
        <TableFrame label="Other alerts">
          <table className={table.table} aria-label="Other alerts">
            <thead>
              <tr>
                <th scope="col">Policy</th>
                <th scope="col">Severity</th>
                <th scope="col" className={table.number}>
                  Score
                </th>
                <th scope="col">Activity</th>
                <th scope="col">Status</th>
              </tr>
            </thead>
            <tbody>
              {data.alerts.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <Link to={`/alerts/${encodeURIComponent(row.id)}`}>
                      <RecordText text={row.policy.name} />
                    </Link>
                  </th>
                  <td>
                    <SeverityBadge severity={row.severity} />
                  </td>
                  <td className={table.number}>{shownPoints(row.score)}</td>
                  <td className={table.nowrap}>
                    <CalendarDays from={row.first_day} to={row.last_day} />
                  </td>
                  <td>
                    <StatusWord status={row.status} changed={row.changed_after_decision} />
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
