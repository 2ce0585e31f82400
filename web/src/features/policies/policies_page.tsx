import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { useNow } from '../../shared/time/use_now';
import { useMay } from '../session/session';
import { usePlacePolicy, usePolicies } from './policy_calls';
import styles from './policies.module.css';
import { PolicyPlace } from './policy_place';
import { lacksInWords, reviewInWords, STATE_WORD } from './words';

export default function PoliciesPage() {
  const { data, error, isPending, refetch } = usePolicies();
  const mayWrite = useMay('policies.write');
  const now = useNow(3_600_000);
  const placing = usePlacePolicy(data?.order ?? '');
  const [moved, setMoved] = useState('');
  const place = (policy: { id: string; name: string }, to: number) => {
    const control = document.activeElement?.id;
    setMoved('');
    placing.mutate(
      { id: policy.id, place: to },
      {
        onSuccess: ({ policies }) => {
          setMoved(`${policy.name} is now at place ${to} of ${policies.length}.`);
          // The row has moved in the page, which takes the focus from what was pressed.
          if (control) requestAnimationFrame(() => document.getElementById(control)?.focus());
        },
      },
    );
  };
  return (
    <Page
      title="Policies"
      lead="What Candor looks for, in whom, and from when to when. Every policy is a file, here or with candor policy apply."
      actions={
        <>
          <Link to="/expectations">Expectations</Link>
          <Link to="/packs">Packs</Link>
          {mayWrite && <Link to="/policies/new">New policy</Link>}
        </>
      }
    >
      {isPending && <Loading what="policies" rows={4} />}
      {error && <Failed error={error} what="the policies" retry={() => void refetch()} />}
      {data?.policies.length === 0 && (
        <Empty title="No policy yet">Without one nothing is assessed. Apply a template with candor policy apply.</Empty>
      )}
      {placing.error && <Failed error={placing.error} what="the new order" />}
      <p role="status" className={styles.words}>
        {moved}
      </p>
      {data && data.policies.length > 0 && (
        <TableFrame label="Policies">
          <table className={table.table} aria-label="Policies">
            <thead>
              <tr>
                <th scope="col" title="On equal scores the alert of the earlier policy comes first">
                  Place
                </th>
                <th scope="col">Policy</th>
                <th scope="col">State</th>
                <th scope="col" className={styles.wide}>
                  Template
                </th>
                <th scope="col" className={table.number}>
                  Need review
                </th>
                <th scope="col" className={`${table.number} ${styles.wide}`}>
                  Confirmed
                </th>
                <th scope="col" className={`${table.number} ${styles.wide}`}>
                  Dismissed
                </th>
                <th scope="col" className={`${table.number} ${styles.wide}`} title="Confirmed of all that were decided">
                  Effective
                </th>
              </tr>
            </thead>
            <tbody>
              {data.policies.map((policy) => (
                <tr key={policy.id}>
                  <td>
                    {mayWrite ? (
                      <PolicyPlace policy={policy} last={data.policies.length} placing={placing} onPlace={place} />
                    ) : (
                      policy.place
                    )}
                  </td>
                  <th scope="row">
                    <Link to={`/policies/${encodeURIComponent(policy.id)}`}>
                      <RecordText text={policy.name} />
                    </Link>
                    <span className={styles.words}>
                      <RecordText text={policy.description} />
                    </span>
                  </th>
                  <td>
                    {policy.enabled ? STATE_WORD[policy.state] : 'Switched off'}
                    {[
                      policy.waits && policy.since !== null && 'a change waits',
                      policy.lacks.length > 0 && policy.state === 'draft' && `lacks ${lacksInWords(policy.lacks)}`,
                      reviewInWords(policy.review_by, now),
                    ]
                      .filter(Boolean)
                      .map((note) => (
                        <span key={String(note)} className={styles.words}>
                          {note}
                        </span>
                      ))}
                    {policy.state !== 'retired' && <HealthMark messages={policy.health} />}
                  </td>
                  <td className={styles.wide}>
                    <RecordText text={policy.template} />
                  </td>
                  <td className={table.number}>
                    <Link to={`/alerts?policy=${encodeURIComponent(policy.id)}`}>
                      {policy.needs_review.toLocaleString()}
                    </Link>
                  </td>
                  <td className={`${table.number} ${styles.wide}`}>{policy.confirmed.toLocaleString()}</td>
                  <td className={`${table.number} ${styles.wide}`}>{policy.dismissed.toLocaleString()}</td>
                  <td className={`${table.number} ${styles.wide}`}>
                    {effectiveness(policy.confirmed, policy.dismissed)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Page>
  );
}

// How many messages there are; what they say is on the policy's page, and under the mark.
function HealthMark({ messages }: { messages: Schemas['HealthMessage'][] }) {
  const warnings = messages.filter((one) => one.level === 'warning').length;
  const others = messages.length - warnings;
  if (messages.length === 0) return <span className={styles.words}>Healthy</span>;
  const words = [
    warnings > 0 && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    others > 0 && `${others} ${others === 1 ? 'recommendation' : 'recommendations'}`,
  ];
  return (
    <span className={styles.words} title={messages.map((one) => one.text).join('\n')}>
      {words.filter(Boolean).join(', ')}
    </span>
  );
}

function effectiveness(confirmed: number, dismissed: number): string {
  const decided = confirmed + dismissed;
  return decided === 0 ? '–' : `${Math.round((confirmed / decided) * 100)} %`;
}
