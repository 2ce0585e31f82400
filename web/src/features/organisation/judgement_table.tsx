import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import styles from './organisation.module.css';
import type { Judgement, Section } from './organisation_calls';

type Props = { judgements: readonly Judgement[]; sections: readonly Section[] };

// Which indicators cannot judge, or judge by an assumption, and for want of what.
export function JudgementTable({ judgements, sections }: Props) {
  const titles = new Map(sections.map((one) => [one.section, one.title]));
  const sorted = [...judgements].sort((a, b) => Number(a.state === 'assumed') - Number(b.state === 'assumed'));
  return (
    <TableFrame label="Indicators that lack a fact" className={styles.bounded}>
      <table className={table.table} aria-label="Indicators that lack a fact">
        <thead>
          <tr>
            <th scope="col">Indicator</th>
            <th scope="col">Judges</th>
            <th scope="col">Needs</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={`${one.indicator} ${one.need} ${one.dimension}`}>
              <th scope="row">
                <RecordText text={one.title} />
              </th>
              <td>{judgesInWords(one)}</td>
              <td>{titles.get(one.section) ?? one.need}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

export function judgesInWords({ state, dimension }: Pick<Judgement, 'state' | 'dimension'>): string {
  if (state === 'assumed') return 'by an assumption';
  return dimension ? `not what is ${dimension}` : 'cannot judge';
}
