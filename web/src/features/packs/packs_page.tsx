import { Button, Checkbox, Field, Input, Textarea } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { lawfulStartYaml } from '../policies/draft';
import { LawfulStartForm } from '../policies/lawful_start_form';
import { usePolicyTemplates } from '../policies/policy_calls';
import { useMay } from '../session/session';
import { useApplyPacks, usePacks, usePlan } from './pack_calls';
import styles from './packs.module.css';
import { PlanView } from './plan_view';
import { contentsInWords, driftInWords } from './words';

const SHORTEST_REASON = 10;

export default function PacksPage() {
  const { data, error, isPending, refetch } = usePacks();
  return (
    <Page
      title="Packs"
      lead="What an organisation of one industry, or with people in one country, begins with: policies, indicators that stay off until something is agreed to, times and texts."
      actions={<Link to="/policies">Policies</Link>}
    >
      {isPending && <Loading what="the packs" rows={8} />}
      {error && <Failed error={error} what="the packs" retry={() => void refetch()} />}
      {data?.packs.length === 0 && <Empty title="No pack">The content folder holds none.</Empty>}
      {data && data.packs.length > 0 && <Packs data={data} />}
    </Page>
  );
}

type Asked = { packs: string[]; lawful_start: string; agreement: string; retention: boolean };

