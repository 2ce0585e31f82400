import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { durationInWords } from '../../shared/time/durations';
import { useSources, type Source } from './source_calls';
import styles from './sources.module.css';

const STATE_WORD: Record<Source['state'], string> = {
  not_expected: 'Nothing more is expected',
  learning: 'Habit not known yet',
  usual: 'As usual',
  silent: 'Silent for longer than usual',
};

const FEED_WORD: Record<Source['feed'], string> = {
  files: 'files named by hand',
  folder: 'a followed folder',
  requests: 'requests of a machine',
  simulation: 'the simulated organisation',
};

export default function SourcesPage() {
  const { data, error, isPending, refetch } = useSources();
  const silent = data?.sources.filter((one) => one.state === 'silent').length ?? 0;
  return (
    <Page
      title="Sources"
      lead="Where records come from, how late they are, and whether one has gone silent. Counts are of the last 28 days."
      actions={data && data.sources.length > 0 && <span aria-live="polite">{silentInWords(silent)}</span>}
    >
      {isPending && <Loading what="sources" rows={4} />}
      {error && <Failed error={error} what="the sources" retry={() => void refetch()} />}
      {data && data.sources.length === 0 && <NoSources />}
      {data && data.sources.length > 0 && <SourceTable sources={data.sources} />}
    </Page>
  );
}

function silentInWords(silent: number): string {
  if (silent === 0) return 'None is silent';
  return silent === 1 ? '1 is silent' : `${silent} are silent`;
}

function NoSources() {
  return (
    <Empty title="No records have come yet">
      Read files once, follow a folder, or let a machine send records:
      <span className={styles.command}>candor ingest FILE</span>
      <span className={styles.command}>candor ingest --follow FOLDER</span>
      <span className={styles.command}>candor token create --source NAME</span>
    </Empty>
  );
}

function SourceTable({ sources }: { sources: readonly Source[] }) {
  return (
    <TableFrame label="Sources">
      <table className={table.table} aria-label="Sources">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Last record</th>
            <th scope="col">Records</th>
            <th scope="col" className={styles.wide}>
              What became of them
            </th>
            <th scope="col" className={styles.wide}>
              Delay
            </th>
            <th scope="col" className={styles.wide}>
              Gaps
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <SourceRow key={source.source} source={source} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function SourceRow({ source }: { source: Source }) {
  return (
    <tr>
      <th scope="row">
        <strong className={styles.name}>
          <RecordText text={source.source} />
        </strong>
        <span className={styles.words}>{FEED_WORD[source.feed]}</span>
      </th>
      <td>
        <span className={source.state === 'silent' ? styles.silent : undefined}>{STATE_WORD[source.state]}</span>
        <span className={styles.words}>
          <Timestamp at={source.last_received} />
        </span>
        <span className={styles.words}>{source.why}</span>
      </td>
      <td className={styles.number}>
        <ul className={styles.list}>
          <li>{`${source.records_last_hour.toLocaleString()} in the last hour`}</li>
          <li>{`${source.records_last_day.toLocaleString()} in 24 hours`}</li>
          <li>{`${source.records.toLocaleString()} in 28 days`}</li>
        </ul>
      </td>
      <td className={`${styles.number} ${styles.wide}`}>
        <Outcomes source={source} />
      </td>
      <td className={styles.wide}>
        <span className={styles.words}>
          {`From its own time to here: half within ${durationInWords(source.created_p50_seconds)}, 95 of 100 within ${durationInWords(source.created_p95_seconds)}`}
        </span>
        <span className={styles.words}>
          {`From here to the disk: half within ${durationInWords(source.delay_p50_seconds)}, 95 of 100 within ${durationInWords(source.delay_p95_seconds)}`}
        </span>
      </td>
      <td className={styles.wide}>
        {source.gaps === 0
          ? 'none'
          : `${source.gaps.toLocaleString()}, the longest ${durationInWords(source.longest_gap_seconds)}`}
      </td>
    </tr>
  );
}

// What is none of it is left out, but for what was stored.
function Outcomes({ source }: { source: Source }) {
  const outcomes: [string, number][] = [
    ['stored', source.stored],
    ['corrections among them', source.corrections],
    ['repeats', source.repeats],
    ['filtered out', source.filtered],
    ...source.rejected.map((one): [string, number] => [`not usable: ${one.reason}`, one.count]),
    ['of types nobody knows', source.unknown_types],
    ['of operations nobody knows', source.unknown_operations],
  ];
  return (
    <ul className={styles.list}>
      {outcomes
        .filter(([name, count]) => count > 0 || name === 'stored')
        .map(([name, count]) => (
          <li key={name}>
            {count.toLocaleString()} <RecordText text={name} />
          </li>
        ))}
    </ul>
  );
}
