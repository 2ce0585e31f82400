import { Field, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { useFitted, usePolicy, usePolicyTemplates } from './policy_calls';
import styles from './policies.module.css';
import { PolicyWizard } from './wizard/wizard';

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
  const templates = usePolicyTemplates();
  const fitted = useFitted(policyId, fits);
  const levels = fitted.data?.fitted?.yaml;
  if (data && templates.data && (!fits || levels !== undefined)) {
    return (
      <Page
        title={`Change ${data.name}`}
        lead="Keep the id to change this policy; give it another id to start a new one."
        actions={<Link to={`/policies/${encodeURIComponent(policyId)}`}>Back to the policy</Link>}
      >
        <PolicyWizard
          yaml={levels ?? data.waiting?.yaml ?? data.yaml}
          keptAs={fits ? `${policyId}.fitted` : policyId}
          templateId={policyId}
          choices={templates.data}
          firstView={fits ? 'file' : 'steps'}
        />
      </Page>
    );
  }
  return (
    <Page title="Change a policy">
      {(isPending || fitted.isFetching) && <Loading what="the policy" />}
      {error && <Failed error={error} what="this policy" retry={() => void refetch()} />}
      {templates.error && (
        <Failed error={templates.error} what="the templates" retry={() => void templates.refetch()} />
      )}
      {fitted.error && <Failed error={fitted.error} what="the fitted levels" retry={() => void fitted.refetch()} />}
      {fits && fitted.data?.state === 'off' && <Empty title="Analytics are switched off" />}
      {fits && fitted.data?.state === 'failed' && <Empty title="It could not be counted">{fitted.data.message}</Empty>}
    </Page>
  );
}

function FromTemplate({ first }: { first: string }) {
  const { data, error, isPending, refetch } = usePolicyTemplates();
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = useState(first);
  const template = data?.templates.find((one) => one.id === chosen);
  const choose = (id: string) => {
    setChosen(id);
    const next = new URLSearchParams(search);
    next.set('template', id);
    next.delete('step');
    setSearch(next, { replace: true });
  };
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
            <Select value={chosen} onChange={(_, { value }) => choose(value)}>
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
      {template && data && (
        <PolicyWizard
          key={template.id}
          yaml={template.yaml}
          keptAs={`new.${template.id}`}
          templateId={template.id}
          choices={data}
        />
      )}
    </Page>
  );
}
