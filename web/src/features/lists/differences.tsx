import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import type { Difference } from './list_calls';
import styles from './lists.module.css';
import { DIFFERENCE_WORD, fieldTitle } from './words';

type Texts = { sign: '+' | '−'; texts: readonly string[]; count: number };

function Some({ sign, texts, count }: Texts) {
  return (
    <>
      {texts.map((text) => (
        <span key={sign + text} className={sign === '+' ? styles.more : styles.less}>
          <span aria-hidden="true">{sign} </span>
          <span className={styles.hidden}>{sign === '+' ? 'more: ' : 'less: '}</span>
          <RecordText text={text} />
        </span>
      ))}
      {count > texts.length && (
        <span className={styles.words}>
          {sign === '+' ? 'and' : 'without'} {(count - texts.length).toLocaleString()} more
        </span>
      )}
    </>
  );
}

// What differs, entry by entry.
export function Differences({ total, differences }: { total: number; differences: readonly Difference[] }) {
  return (
    <>
      <TableFrame label="What differs">
        <table className={table.table} aria-label="What differs">
          <thead>
            <tr>
              <th scope="col">Entry</th>
              <th scope="col">What</th>
              <th scope="col">More and less</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ name, kind, fields }) => (
              <tr key={name}>
                <th scope="row">
                  <RecordText text={name} />
                </th>
                <td>{DIFFERENCE_WORD[kind]}</td>
                <td>
                  {fields.map((field) => (
                    <div key={field.field}>
                      <strong>{fieldTitle(field.field)}</strong>
                      <Some sign="+" texts={field.added} count={field.added_count} />
                      <Some sign="−" texts={field.removed} count={field.removed_count} />
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {total > differences.length && (
        <p className={styles.words}>And {(total - differences.length).toLocaleString()} more entries.</p>
      )}
    </>
  );
}
