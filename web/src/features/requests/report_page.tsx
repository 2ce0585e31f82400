import { ArrowLeftRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { IndicatorTitle } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { CalendarDay, CalendarDays } from '../../shared/time/timestamp';
import { activityFilterOf, withActivityFilter, type ActivityFilter } from '../activities/activity_filter';
import { Explorer } from '../activities/explorer';
import { byDay, categoriesOf } from '../alert_person/days';
import back from '../alerts/alert_page.module.css';
import { PersonName } from '../alerts/person';
import type { Schemas } from '../../shared/api/client';
import { byIndicator } from './by_indicator';
import { useReport } from './request_calls';
import styles from './requests.module.css';

const DaysCanvas = lazy(() => import('../alert_person/days_canvas'));

type Report = Schemas['ActivityReport'];

// What somebody did on the days of a report that was agreed to.
export default function ReportPage() {
  const { number = '' } = useParams();
  const report = useReport(/^\d{1,9}$/.test(number) ? Number(number) : 0);
  return (
    <>
      <nav aria-label="Back" className={back.back}>
        <Link to="/requests">
          <ArrowLeftRegular aria-hidden="true" /> Requests
        </Link>
      </nav>
      {report.data && !report.error ? (
        <OneReport report={report.data} />
      ) : (
        <Page title="Report">
          {report.error ? (
            <Failed error={report.error} what="this report" retry={() => void report.refetch()} />
          ) : (
            <Loading what="the report" rows={12} />
          )}
        </Page>
      )}
    </>
  );
}

function OneReport({ report }: { report: Report }) {
  const [parameters, setParameters] = useSearchParams();
  const explorer = useRef<HTMLElement>(null);
  const filter = activityFilterOf(parameters);
  const change = (part: Partial<ActivityFilter>) =>
    setParameters((before) => withActivityFilter(before, { ...activityFilterOf(before), ...part }), { replace: true });
  return (
    <Page title={`Report ${report.number}`} lead={<PersonName person={report.person} />}>
      <dl className={back.facts}>
        <div>
          <dt>Days</dt>
          <dd>
            <CalendarDays from={report.from} to={report.until} />
          </dd>
        </div>
        <div>
          <dt>Can be read until</dt>
          <dd>
            <CalendarDay day={report.open_until} />
          </dd>
        </div>
      </dl>
      <Days report={report} />
      <Explorer ref={explorer} source={{ request: report.number }} filter={filter} onChange={change} />
    </Page>
  );
}

function Days({ report }: { report: Report }) {
  const days = byDay(report.insights);
  return (
    <section aria-labelledby="days-title" className={styles.section}>
      <h2 id="days-title">What indicators matched</h2>
      {days.length === 0 ? (
        <p className={styles.words}>No indicator matched on these days, or nothing of them is kept any more.</p>
      ) : (
        <>
          <Suspense fallback={<Loading what="the chart" rows={4} />}>
            <DaysCanvas
              days={days}
              categories={categoriesOf(report.insights)}
              from={days[0]?.day ?? report.from}
              to={report.until}
            />
          </Suspense>
          <TableFrame label="What indicators matched">
            <table className={table.table} aria-labelledby="days-title">
              <thead>
                <tr>
                  <th scope="col">Indicator</th>
                  <th scope="col" className={table.number}>
                    Count
                  </th>
                  <th scope="col" className={table.number}>
                    Days
                  </th>
                  <th scope="col">First and last day</th>
                </tr>
              </thead>
              <tbody>
                {byIndicator(report.insights).map(({ indicator, count, days: on, first, last }) => (
                  <tr key={indicator.name}>
                    <th scope="row">
                      <IndicatorTitle indicator={indicator} />
                    </th>
                    <td className={table.number}>{count.toLocaleString()}</td>
                    <td className={table.number}>{on.toLocaleString()}</td>
                    <td className={table.nowrap}>
                      <CalendarDays from={first} to={last} />
                    </td>
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
