import { Button, Field, Input } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { download } from '../../shared/api/download';
import { Page } from '../../shared/page/page';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import {
  useAlertReport,
  type AlertFigures,
  type AlertReport,
  type ReportDays,
  type RereadFigures,
} from './report_calls';
import styles from './reports.module.css';
import { shownDuration, shownShare } from './words';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

// The days as the address has them. Whatever is no day is left out.
export function reportDaysOf(parameters: URLSearchParams): ReportDays {
  const day = (name: string) => {
    const text = parameters.get(name) ?? '';
    return DAY.test(text) ? text : undefined;
  };
  const [from, until] = [day('from'), day('until')];
  return { ...(from && { from }), ...(until && { until }) };
}

const PARTS = ['policies', 'causes', 'weeks', 'viewers'] as const;
type Part = (typeof PARTS)[number];
const PART_WORD: Record<Part, { title: string; of: string; lead: string }> = {
  policies: { title: 'By policy', of: 'Policy', lead: 'Where many are dismissed, levels or exclusions want a look.' },
  causes: { title: 'By what weighed most', of: 'Indicator or sequence', lead: 'The greatest part of each receipt.' },
  weeks: { title: 'By week', of: 'Week from', lead: 'From Monday to Sunday, UTC.' },
  viewers: { title: 'By who decided first', of: 'Viewer', lead: 'Shown to those who may read the audit log.' },
};

export default function ReportsPage() {
  const [parameters, setParameters] = useSearchParams();
  const days = reportDaysOf(parameters);
  const { data, error, isPending, refetch } = useAlertReport(days);
  const show = (name: string, value: string) => {
    const next = new URLSearchParams(parameters);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { replace: true });
  };
  return (
    <Page title="Reports" lead="What became of the alerts that were first raised on some days, in numbers.">
      <div className={styles.days} role="group" aria-label="Days">
        <Field label="From">
          <Input type="date" value={days.from ?? data?.from ?? ''} onChange={(_, { value }) => show('from', value)} />
        </Field>
        <Field label="Until">
          <Input
            type="date"
            value={days.until ?? data?.until ?? ''}
            onChange={(_, { value }) => show('until', value)}
          />
        </Field>
      </div>
      {isPending && <Loading what="the numbers" rows={8} />}
      {error && <Failed error={error} what="the numbers" retry={() => void refetch()} />}
      {data && !error && <Numbers report={data} days={days} />}
    </Page>
  );
}

function Numbers({ report, days }: { report: AlertReport; days: ReportDays }) {
  const { all } = report;
  if (all.alerts === 0) {
    return (
      <>
        <Empty title="No alert was raised on these days">Choose other days, at most 400 of them.</Empty>
        <NotWhole report={report} />
      </>
    );
  }
  return (
    <>
      <NotWhole report={report} />
      <p data-testid="summary">
        {all.alerts.toLocaleString()} {all.alerts === 1 ? 'alert' : 'alerts'}: {all.confirmed.toLocaleString()}{' '}
        confirmed or resolved, {all.dismissed.toLocaleString()} dismissed, {all.expired.toLocaleString()} expired,{' '}
        {all.withdrawn.toLocaleString()} withdrawn, {all.waiting.toLocaleString()} still waiting. Half were decided
        within {shownDuration(all.median_seconds)}, nine of ten within {shownDuration(all.slow_seconds)}. Of those
        decided {shownShare(all.precision_millionths)} were confirmed.
      </p>
      <p data-testid="rereads">{rereadsInWords(report.rereads)}</p>
      {PARTS.filter((part) => report[part].length > 0).map((part) => (
        <PartTable key={part} part={part} rows={report[part]} days={days} />
      ))}
    </>
  );
}

// Numbers of days of which alerts are gone say less than they seem to.
function NotWhole({ report }: { report: AlertReport }) {
  if (!report.whole_from || report.from >= report.whole_from) return null;
  return (
    <p data-testid="not-whole">
      Alerts that came before {report.whole_from} are no longer all here: what nobody decided about and closed cases go
      first. The numbers are of those that are.
    </p>
  );
}

function rereadsInWords(rereads: RereadFigures | null): string {
  if (!rereads) return 'Of the dismissals fewer than five were read again by another analyst: too few to tell of.';
  const { read, agreed, disagreed, agreement_millionths } = rereads;
  return (
    `${read.toLocaleString()} dismissals were read again by another analyst, who did not know of the first reading: ` +
    `${agreed.toLocaleString()} agreed, ${disagreed.toLocaleString()} disagreed, an agreement of ${shownShare(agreement_millionths)}.`
  );
}

function PartTable({ part, rows, days }: { part: Part; rows: AlertReport['policies']; days: ReportDays }) {
  const { title, of, lead } = PART_WORD[part];
  const heads = part === 'policies' ? [...HEADS, ...REREAD_HEADS] : HEADS;
  return (
    <section aria-labelledby={part} className={styles.part}>
      <div className={styles.head}>
        <h2 id={part}>{title}</h2>
        <SaveButton part={part} days={days} />
      </div>
      <p className={styles.words}>{lead}</p>
      <TableFrame label={title}>
        <table className={table.table} aria-labelledby={part}>
          <thead>
            <tr>
              <th scope="col">{of}</th>
              {heads.map((head) => (
                <th key={head} scope="col" className={table.number}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  <RecordText text={row.title} />
                </th>
                {[...cellsOf(row.figures), ...(part === 'policies' ? rereadCellsOf(row.rereads) : [])].map(
                  (cell, index) => (
                    <td key={heads[index]} className={table.number}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

const HEADS = ['Alerts', 'High', 'Confirmed', 'Dismissed', 'Waiting', 'Right', 'Half within'];

const REREAD_HEADS = ['Read again', 'Agreed', 'Disagreed', 'Agreement'];

// Of fewer than five nothing is told.
function rereadCellsOf(rereads: RereadFigures | null | undefined): string[] {
  if (!rereads) return REREAD_HEADS.map(() => '–');
  const { read, agreed, disagreed, agreement_millionths } = rereads;
  return [...[read, agreed, disagreed].map((count) => count.toLocaleString()), shownShare(agreement_millionths)];
}

function cellsOf(figures: AlertFigures): string[] {
  const { alerts, high, confirmed, dismissed, waiting } = figures;
  return [
    ...[alerts, high, confirmed, dismissed, waiting].map((count) => count.toLocaleString()),
    shownShare(figures.precision_millionths),
    shownDuration(figures.median_seconds),
  ];
}

function SaveButton({ part, days }: { part: Part; days: ReportDays }) {
  const save = useMutation({
    mutationFn: () => download('/reports/alerts.csv', { ...days, part }, `report-${part}.csv`),
  });
  return (
    <span>
      <Button
        size="small"
        icon={<ArrowDownloadRegular />}
        disabled={save.isPending}
        aria-label={`Export CSV: ${PART_WORD[part].title}`}
        onClick={() => save.mutate()}
      >
        {save.isPending ? 'Exporting…' : 'Export CSV'}
      </Button>
      {save.error && <ActFailed title="Nothing was exported" error={save.error} />}
    </span>
  );
}
