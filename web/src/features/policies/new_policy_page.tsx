import {
  Button,
  Field,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Select,
  Textarea,
} from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { ActFailed, Failed, Loading, Empty } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { lawfulStartYaml, withLawfulStart, withId, type Draft } from './draft';
import { LawfulStartForm } from './lawful_start_form';
import { useAskForPolicy, usePolicy, usePolicyTemplates, useFitted } from './policy_calls';
import styles from './policies.module.css';
import { lacksInWords } from './words';
import type { Schemas } from '../../shared/api/client';

const SHORTEST_REASON = 10;
const LONGEST_POLICY = 48_000;

// From a template (`?template=ID`: from this one), or from a policy that is there: `?from=ID`, with `&levels=fitted` the
// one with the levels of the organisation's own days.
export default function NewPolicyPage() {
  const [search] = useSearchParams();
  const from = search.get('from');
  if (from === null) return <FromTemplate first={search.get('template') ?? ''} />;
  return <FromPolicy policyId={from} fits={search.get('levels') === 'fitted'} />;
}

function FromPolicy({ policyId, fits }: { policyId: string; fits: boolean }) {
  const { data, error, isPending, refetch } = usePolicy(policyId);
  const fitted = useFitted(policyId, fits);
  const levels = fitted.data?.fitted?.yaml;
  if (data && (!fits || levels !== undefined)) {
    return (
      <Page
        title={`Change ${data.name}`}
        lead="Keep the id to change this policy; give it another id to start a new one."
        actions={<Link to={`/policies/${encodeURIComponent(policyId)}`}>Back to the policy</Link>}
      >
        <Editor yaml={levels ?? data.waiting?.yaml ?? data.yaml} />
      </Page>
    );
  }
  return (
    <Page title="Change a policy">
      {(isPending || fitted.isFetching) && <Loading what="the policy" />}
      {error && <Failed error={error} what="this policy" retry={() => void refetch()} />}
      {fitted.error && <Failed error={fitted.error} what="the fitted levels" retry={() => void fitted.refetch()} />}
      {fits && fitted.data?.state === 'off' && <Empty title="Analytics are switched off" />}
      {fits && fitted.data?.state === 'failed' && <Empty title="It could not be counted">{fitted.data.message}</Empty>}
    </Page>
  );
}

function FromTemplate({ first }: { first: string }) {
  const { data, error, isPending, refetch } = usePolicyTemplates();
  const [chosen, setChosen] = useState(first);
  const template = data?.templates.find((one) => one.id === chosen);
  return (
    <Page
      title="New policy"
      lead="Start from a template, say why and on what ground, then ask: a second person lets it look at anybody."
      actions={<Link to="/policies">All policies</Link>}
    >
      {isPending && <Loading what="the templates" rows={3} />}
      {error && <Failed error={error} what="the templates" retry={() => void refetch()} />}
      {data && (
        <div className={styles.form}>
          <Field label="Template" required>
            <Select value={chosen} onChange={(_, { value }) => setChosen(value)}>
              <option value="">Choose one</option>
              {data.templates.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          </Field>
          {template && <p className={styles.note}>{template.description}</p>}
        </div>
      )}
      {template && data && <Editor key={template.id} yaml={template.yaml} choices={data} />}
    </Page>
  );
}

function Editor({ yaml: first, choices }: { yaml: string; choices?: Schemas['PolicyTemplates'] }) {
  const [yaml, setYaml] = useState(first);
  const [reason, setReason] = useState('');
  const { mutate, error, isPending, data } = useAskForPolicy();
  const missing = SHORTEST_REASON - reason.trim().length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ yaml, reason: reason.trim() });
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Policy">
      {choices && (
        <LawfulStartForm withId choices={choices} onChange={(draft) => setYaml((text) => apply(text, draft))} />
      )}
      <Field
        label="The policy as a file"
        hint="Scope, triggers, indicators, thresholds: everything is in it. Faults are shown with their lines."
      >
        <Textarea
          className={styles.editor}
          value={yaml}
          maxLength={LONGEST_POLICY}
          resize="vertical"
          spellCheck={false}
          onChange={(_, { value }) => setYaml(value)}
        />
      </Field>
      <Field
        label="Why"
        required
        hint={missing > 0 ? `At least ${SHORTEST_REASON} characters; ${missing} to go.` : 'Kept with the version.'}
      >
        <Textarea value={reason} maxLength={1000} rows={2} onChange={(_, { value }) => setReason(value)} />
      </Field>
      <div className={styles.acts}>
        <Button type="submit" appearance="primary" disabled={isPending || missing > 0 || yaml.trim() === ''}>
          Ask for it
        </Button>
      </div>
      <div role="status">
        {error && <ActFailed title="Nothing was stored" error={error} />}
        {data && <Answer answer={data} />}
      </div>
    </form>
  );
}

function apply(text: string, draft: Draft): string {
  return withLawfulStart(withId(text, draft.id), lawfulStartYaml(draft));
}

function Answer({ answer }: { answer: Schemas['PolicyAnswer'] }) {
  const { change, diagnostics } = answer;
  if (change === null) {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>Nothing was stored: the file has faults.</MessageBarTitle>
          <ul>
            {diagnostics.map((fault, index) => (
              <li key={index}>
                Line {fault.line}: <RecordText text={fault.message} />
                {fault.hint && (
                  <>
                    {' '}
                    (<RecordText text={fault.hint} />)
                  </>
                )}
              </li>
            ))}
          </ul>
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent={change.lacks.length > 0 ? 'warning' : 'success'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{outcome(change)}</MessageBarTitle>{' '}
        <Link to={`/policies/${encodeURIComponent(change.policy)}`}>Open the policy</Link>
      </MessageBarBody>
    </MessageBar>
  );
}

function outcome(change: NonNullable<Schemas['PolicyAnswer']['change']>): string {
  if (!change.changes) return 'It says the same as before: nothing changes.';
  if (change.lacks.length > 0) return `Stored as a draft: its lawful start lacks ${lacksInWords(change.lacks)}.`;
  return change.waits ? 'Stored. It waits for a second person.' : 'In force from today on.';
}
