import { LockClosedRegular } from '@fluentui/react-icons';
import states from '../../shared/states/states.module.css';
import type { Case } from './case_calls';

// In place of what only the owner and contributors may read. The server decides; this only spares a refused call.
export function MembersOnly({ one, what }: { one: Case; what: string }) {
  return (
    <section className={states.notice} role="status">
      <span className={states.icon} aria-hidden="true">
        <LockClosedRegular />
      </span>
      <h2 className={states.title}>{`The case's ${what} are for those who work on it`}</h2>
      <p className={states.text}>{one.owner} owns the case and can add you.</p>
    </section>
  );
}
