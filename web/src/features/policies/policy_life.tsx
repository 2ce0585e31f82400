import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { RecordText } from '../../shared/text/record_text';
import { TextBlock } from '../../shared/text/text_block';
import { localDay } from '../../shared/time/format';
import { Timestamp } from '../../shared/time/timestamp';
import { useNow } from '../../shared/time/use_now';
import { ActWithReason } from '../people/reason_dialog';
import { useMay, useViewer } from '../session/session';
import { usePolicyAct, type Act, type LawfulStart, type PolicyDetail } from './policy_calls';
import styles from './policies.module.css';
import { LAWFUL_WORD, lacksInWords, reviewInWords } from './words';

const ACTS: Record<Act, { title: string; act: string; lead: string }> = {
  approve: {
    title: 'Approve what waits',
    act: 'Approve',
    lead: 'From today on it counts, over everybody in its scope. You say that purpose, legal basis and scope are right.',
  },
  reject: { title: 'Reject what waits', act: 'Reject', lead: 'It is dropped. What is in force stays as it is.' },
  pause: {
    title: 'Pause this policy',
    act: 'Pause',
    lead: 'From tomorrow on it scores nobody. Alerts that are there stay. Going on needs a second person.',
  },
  resume: { title: 'Ask for it to go on', act: 'Ask', lead: 'It goes on when a second person approves.' },
  retire: {
    title: 'Retire this policy',
    act: 'Retire',
    lead: 'From tomorrow on it scores nobody. Its alerts and its history stay.',
  },
};

// What may be done with the policy now, by this viewer.
export function PolicyActs({ policy }: { policy: PolicyDetail }) {
  const [open, setOpen] = useState<Act | null>(null);
  const mayWrite = useMay('policies.write');
  if (!mayWrite) return null;
  const running = policy.state === 'active';
  return (
    <>
      {running && <Button onClick={() => setOpen('pause')}>Pause</Button>}
      {(policy.state === 'paused' || policy.state === 'retired') && !policy.waits && (
        <Button onClick={() => setOpen('resume')}>Resume</Button>
      )}
      {(running || policy.state === 'paused') && <Button onClick={() => setOpen('retire')}>Retire</Button>}
      {open && <ActOn key={open} policy={policy} act={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function ActOn({ policy, act, onClose }: { policy: PolicyDetail; act: Act; onClose: () => void }) {
  // As it was shown when the dialog opened: what came to wait meanwhile was not looked at.
  const [number] = useState(policy.waiting?.number ?? 0);
  return <ActWithReason words={ACTS[act]} acting={usePolicyAct(policy.id, act, number)} onClose={onClose} />;
}

// Why it may not do what its owner thinks it does.
export function Health({ messages }: { messages: PolicyDetail['health'] }) {
  if (messages.length === 0) return null;
  return (
    <section aria-label="Health" className={styles.health}>
      {messages.map((one) => (
        <MessageBar key={one.id + one.text} intent={one.level === 'warning' ? 'warning' : 'info'} layout="multiline">
          <MessageBarBody>
            <RecordText text={one.text} />
          </MessageBarBody>
        </MessageBar>
      ))}
    </section>
  );
}

// The version that a second person must look at, with what is new about it.
export function WaitingVersion({ policy }: { policy: PolicyDetail }) {
  const [open, setOpen] = useState<Act | null>(null);
  const { user } = useViewer();
  const mayApprove = useMay('policies.approve');
  const { waiting, lacks } = policy;
  if (waiting === null) return null;
  const own = waiting.asked_by === user;
  const draft = lacks.length > 0;
  return (
    <section className={styles.waiting} aria-labelledby="policy-waiting">
      <h2 id="policy-waiting">{draft ? 'A draft' : 'Waits for a second person'}</h2>
      <p>
        Asked for by <RecordText text={waiting.asked_by || 'nobody on record'} />, <Timestamp at={waiting.asked_at} />
        {waiting.reason && (
          <>
            : <RecordText text={waiting.reason} />
          </>
        )}
      </p>
      {draft && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>It runs over invented people only.</MessageBarTitle>
            Its lawful start lacks {lacksInWords(lacks)}. Add them under <code>lawful_start</code> and ask again.
          </MessageBarBody>
        </MessageBar>
      )}
      {waiting.widens.length > 0 && (
        <>
          <h3>What it looks at more than now</h3>
          <ul>
            {waiting.widens.map((line) => (
              <li key={line}>
                <RecordText text={line} />
              </li>
            ))}
          </ul>
        </>
      )}
      <LawfulStartFacts lawful={waiting.lawful_start} />
      <details>
        <summary>As a file</summary>
        <TextBlock className={styles.yaml} label="The file that waits" text={waiting.yaml.trimEnd()} />
      </details>
      <div className={styles.acts}>
        {mayApprove && !draft && !own && (
          <Button appearance="primary" onClick={() => setOpen('approve')}>
            Approve
          </Button>
        )}
        {mayApprove && <Button onClick={() => setOpen('reject')}>Reject</Button>}
        {mayApprove && own && !draft && <p>You asked for it: somebody else must approve.</p>}
        {!mayApprove && !draft && <p>Somebody with the right to approve policies must look at it.</p>}
      </div>
      {open && <ActOn key={open} policy={policy} act={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

export function LawfulStartFacts({ lawful }: { lawful: LawfulStart }) {
  const now = useNow(3_600_000);
  const said = (text: string): ReactNode => (text === '' ? <em>Not stated</em> : <RecordText text={text} />);
  const worded = (word: string, meaning: string) => said(word === '' ? '' : meaning || word);
  const near = reviewInWords(lawful.review_by, now);
  const rows: [string, ReactNode][] = [
    ['purpose', worded(lawful.purpose, lawful.purpose_means)],
    ['legal_basis', worded(lawful.legal_basis, lawful.legal_basis_means)],
    ['agreement', said(lawful.agreement)],
    ['impact_assessment', said(lawful.impact_assessment)],
    ['owner', said(lawful.owner)],
    ['countries', said(lawful.all_countries ? 'All' : lawful.countries.join(', '))],
    ['review_by', said(lawful.review_by ? localDay(lawful.review_by) + (near && ` (${near})`) : '')],
  ];
  return (
    <dl className={styles.facts}>
      {rows.map(([key, value]) => (
        <div key={key}>
          <dt>{LAWFUL_WORD[key]}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
