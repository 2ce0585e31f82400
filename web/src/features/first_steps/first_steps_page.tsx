import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answerOf, api } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { Timestamp } from '../../shared/time/timestamp';
import styles from './first_steps.module.css';
import { saidOf, STATE_WORD, STEPS, type Step } from './words';

function useFirstSteps() {
  return useQuery({ queryKey: ['first-steps'], queryFn: () => answerOf(api.GET('/first-steps')) });
}

// What has to be in place before Candor can be relied on. Told from what is there: nobody ticks it off.
export default function FirstStepsPage() {
  const { data, error, isPending, refetch } = useFirstSteps();
  return (
    <Page title="First steps" lead={data && leadOf(data.steps)}>
      {isPending && <Loading what="the first steps" rows={12} />}
      {error && <Failed error={error} what="the first steps" retry={() => void refetch()} />}
      {data && !error && (
        <ol className={styles.steps}>
          {data.steps.map((step) => (
            <Row key={step.id} step={step} />
          ))}
        </ol>
      )}
    </Page>
  );
}

function leadOf(steps: readonly Step[]): string {
  const count = (state: Step['state']) => steps.filter((step) => step.state === state).length;
  const done = count('done');
  if (done === steps.length)
    return 'Everything is in place. It is told from what is there, and will say when something is not.';
  const look = count('look');
  const more = look > 0 ? `, ${look} to look at` : '';
  return `${done} of ${steps.length} done, ${count('open')} open${more}. It is told from what is there: nothing is ticked off by hand.`;
}

function Row({ step }: { step: Step }) {
  const { title, place, command } = STEPS[step.id];
  const titleId = `step-${step.id}`;
  return (
    <li className={styles.step} data-state={step.state} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <span className={styles.state}>{STATE_WORD[step.state]}</span>
      </div>
      <p>
        {saidOf(step)}
        {step.last && (
          <>
            {' '}
            Last: <Timestamp at={step.last} />.
          </>
        )}
      </p>
      {(place || command) && (
        <p className={styles.how}>
          {place && <Link to={place.to}>{place.label}</Link>}
          {command && step.state !== 'done' && <code>{command}</code>}
        </p>
      )}
    </li>
  );
}
