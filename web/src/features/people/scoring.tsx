import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { useMay } from '../session/session';
import styles from './people.module.css';
import { ReasonDialog } from './reason_dialog';
import { AskScoringDialog } from './scoring_ask';
import { useScoring, useStopScoring, type PersonScoring } from './scoring_calls';
import { WaitingRequest } from './scoring_request';
import { ACTS, DECISION_WORD, daysInWords } from './scoring_words';

// Scoring that somebody asked for, where no trigger has fired: what holds, what waits, and what may be done.
export function Scoring({ personId }: { personId: string }) {
  const { data, error, isPending, refetch } = useScoring({ personId });
  return (
    <section aria-labelledby="scoring">
      <h2 id="scoring">Scored by hand</h2>
      {isPending && <Loading what="what was asked for" rows={2} />}
      {error && <Failed error={error} what="what was asked for" retry={() => void refetch()} />}
      {data && !error && <Told personId={personId} scoring={data} />}
    </section>
  );
}

function Told({ personId, scoring }: { personId: string; scoring: PersonScoring }) {
  const [asking, setAsking] = useState(false);
  const mayDecide = useMay('people.decide');
  const nameOf = (id: string) => scoring.policies.find((one) => one.id === id)?.name ?? id;
  const waiting = scoring.requests.filter(({ decision }) => decision === 'waits');
  const decided = scoring.requests.filter(({ decision }) => decision !== 'waits');
  return (
    <>
      {scoring.starts.length === 0 && waiting.length === 0 && (
        <p>Nobody asked for it: this person comes into a policy’s scope by its triggers only.</p>
      )}
      {scoring.starts.map((start) => (
        <Start
          key={`${start.policy} ${start.from}`}
          personId={personId}
          start={start}
          policyName={nameOf(start.policy)}
        />
      ))}
      {waiting.map((request) => (
        <WaitingRequest key={request.number} request={request} policyName={nameOf(request.policy)} />
      ))}
      {decided.length > 0 && (
        <details>
          <summary>What was asked for before</summary>
          <ul>
            {decided.map((request) => (
              <li key={request.number}>
                <RecordText text={nameOf(request.policy)} />, {daysInWords(request.days)}, asked for by{' '}
                <RecordText text={request.asked_by} />: {DECISION_WORD[request.decision]}
                {request.decided_by && (
                  <>
                    {' '}
                    by <RecordText text={request.decided_by} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {mayDecide && scoring.policies.length > 0 && <Button onClick={() => setAsking(true)}>Start scoring…</Button>}
      {mayDecide && scoring.policies.length === 0 && (
        <p>
          No policy is in force to score anybody under: see <Link to="/policies">Policies</Link>.
        </p>
      )}
      {asking && <AskScoringDialog from={{ personId }} scoring={scoring} onClose={() => setAsking(false)} />}
    </>
  );
}

type StartProps = { personId: string; start: PersonScoring['starts'][number]; policyName: string };

function Start({ personId, start, policyName }: StartProps) {
  const [stopping, setStopping] = useState(false);
  const stop = useStopScoring(personId);
  const mayDecide = useMay('people.decide');
  return (
    <div className={styles.request}>
      <p>
        {start.holds ? 'Scored' : 'Was scored'} under <RecordText text={policyName} /> from {localDay(start.from)} until{' '}
        {localDay(start.until)}.
      </p>
      {mayDecide && start.holds && (
        <Button size="small" aria-label={`Stop scoring under ${policyName}`} onClick={() => setStopping(true)}>
          Stop…
        </Button>
      )}
      {stopping && (
        <ReasonDialog
          title={ACTS.stop.title}
          act={ACTS.stop.act}
          lead={ACTS.stop.lead}
          failed="It goes on"
          error={stop.error}
          isPending={stop.isPending}
          onSubmit={(reason) => stop.mutate({ policy: start.policy, reason }, { onSuccess: () => setStopping(false) })}
          onClose={() => setStopping(false)}
        />
      )}
    </div>
  );
}
