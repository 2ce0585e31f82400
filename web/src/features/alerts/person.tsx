import type { Schemas } from '../../shared/api/client';
import { RecordText } from '../../shared/text/record_text';
import { timeLeft, utcTime } from '../../shared/time/format';
import { useNow } from '../../shared/time/use_now';
import styles from './person.module.css';

// A person as this viewer may see them now: the pseudonym, or the name while lifted with the time that is left.
export function PersonName({ person }: { person: Schemas['Person'] }) {
  if (person.name === null || person.lifted_until === null) {
    return <span className={styles.pseudonym}>{person.pseudonym}</span>;
  }
  return <LiftedName name={person.name} pseudonym={person.pseudonym} until={person.lifted_until} />;
}

function LiftedName({ name, pseudonym, until }: { name: string; pseudonym: string; until: string }) {
  const now = useNow(10_000);
  // The server stops giving the name by itself; a page that stayed open must stop showing it, too.
  if (Date.parse(until) <= now) return <span className={styles.pseudonym}>{pseudonym}</span>;
  return (
    <span className={styles.lifted}>
      <span className={styles.name} data-testid="lifted-name">
        <RecordText text={name} />
      </span>
      <span className={styles.left} title={`Until ${utcTime(until)}`}>
        {pseudonym}, lifted for {timeLeft(until, now)}
      </span>
    </span>
  );
}
