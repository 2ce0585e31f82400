import styles from './table.module.css';

type Props = {
  label: string;
  // Name of the column in the sort parameter: "score" or "-score".
  column: string;
  sort: string;
  number?: boolean;
  className?: string;
  onSort: (sort: string) => void;
};

// A column head that sorts: first downwards, then upwards.
export function SortHeader({ label, column, sort, number = false, className = '', onSort }: Props) {
  const down = sort === `-${column}`;
  const up = sort === column;
  return (
    <th
      scope="col"
      className={`${number ? styles.number : ''} ${className}`}
      aria-sort={down ? 'descending' : up ? 'ascending' : 'none'}
    >
      <button type="button" className={styles.sort} onClick={() => onSort(down ? column : `-${column}`)}>
        {label}
        <span className={styles.arrow} aria-hidden="true">
          {down ? '▼' : up ? '▲' : ''}
        </span>
      </button>
    </th>
  );
}
