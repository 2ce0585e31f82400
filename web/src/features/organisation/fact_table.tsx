import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { Timestamp } from '../../shared/time/timestamp';
import styles from './organisation.module.css';
import type { Fact, Section } from './organisation_calls';

// One section: what each fact is about, what it says, from when to when, since when that is known.
export function FactTable({ section }: { section: Section }) {
  return (
    <TableFrame label={section.title}>
      <table className={table.table} aria-label={section.title}>
        <thead>
          <tr>
            <th scope="col">About</th>
            <th scope="col">Details</th>
            <th scope="col">Valid</th>
            <th scope="col" className={styles.wide}>
              Known since
            </th>
            <th scope="col" className={styles.wide}>
              From
            </th>
          </tr>
        </thead>
        <tbody>
          {section.facts.map((fact) => (
            <FactRow key={`${fact.attributes[0]?.value} ${fact.attributes[1]?.value} ${fact.from}`} fact={fact} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function FactRow({ fact }: { fact: Fact }) {
  const [first, ...others] = fact.attributes;
  return (
    <tr className={fact.holds ? undefined : table.quiet}>
      <th scope="row">
        <RecordText text={first?.value ?? ''} />
      </th>
      <td>
        {others.map(({ name, value }) => (
          <div key={name}>
            <span className={styles.name}>{name.replaceAll('_', ' ')}</span> <RecordText text={value} />
          </div>
        ))}
      </td>
      <td>
        {daysInWords(fact)}
        {!fact.holds && <div className={styles.name}>not on this day</div>}
      </td>
      <td className={styles.wide}>{fact.known_since ? <Timestamp at={fact.known_since} /> : 'always'}</td>
      <td className={styles.wide}>
        <RecordText text={fact.said_in} />
      </td>
    </tr>
  );
}

export function daysInWords({ from, to }: Pick<Fact, 'from' | 'to'>): string {
  if (from && to) return `${localDay(from)} to ${localDay(to)}`;
  if (from) return `from ${localDay(from)}`;
  if (to) return `to ${localDay(to)}`;
  return 'always';
}
