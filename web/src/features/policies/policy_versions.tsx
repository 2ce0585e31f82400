import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { Timestamp } from '../../shared/time/timestamp';
import type { Schemas } from '../../shared/api/client';
import { usePolicyVersions } from './policy_calls';
import styles from './policies.module.css';

const ACT_WORD = { active: 'In force', paused: 'Paused', retired: 'Retired' };
const DECISION_WORD = {
  waits: 'Waits for a second person',
  agreed: 'Approved',
  not_needed: 'Nobody had to approve: it looks at nothing more',
  rejected: 'Rejected',
  replaced: 'Replaced by a later request',
};

export function PolicyVersions({ policyId }: { policyId: string }) {
  const { data, error, isPending, refetch } = usePolicyVersions(policyId);
  return (
    <section aria-labelledby="policy-versions">
      <h2 id="policy-versions">Versions</h2>
      {isPending && <Loading what="the versions" rows={3} />}
      {error && <Failed error={error} what="the versions" retry={() => void refetch()} />}
      <ol className={styles.versions}>
        {data?.versions.map((version) => (
          <Version key={version.number} version={version} />
        ))}
      </ol>
    </section>
  );
}

function Version({ version }: { version: Schemas['PolicyVersion'] }) {
  const changed = version.diff.filter((line) => !line.startsWith(' '));
  return (
    <li>
      <p>
        <strong>
          {version.number} · {ACT_WORD[version.act]}
        </strong>{' '}
        from {localDay(version.effective_from)} · <code title={version.version}>{version.version.slice(0, 12)}</code>
      </p>
      <p className={styles.who}>
        Asked for by <RecordText text={version.asked_by || 'nobody on record'} />, <Timestamp at={version.asked_at} />
        {version.reason && (
          <>
            : <RecordText text={version.reason} />
          </>
        )}
        <br />
        {DECISION_WORD[version.decision]}
        {version.decided_by && (
          <>
            {' '}
            by <RecordText text={version.decided_by} />
          </>
        )}
        {version.decided_reason && (
          <>
            : <RecordText text={version.decided_reason} />
          </>
        )}
      </p>
      {changed.length > 0 && (
        <details>
          <summary>
            {changed.length} {changed.length === 1 ? 'line' : 'lines'} changed
          </summary>
          <pre className={styles.diff}>
            {changed.map((line, index) => (
              <div key={index} className={line.startsWith('+') ? styles.added : styles.taken}>
                <RecordText text={line} />
              </div>
            ))}
          </pre>
        </details>
      )}
    </li>
  );
}
