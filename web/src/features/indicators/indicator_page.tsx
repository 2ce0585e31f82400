import { useState, type ReactNode } from 'react';
import { Button } from '@fluentui/react-components';
import { Link, useParams } from 'react-router';
import { CategoryName } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { TextBlock } from '../../shared/text/text_block';
import { localDay } from '../../shared/time/format';
import { useCoverage, useIndicator, type Coverage, type Detail, type Health } from './indicator_calls';
import styles from './indicators.module.css';
import { TryRecord, type Given } from './try_record';
import {
  delayInWords,
  fedInWords,
  feedInWords,
  hitsInWords,
  INTRUSION_WORD,
  licenceInWords,
  narrowingInWords,
  stateInWords,
} from './words';

export default function IndicatorPage() {
  const { name = '' } = useParams();
  const { data, error, isPending, refetch } = useIndicator(name);
  if (data) return <Whole key={name} detail={data} />;
  return (
    <Page title="Indicator" actions={<AllOfThem />}>
      {isPending && <Loading what="the indicator" />}
      {error && <Failed error={error} what="this indicator" retry={() => void refetch()} />}
    </Page>
  );
}

function AllOfThem() {
  return <Link to="/indicators">All indicators</Link>;
}

function Whole({ detail }: { detail: Detail }) {
  const { indicator } = detail;
  const coverage = useCoverage();
  const health = coverage.data?.indicators.find(({ name }) => name === indicator.name);
  const [given, setGiven] = useState<Given>({ record: '', source: detail.feeds[0]?.source ?? 'm365_audit', turn: 0 });
  return (
    <Page title={indicator.title} lead={<RecordText text={indicator.description} />} actions={<AllOfThem />}>
      <Facts detail={detail} health={health} coverage={coverage.data} />
      <Thresholds detail={detail} />
      <Feeds detail={detail} health={health} />
      {coverage.error && (
        <Failed error={coverage.error} what="what can be seen here" retry={() => void coverage.refetch()} />
      )}
      <Part id="rule" title="Rule">
        <p className={styles.note}>
          <code className={styles.code}>{detail.file}</code>
        </p>
        <TextBlock className={styles.yaml} label="The rule's detection" text={detail.detection.trimEnd()} />
      </Part>
      <Examples
        detail={detail}
        take={(record, source) => setGiven(({ turn }) => ({ record, source, turn: turn + 1 }))}
      />
      <Part id="try" title="Try a record">
        <TryRecord key={given.turn} indicator={indicator.name} given={given} />
      </Part>
    </Page>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-labelledby={`indicator-${id}`}>
      <h2 id={`indicator-${id}`} className={styles.heading}>
        {title}
      </h2>
      {children}
    </section>
  );
}

type FactsProps = { detail: Detail; health: Health | undefined; coverage: Coverage | undefined };