function Packs({ data }: { data: Schemas['Packs'] }) {
  const last = data.applications[0];
  const [asked, setAsked] = useState<Asked>({
    packs: last?.packs ?? [],
    lawful_start: last?.lawful_start ?? '',
    agreement: last?.agreement ?? '',
    retention: last?.retention ?? false,
  });
  const plan = usePlan();
  const apply = useApplyPacks();
  // What was shown is no longer what would be done.
  const change = (part: Partial<Asked>) => {
    plan.reset();
    apply.reset();
    setAsked({ ...asked, ...part });
  };
  const choose = (id: string, chosen: boolean) =>
    change({ packs: chosen ? [...asked.packs, id] : asked.packs.filter((one) => one !== id) });
  const body = { ...asked, packs: asked.packs.join(','), retention: asked.retention ? 'yes' : 'no' };
  return (
    <>
      {last && <LastApplied last={last} drift={data.drift} packs={data.packs} />}
      <TableFrame label="Packs">
        <table className={table.table} aria-label="Packs">
          <thead>
            <tr>
              <th scope="col" className={styles.choose}>
                Take
              </th>
              <th scope="col">Pack</th>
              <th scope="col">Kind</th>
              <th scope="col" className={styles.wide}>
                Contains
              </th>
              <th scope="col">Applied</th>
            </tr>
          </thead>
          <tbody>
            {data.packs.map((pack) => (
              <tr key={pack.id}>
                <td>
                  <Checkbox
                    aria-label={`Take ${pack.title}`}
                    checked={asked.packs.includes(pack.id)}
                    onChange={(_, { checked }) => choose(pack.id, checked === true)}
                  />
                </td>
                <th scope="row">
                  <Link to={`/packs/${encodeURIComponent(pack.id)}`}>
                    <RecordText text={pack.title} />
                  </Link>
                  <span className={styles.words}>
                    <RecordText text={pack.about} />
                  </span>
                </th>
                <td>{pack.kind === 'country' ? pack.country : 'Industry'}</td>
                <td className={styles.wide}>{contentsInWords(pack)}</td>
                <td>{pack.applied ? 'Yes' : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <Ask
        asked={asked}
        secondPerson={data.second_person}
        isPending={plan.isPending}
        onChange={change}
        onAsk={() => plan.mutate(body)}
      />
      <div role="status" className={styles.section}>
        {plan.error && <ActFailed title="It could not be looked at" error={plan.error} />}
        {plan.data && <Faults answer={plan.data} />}
      </div>
      {plan.data?.plan && (
        <section className={styles.form} aria-label="What would change">
          <h2>What would change</h2>
          <PlanView plan={plan.data.plan} asksRetention={asked.retention} />
          {apply.data?.applied ? (
            <p role="status">
              Applied. <Link to="/policies">The policies</Link> and <Link to="/intake">what is switched off</Link>.
            </p>
          ) : (
            <Apply
              plan={plan.data.plan}
              isPending={apply.isPending}
              error={apply.error}
              onApply={(reason, digest) => apply.mutate({ ...body, reason, digest })}
            />
          )}
        </section>
      )}
    </>
  );
}

function LastApplied({
  last,
  drift,
  packs,
}: {
  last: Schemas['PackApplication'];
  drift: Schemas['PackDrift'] | null;
  packs: Schemas['PackRow'][];
}) {
  const title = (id: string) => packs.find((pack) => pack.id === id)?.title ?? id;
  return (
    <section className={styles.section} aria-label="Applied last">
      <h2>Applied last</h2>
      <p>
        {last.packs.map(title).join(', ')}, by <RecordText text={last.applied_by} />, <Timestamp at={last.applied_at} />
        {last.reason && (
          <>
            : <RecordText text={last.reason} />
          </>
        )}
      </p>
      <p>
        {drift === null
          ? 'What has changed since cannot be told: a pack of it is gone or has a fault.'
          : driftInWords(drift)}
      </p>
    </section>
  );
}

function Ask({
  asked,
  secondPerson,
  isPending,
  onChange,
  onAsk,
}: {
  asked: Asked;
  secondPerson: boolean;
  isPending: boolean;
  onChange: (part: Partial<Asked>) => void;
  onAsk: () => void;
}) {
  const templates = usePolicyTemplates();
  const maySettings = useMay('settings.write');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk();
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="What to apply">
      <h2>Apply those that are ticked, together</h2>
      {secondPerson && templates.data && (
        <>
          <p className={styles.words}>
            Over real people policies need a lawful start; without one they stay drafts. It is given to those that have
            none.
          </p>
          <LawfulStartForm
            choices={templates.data}
            onChange={(draft) => onChange({ lawful_start: lawfulStartYaml(draft) })}
          />
          {asked.lawful_start && (
            <details>
              <summary>The lawful start as policies will have it</summary>
              <pre className={styles.text}>{asked.lawful_start}</pre>
            </details>
          )}
        </>
      )}
      <Field
        label="Agreement"
        hint="What allows to switch on indicators that read content or show private life; without it they stay off."
      >
        <Input value={asked.agreement} maxLength={400} onChange={(_, { value }) => onChange({ agreement: value })} />
      </Field>
      {maySettings && (
        <Checkbox
          label="Also ask for the shorter times, where things are kept longer than the packs say"
          checked={asked.retention}
          onChange={(_, { checked }) => onChange({ retention: checked === true })}
        />
      )}
      <div className={styles.acts}>
        <Button type="submit" appearance="primary" disabled={asked.packs.length === 0 || isPending}>
          Show what would change
        </Button>
      </div>
    </form>
  );
}

function Faults({ answer }: { answer: Schemas['PackAnswer'] }) {
  if (answer.plan !== null) return null;
  return (
    <>
      <p>Nothing can be applied like this:</p>
      <ul className={styles.list}>
        {answer.diagnostics.map((fault, index) => (
          <li key={index}>
            <RecordText text={fault.message} />
            {fault.hint && (
              <>
                {' '}
                (<RecordText text={fault.hint} />)
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Apply({
  plan,
  isPending,
  error,
  onApply,
}: {
  plan: Schemas['PackPlan'];
  isPending: boolean;
  error: Error | null;
  onApply: (reason: string, digest: string) => void;
}) {
  const mayWrite = useMay('policies.write');
  const [reason, setReason] = useState('');
  const missing = SHORTEST_REASON - reason.trim().length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onApply(reason.trim(), plan.digest);
  };
  if (!plan.changes) return <p>Nothing to change: all of it is so already.</p>;
  if (!mayWrite) return <p>Whoever may write policies can apply this.</p>;
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Apply">
      <Field
        label="Why"
        required
        hint={
          missing > 0
            ? `At least ${SHORTEST_REASON} characters; ${missing} to go.`
            : 'Kept with the versions and in the audit log.'
        }
      >
        <Textarea value={reason} maxLength={1000} rows={2} onChange={(_, { value }) => setReason(value)} />
      </Field>
      <div className={styles.acts}>
        <Button type="submit" appearance="primary" disabled={isPending || missing > 0}>
          Apply all of it
        </Button>
      </div>
      {error && <ActFailed title="Nothing was applied" error={error} />}
    </form>
  );
}
