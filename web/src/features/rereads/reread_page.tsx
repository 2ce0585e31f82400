import { Button, Field, Radio, RadioGroup, Textarea } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons';
import { useState, type FormEvent } from 'react';
import { Link, useParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import { CalendarDays, Timestamp } from '../../shared/time/timestamp';
import type { Alert } from '../alerts/alert_calls';
import frame from '../alerts/alert_page.module.css';
import { DecisionNote } from '../alerts/decision_note';
import { PersonName } from '../alerts/person';
import { ReceiptTab } from '../alerts/receipt_tab';
import { Why } from '../alerts/why';
import { useAnswerReread, useReread } from './reread_calls';
import styles from './rereads.module.css';
import { SecondReadingNote } from './second_reading';

const SHORTEST_REASON = 10;
const LONGEST_REASON = 1000;

export default function RereadPage() {
  const { alertId = '' } = useParams();
  const reread = useReread(alertId);
  return (
    <>
      <nav aria-label="Back" className={frame.back}>
        <Link to="/rereads">
          <ArrowLeftRegular aria-hidden="true" /> To read again
        </Link>
      </nav>
      {(reread.isPending || reread.error) && (
        <Page title="To read again">
          {reread.error ? (
            <Failed error={reread.error} what="this alert" retry={() => void reread.refetch()} />
          ) : (
            <Loading what="the alert" rows={12} />
          )}
        </Page>
      )}
      {reread.data && !reread.error && <OneReread key={reread.data.id} shown={reread.data} />}
    </>
  );
}

function OneReread({ shown }: { shown: Alert }) {
  const answering = useAnswerReread(shown.id);
  const both = answering.data;
  return (
    <Page title={shown.policy.name} lead={<PersonName person={shown.person} />}>
      <Facts alert={shown} />
      {both ? <Both alert={both} /> : <AnswerForm answering={answering} />}
      <Why sentences={shown.why} parts={shown.receipt.parts} />
      <ReceiptTab alert={shown} />
    </Page>
  );
}

function Facts({ alert }: { alert: Alert }) {
  return (
    <dl className={frame.facts}>
      <div>
        <dt>Score</dt>
        <dd className={frame.score}>{shownPoints(alert.score)}</dd>
      </div>
      <div>
        <dt>Severity</dt>
        <dd>
          <SeverityBadge severity={alert.severity} />
        </dd>
      </div>
      <div>
        <dt>Activity</dt>
        <dd>
          <CalendarDays from={alert.first_day} to={alert.last_day} />
        </dd>
      </div>
      <div>
        <dt>Evidence until</dt>
        <dd>
          <Timestamp at={alert.evidence_until} />
        </dd>
      </div>
      <div>
        <dt>Records</dt>
        <dd>
          <Link to={`/alerts/${encodeURIComponent(alert.id)}?tab=activity`}>Activity of the alert</Link>
        </dd>
      </div>
    </dl>
  );
}

function AnswerForm({ answering }: { answering: ReturnType<typeof useAnswerReread> }) {
  const [answer, setAnswer] = useState<Schemas['RereadAnswer']['answer'] | ''>('');
  const [reason, setReason] = useState('');
  const missing = SHORTEST_REASON - reason.trim().length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answer !== '' && missing <= 0) answering.mutate({ answer, reason: reason.trim() });
  };
  return (
    <form onSubmit={submit} className={styles.answer} aria-labelledby="answer-title">
      <h2 id="answer-title">What would you have done?</h2>
      <Field label="Decision" required>
        <RadioGroup value={answer} onChange={(_, { value }) => setAnswer(value as Schemas['RereadAnswer']['answer'])}>
          <Radio value="dismiss" label="Dismiss it" />
          <Radio value="confirm" label="Confirm it: it goes back into the queue" />
        </RadioGroup>
      </Field>
      <Field
        label="Reason"
        required
        className={styles.reason ?? ''}
        hint={missing > 0 ? `At least ${SHORTEST_REASON} characters; ${missing} to go.` : 'Shown at the alert.'}
      >
        <Textarea value={reason} maxLength={LONGEST_REASON} rows={3} onChange={(_, { value }) => setReason(value)} />
      </Field>
      {answering.error && <ActFailed title="Nothing was kept" error={answering.error} />}
      <Button type="submit" appearance="primary" disabled={answer === '' || missing > 0 || answering.isPending}>
        Answer
      </Button>
    </form>
  );
}

// After the answer: what the other said, and what was said now.
function Both({ alert }: { alert: Alert }) {
  const reading = alert.second_reading;
  if (!reading) return null;
  return (
    <section aria-label="Both readings" className={styles.answer}>
      <h2>{reading.agrees ? 'You agree' : 'You disagree: the alert is back in the queue'}</h2>
      {reading.first && <DecisionNote decision={reading.first} changed={false} />}
      <SecondReadingNote reading={reading} />
      <Link to={`/alerts/${encodeURIComponent(alert.id)}`}>The alert as it is now</Link>
    </section>
  );
}
