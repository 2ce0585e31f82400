import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { Link } from 'react-router';
import { RecordText } from '../../shared/text/record_text';
import { lacksInWords } from '../policies/words';
import type { PackPlan } from './pack_calls';
import styles from './packs.module.css';
import { grouped, OUTCOME_WORD } from './words';

// Everything that applying would change, part by part, and what stays as it is and why.
export function PlanView({ plan, asksRetention }: { plan: PackPlan; asksRetention: boolean }) {
  return (
    <>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>A starting point, no legal advice.</MessageBarTitle> To be checked by:{' '}
          {plan.packs.map((pack, index) => (
            <span key={pack.id}>
              {index > 0 && '; '}
              {pack.title}: <RecordText text={pack.checked_by} />
            </span>
          ))}
        </MessageBarBody>
      </MessageBar>
      {plan.conflicts.length > 0 && <Lines title="Where packs disagree, the stricter holds" lines={plan.conflicts} />}
      {plan.notes.length > 0 && <Lines title="To know" lines={plan.notes} />}
      <section className={styles.section} aria-label="Policies that change">
        <h3>Policies</h3>
        {plan.policies.length === 0 && <p>These packs take none.</p>}
        <ul className={styles.list}>
          {plan.policies.map((policy) => (
            <li key={policy.id}>
              <RecordText text={policy.name} />: {outcomeOf(policy)}
              {policy.diff.length > 0 && (
                <details>
                  <summary>What changes in it</summary>
                  <pre className={styles.diff}>{policy.diff.join('\n')}</pre>
                </details>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.section} aria-label="Indicators that change">
        <h3>Indicators</h3>
        {plan.switches.length === 0 && <p>These packs decide about none.</p>}
        <ul className={styles.list}>
          {grouped(plan.switches).map((group) => (
            <li key={group.key}>
              {group.on ? 'On' : 'Off'} {group.where}: {group.titles.length}, {OUTCOME_WORD[group.outcome]}
              {group.why && (
                <>
                  {' '}
                  (<RecordText text={group.why} />)
                </>
              )}
              <details>
                <summary>Which</summary>
                <p className={styles.words}>{group.titles.join(', ')}</p>
              </details>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.section} aria-label="Times">
        <h3>How long things are kept</h3>
        <p>
          Raw records {plan.retention.kept.raw_days} days, activities {plan.retention.kept.activity_days} days.{' '}
          {retentionInWords(plan, asksRetention)}
        </p>
      </section>
    </>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h3>{title}</h3>
      <ul className={styles.list}>
        {lines.map((line) => (
          <li key={line}>
            <RecordText text={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeOf(policy: PackPlan['policies'][number]) {
  if (policy.change === 'unchanged') return 'as it is already.';
  const what = policy.change === 'added' ? 'new' : 'changed';
  if (policy.lacks.length > 0) return `${what}, as a draft: its lawful start lacks ${lacksInWords(policy.lacks)}.`;
  if (policy.widens.length === 0) return `${what}, in force from today on.`;
  return (
    <>
      {what}, waits for a second person (<RecordText text={policy.widens.join('; ')} />
      ). <Link to={`/policies/${encodeURIComponent(policy.id)}`}>The policy</Link>
    </>
  );
}

function retentionInWords({ retention }: PackPlan, asks: boolean): string {
  if (retention.wanted === null) return 'No longer than the packs say.';
  const wanted = `The packs say at most ${retention.wanted.raw_days} and ${retention.wanted.activity_days} days`;
  if (retention.asked) return `${wanted}: asked for already, it waits for a second person.`;
  if (!asks) return `${wanted}. It stays as it is: tick above to ask for it.`;
  return `${wanted}: this asks for it${retention.waits ? ', and a second person approves' : ''}.`;
}