function Facts({ detail, health, coverage }: FactsProps) {
  const { indicator, stored } = detail;
  const rows: [string, ReactNode][] = [
    ['Name', <code className={styles.code}>{indicator.name}</code>],
    ['State', <State key="state" detail={detail} />],
    ['Matches', storedInWords(stored)],
    ...(health && coverage
      ? [['Seen here', `${fedInWords(health)}. ${hitsInWords(health, coverage)}`] as [string, ReactNode]]
      : []),
    ['Category', <CategoryName category={indicator.category} />],
    ['Stage', detail.stage ?? 'No step of a sequence'],
    ['Workload', indicator.workload.replaceAll('_', ' ')],
    ['Looks at', INTRUSION_WORD[indicator.intrusion]],
    ['Legal note', <RecordText text={detail.legal || 'None'} />],
    ['Maturity', indicator.maturity || 'Not said'],
    ['Operations', <Codes texts={indicator.operations} none="Any of its records" />],
    ['ATT&CK', <Codes texts={detail.tags} none="None" />],
    [
      'Needs to know',
      detail.needs.length > 0 ? detail.needs.join(', ').replaceAll('_', ' ') : 'Nothing about the organisation',
    ],
    ...variantOf(indicator),
    ['False positives', <Lines texts={detail.false_positives} />],
  ];
  return (
    <dl className={styles.facts}>
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function variantOf(indicator: Detail['indicator']): [string, ReactNode][] {
  const { variant_of: original } = indicator;
  if (!original) return [];
  return [
    ['Variant of', <Link to={`/indicators/${encodeURIComponent(original)}`}>{original}</Link>],
    ['Narrowed to', narrowingInWords(indicator)],
  ];
}

function State({ detail }: { detail: Detail }) {
  const { indicator, decisions } = detail;
  return (
    <>
      {stateInWords(indicator.state)}
      {decisions.map((one) => (
        <div key={one.number} className={styles.words}>
          <RecordText
            text={`${one.on ? 'On' : 'Off'} ${one.country || 'everywhere'}${one.group && `, group ${one.group}`}, from ${one.from}${one.agreement && ` (${one.agreement})`}`}
          />
        </div>
      ))}
      <div>
        <Link to="/intake">Switches</Link>
      </div>
    </>
  );
}

// Of few people nothing is told: a count would be a window on one of them.
function storedInWords({ last_matched, matched, evaluated, left_out }: Detail['stored']): string {
  if (matched === null || left_out === null) return 'Few people: not told';
  const last = last_matched ? `, ten people or more on ${localDay(last_matched)}` : '';
  const excluded = left_out > 0 ? `; ${left_out.toLocaleString()} left out by exclusions` : '';
  return `${matched.toLocaleString()} of ${evaluated.toLocaleString()} activities${last}${excluded}`;
}

function Codes({ texts, none }: { texts: readonly string[]; none: string }) {
  if (texts.length === 0) return none;
  return texts.map((text) => (
    <code key={text} className={styles.chip}>
      <RecordText text={text} />
    </code>
  ));
}

function Lines({ texts }: { texts: readonly string[] }) {
  return texts.map((text) => (
    <div key={text}>
      <RecordText text={text} />
    </div>
  ));
}

function Thresholds({ detail }: { detail: Detail }) {
  return (
    <Part id="thresholds" title="Thresholds, activities a day">
      <TableFrame label="Thresholds">
        <table className={table.table} aria-label="Thresholds">
          <thead>
            <tr>
              <th scope="col">Of</th>
              <th scope="col">Low</th>
              <th scope="col">Medium</th>
              <th scope="col">High</th>
              <th scope="col">Why these</th>
            </tr>
          </thead>
          <tbody>
            {detail.thresholds.map((row) => (
              <tr key={row.dimension}>
                <th scope="row">{row.dimension}</th>
                <td>{row.low.toLocaleString()}</td>
                <td>{row.medium.toLocaleString()}</td>
                <td>{row.high.toLocaleString()}</td>
                <td>
                  <RecordText text={row.reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Part>
  );
}

type FeedsProps = { detail: Detail; health: Health | undefined };

// `health` names the same feeds in the same order.
function Feeds({ detail, health }: FeedsProps) {
  return (
    <Part id="feeds" title="What feeds it">
      <TableFrame label="Feeds">
        <table className={table.table} aria-label="Feeds">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Record types</th>
              <th scope="col">Licence</th>
              <th scope="col">What must be switched on</th>
              <th scope="col">Here</th>
              <th scope="col">Late by, half / nearly all</th>
            </tr>
          </thead>
          <tbody>
            {detail.feeds.map((feed, index) => (
              <tr key={index}>
                <th scope="row">{feed.source}</th>
                <td>{feed.record_types.length > 0 ? feed.record_types.join(', ') : 'All'}</td>
                <td>{licenceInWords(feed.licence)}</td>
                <td>
                  <RecordText text={feed.setting} />
                </td>
                <FeedHealthCells feed={health?.feeds[index]} />
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Part>
  );
}

function FeedHealthCells({ feed }: { feed: Health['feeds'][number] | undefined }) {
  if (!feed) return <td colSpan={2} />;
  return (
    <>
      <td>
        {feedInWords(feed)}
        {feed.last_received && (
          <span
            className={styles.words}
          >{`Last on ${localDay(feed.last_received)}, by ${feed.sources.join(', ')}`}</span>
        )}
      </td>
      <td>{feed.last_received ? delayInWords(feed) : ''}</td>
    </>
  );
}

type ExamplesProps = { detail: Detail; take: (record: string, source: string) => void };

function Examples({ detail, take }: ExamplesProps) {
  return (
    <Part id="examples" title="Examples">
      {detail.examples.length === 0 && <p className={styles.note}>It has none.</p>}
      {detail.examples.length > 0 && (
        <ul className={styles.list}>
          {detail.examples.map((one, index) => (
            <li key={index}>
              <strong>{one.matches ? 'Matches' : 'Does not match'}</strong>: <RecordText text={one.about} />
              {one.records > 1 && ` (${one.records} records of one account together)`}{' '}
              <Button
                size="small"
                appearance="subtle"
                aria-label={`Try it: ${one.about}`}
                onClick={() => take(one.record, one.source)}
              >
                {one.records > 1 ? 'Try the first' : 'Try it'}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {detail.example_facts.length > 0 && (
        <p className={styles.note}>
          They are read by an invented organisation’s {detail.example_facts.join(', ').replaceAll('_', ' ')}; by your
          organisation’s facts they may turn out otherwise.
        </p>
      )}
    </Part>
  );
}
