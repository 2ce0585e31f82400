import { useState } from 'react';
import { Link } from 'react-router';
import { Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import lines from '../alerts/history_tab.module.css';
import { ROWS_A_PAGE, useCaseHistory, type Case, type CaseHistoryLine } from './case_calls';
import styles from './cases.module.css';
import { actInWords } from './words';

// Everything done, oldest first.
export function CaseHistoryTab({ one }: { one: Case }) {
  const [page, setPage] = useState(1);
  const { data, error, isPending, refetch } = useCaseHistory(one.id, page);
  if (isPending) return <Loading what="the history" rows={6} />;
  if (error) return <Failed error={error} what="the history" retry={() => void refetch()} />;
  return (
    <>
      <ol className={`${lines.lines} ${styles.column}`} aria-label="History, oldest first">
        {data.history.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </ol>
      {data.total > ROWS_A_PAGE && (
        <Pager page={page} limit={ROWS_A_PAGE} total={data.total} what="lines" onPage={setPage} />
      )}
    </>
  );
}

function Line({ line }: { line: CaseHistoryLine }) {
  const isOfAlert = line.act === 'opened' || line.act === 'alert_added';
  return (
    <li>
      <article className={lines.entry} data-kind={line.act}>
        <p className={lines.head}>
          <Timestamp at={line.at} seconds />
        </p>
        <p>
          {line.viewer} {actInWords(line)}{' '}
          {isOfAlert && <Link to={`/alerts/${encodeURIComponent(line.about)}`}>The alert</Link>}
        </p>
        {line.text && (
          <p className={styles.words}>
            <RecordText text={line.text} />
          </p>
        )}
      </article>
    </li>
  );
}
