import { useEffect, useRef, type ReactNode } from 'react';
import { RecordText } from '../text/record_text';
import { visibleText } from '../text/visible';
import styles from './page.module.css';

type Props = {
  title: string;
  // Beside the title: counts, actions.
  actions?: ReactNode;
  // Under the title, one line.
  lead?: ReactNode;
  children: ReactNode;
};

// What every page has: a title in the window and on the page. The heading takes the focus when the page is entered, so
// that keyboard and screen reader start there.
export function Page({ title, actions, lead, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${visibleText(title)} - Candor`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.titles}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            <RecordText text={title} />
          </h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
