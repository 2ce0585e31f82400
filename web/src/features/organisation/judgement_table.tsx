import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import styles from './organisation.module.css';
import type { Judgement, Section } from './organisation_calls';

type Props = { judgements: readonly Judgement[]; sections: readonly Section[] };

// Which indicators cannot judge, or judge by a list that ships with Candor, and for want of what.
export function JudgementTable({ judgements, sections }: Props) {
  const titles = new Map(sections.map((one) => [one.section, one.title]));
  const sorted = [...judgements].sort((a, b) => Number(a.state === 'assumed') - Number(b.state === 'assumed'));
  return (
    <TableFrame label="Indicators that lack a fact" className={styles.bounded}>
      <table className={table.table} aria-label="Indicators that lack a fact">
        <thead>
          <tr>
            <th scope="col">Indicator</th>
            <th scope="col">Missing fact</th>
            <th scope="col">What follows</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={`${one.indicator} ${one.need} ${one.dimension}`}>
              <th scope="row">
                <RecordText text={one.title} />
              </th>
              <td>{titles.get(one.section) ?? one.need}</td>
              <td>{followsInWords(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

// The part of an indicator's thresholds that counts nothing while the fact is missing.
const UNTOLD: Record<string, string> = {
  priority: 'It works, but cannot tell what is priority content',
  unallowed: 'It works, but cannot tell which destinations are not allowed',
};

// While these are missing, the record itself makes some things certain.
const CERTAIN: Record<string, string> = {
  own_domains: 'It cannot judge: it finds only what is certain without them, such as links for anyone',
};

export function followsInWords({ state, dimension, need }: Pick<Judgement, 'state' | 'dimension' | 'need'>): string {
  if (state === 'assumed') return 'It works by a list that ships with Candor, as stated below';
  if (!dimension) return CERTAIN[need] ?? 'It cannot judge and finds nothing';
  return UNTOLD[dimension] ?? `It works, but cannot tell what is ${dimension}`;
}
