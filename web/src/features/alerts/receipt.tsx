import { IndicatorTitle } from '../../shared/category/category';
import { peersInWords } from '../../shared/peers/peers';
import { usualDaysInWords } from '../../shared/usual/usual';
import { millionths, receiptLines, shownPoints, sumOfPoints, type ReceiptLine } from '../../shared/points/points';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay } from '../../shared/time/timestamp';
import type { Alert } from './alert_calls';
import styles from './receipt.module.css';

type Part = Alert['receipt']['parts'][number];

const KIND_WORD: Record<Part['kind'], string> = {
  insight: 'Insight',
  sequence: 'Sequence',
  cumulative: 'Cumulative',
  booster: 'Booster',
  exculpatory: 'Speaks for the person',
};

const DIMENSION_WORD: Record<Part['dimension'], string> = {
  all: '',
  sensitive: 'with sensitive information',
  priority: 'on priority content',
  unallowed: 'to unallowed domains',
};

// The parts of a score as a bill: each with what it adds, the running total beside it, the score at the bottom.
export function Receipt({ receipt }: { receipt: Alert['receipt'] }) {
  const points = receipt.parts.map((part) => part.points);
  const lines = receiptLines(points);
  const whole = millionths(sumOfPoints(points)) === millionths(receipt.score);
  const most = Math.max(1e-6, ...points.map(Math.abs));
  return (
    <section aria-labelledby="receipt-title">
      <h2 id="receipt-title">What adds up to the score</h2>
      <p className={styles.lead}>
        Assessed for <CalendarDay day={receipt.day} /> with policy version{' '}
        <code title={receipt.policy_version}>{receipt.policy_version.slice(0, 12)}</code>. Older activity counts less
        each day.
      </p>
      <TableFrame label="What adds up to the score">
        <table className={`${table.table} ${styles.receipt}`} aria-labelledby="receipt-title" data-testid="receipt">
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" className={styles.middle}>
                Day
              </th>
              <th scope="col" className={`${table.number} ${styles.middle}`}>
                Count
              </th>
              <th scope="col" className={styles.wide}>
                Level passed
              </th>
              <th scope="col" className={`${table.number} ${styles.wide}`}>
                Strength
              </th>
              <th scope="col" className={table.number}>
                Points
              </th>
              <th scope="col" className={table.number}>
                Running total
              </th>
            </tr>
          </thead>
          <tbody>
            {receipt.parts.map((part, index) => (
              <PartRow key={part.id} part={part} line={lines[index]} most={most} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                Score: {receipt.parts.length} {receipt.parts.length === 1 ? 'part' : 'parts'} together
              </th>
              <td className={styles.middle} />
              <td className={styles.middle} />
              <td className={styles.wide} />
              <td className={styles.wide} />
              <td className={table.number} />
              <td className={table.number} data-testid="receipt-total">
                {shownPoints(receipt.score)}
              </td>
            </tr>
          </tfoot>
        </table>
      </TableFrame>
      {!whole && (
        <p role="alert" className={styles.fault}>
          The parts do not add up to the score. This is a fault in Candor: do not decide on this alert, and report it.
        </p>
      )}
    </section>
  );
}

function PartRow({ part, line, most }: { part: Part; line: ReceiptLine | undefined; most: number }) {
  return (
    <tr>
      <th scope="row">
        {part.indicator ? <IndicatorTitle indicator={part.indicator} /> : KIND_WORD[part.kind]}
        <span className={part.kind === 'insight' ? styles.wordsIfNarrow : styles.words}>
          <RecordText text={part.text} />
        </span>
      </th>
      <td className={`${table.nowrap} ${styles.middle}`}>
        {part.day && <CalendarDay day={part.day} />}
        <span className={styles.words}>{ageInWords(part)}</span>
      </td>
      <td className={`${table.number} ${styles.middle}`}>
        {part.count.toLocaleString()}
        <span className={styles.words}>{DIMENSION_WORD[part.dimension]}</span>
      </td>
      <td className={`${table.nowrap} ${styles.wide}`}>
        <Threshold part={part} />
      </td>
      <td className={`${table.number} ${styles.wide}`}>{part.strength.toFixed(2)}</td>
      <td className={table.number} title={line?.exact} data-testid="part-points">
        <span className={styles.amount}>
          <span className={styles.bar} aria-hidden="true">
            <span
              className={part.points < 0 ? styles.off : styles.on}
              style={{ width: `${(Math.abs(part.points) / most) * 100}%` }}
            />
          </span>
          {line?.points}
        </span>
      </td>
      <td className={`${table.number} ${table.quiet}`}>{line?.runningTotal}</td>
    </tr>
  );
}

function Threshold({ part }: { part: Part }) {
  // Only insights are of one day.
  const aDay = part.kind === 'insight' ? ' a day' : '';
  return (
    <>
      <RecordText text={part.level} />
      {part.threshold > 0 && `: ${part.threshold.toLocaleString()} or more${aDay}`}
      {part.usual !== null && (
        <span className={styles.words}>
          usual: {usualInWords(part.usual)}
          {part.usual_of === null ? aDay : ` ${usualDaysInWords(part.usual_of, part.day)}`}
        </span>
      )}
      {part.excused !== null && (
        <span className={styles.words}>
          excused: {usualInWords(part.excused)}
          {aDay}
        </span>
      )}
      {part.peers !== null && <span className={styles.words}>{peersInWords(part.peers)}</span>}
    </>
  );
}

// Cut after one digit, as the sentence about the part says it.
function usualInWords(usual: number): string {
  return (Math.floor(millionths(usual) / 100_000) / 10).toLocaleString();
}

function ageInWords(part: Part): string {
  if (part.day === null) return '';
  if (part.age_days === 0) return 'assessed day';
  return part.age_days === 1 ? '1 day before' : `${part.age_days} days before`;
}
