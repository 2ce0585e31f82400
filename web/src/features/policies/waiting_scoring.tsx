import { Link } from 'react-router';
import { PersonName } from '../alerts/person';
import { useWaitingScoring } from '../people/scoring_calls';
import { WaitingRequest } from '../people/scoring_request';
import { useMay } from '../session/session';
import styles from './policies.module.css';

// Whose scoring under this policy waits for a second person, for whoever may agree.
export function WaitingScoring({ policyId, policyName }: { policyId: string; policyName: string }) {
  const mayApprove = useMay('policies.approve');
  const mayReadPeople = useMay('people.read');
  const { data } = useWaitingScoring(mayApprove);
  const requests = data?.requests.filter(({ policy }) => policy === policyId) ?? [];
  if (requests.length === 0) return null;
  return (
    <section className={styles.waiting} aria-labelledby="policy-scoring">
      <h2 id="policy-scoring">Scoring by hand that was asked for</h2>
      {requests.map((request) => (
        <div key={request.number}>
          <PersonName person={request.person} />{' '}
          {mayReadPeople && <Link to={`/people/${request.person_id}`}>The person’s page</Link>}
          <WaitingRequest request={request} policyName={policyName} />
        </div>
      ))}
    </section>
  );
}
