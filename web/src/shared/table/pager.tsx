import { Button } from '@fluentui/react-components';
import { ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons';
import styles from './table.module.css';

type Props = { page: number; limit: number; total: number; what: string; onPage: (page: number) => void };

export function Pager({ page, limit, total, what, onPage }: Props) {
  const pages = Math.max(1, Math.ceil(total / limit));
  const first = total === 0 ? 0 : (page - 1) * limit + 1;
  const last = Math.min(total, page * limit);
  return (
    <nav className={styles.pager} aria-label={`Pages of ${what}`}>
      <span aria-live="polite">
        {first.toLocaleString()}–{last.toLocaleString()} of {total.toLocaleString()} {what}
      </span>
      <span>
        <Button
          appearance="subtle"
          icon={<ChevronLeftRegular />}
          disabled={page <= 1}
          onClick={() => onPage(page - 1)}
          aria-label="Previous page"
        />{' '}
        Page {page} of {pages}{' '}
        <Button
          appearance="subtle"
          icon={<ChevronRightRegular />}
          disabled={page >= pages}
          onClick={() => onPage(page + 1)}
          aria-label="Next page"
        />
      </span>
    </nav>
  );
}
