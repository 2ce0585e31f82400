import { useViewer } from '../session/session';
import styles from './account.module.css';

// How one signs in whose account is of the identity provider: nothing of it is changed here.
export function ProviderSection() {
  const viewer = useViewer();
  return (
    <section className={styles.part} aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign-in</h2>
      <dl className={styles.facts}>
        <div>
          <dt>Identity provider</dt>
          <dd>
            Your account comes from it{viewer.display_name === null ? '' : `; there you are ${viewer.display_name}`}.
            Password and second factor are changed there.
          </dd>
        </div>
        <div>
          <dt>Role</dt>
          <dd>
            {viewer.role}: it follows your groups each time you sign in. That is why such accounts have no tokens for
            programs.
          </dd>
        </div>
      </dl>
    </section>
  );
}
