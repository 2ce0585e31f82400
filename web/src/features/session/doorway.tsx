import { useEffect, type ReactNode } from 'react';
import styles from './doorway.module.css';

// The frame of the pages before the workplace: sign-in and the change of a password.
export function Doorway({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} - Candor`;
  }, [title]);
  return (
    <main className={styles.doorway}>
      <div className={styles.card}>
        <p className={styles.brand}>
          <img src="/candor.svg" alt="" width="28" height="28" /> Candor
        </p>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
      </div>
      <p className={styles.promise}>
        People are pseudonyms here until somebody with the right, and a reason, lifts one. Every look is in the audit
        log.
      </p>
    </main>
  );
}
