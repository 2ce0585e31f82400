import { Tab, TabList } from '@fluentui/react-components';
import { Link, useParams, useSearchParams } from 'react-router';
import { IndicatorTitle } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { TextBlock } from '../../shared/text/text_block';
import { localDay } from '../../shared/time/format';
import { BacktestTab } from '../backtests/backtest_tab';
import { useMay } from '../session/session';
import styles from './policies.module.css';
import { usePolicy, type PolicyDetail } from './policy_calls';
import { Health, LawfulStartFacts, PolicyActs, WaitingVersion } from './policy_life';
import { PolicyVersions } from './policy_versions';
import { STATE_WORD } from './words';

export default function PolicyPage() {
  const { policyId = '' } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const tab = parameters.get('tab') === 'past' ? 'past' : 'content';
  const { data: policy, error, isPending, refetch } = usePolicy(policyId);
  const mayWrite = useMay('policies.write');
  if (isPending) {
    return (
      <Page title="Policy">
        <Loading what="the policy" />
      </Page>
    );
  }
  if (error) {
    return (
      <Page title="Policy">
        <Failed error={error} what="this policy" retry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={policy.name}
      lead={<RecordText text={policy.description} />}
      actions={
        <>
          <Link to={`/alerts?policy=${encodeURIComponent(policy.id)}`}>Its alerts</Link>
          {mayWrite && <Link to={`/policies/new?from=${encodeURIComponent(policy.id)}`}>Change or copy</Link>}
          <PolicyActs policy={policy} />
        </>
      }
    >
      <p>
        {policy.enabled ? STATE_WORD[policy.state] : 'Switched off'}
        {policy.since && ` since ${localDay(policy.since)}`} · template <RecordText text={policy.template} /> · version{' '}
        <code title={policy.version}>{policy.version.slice(0, 12)}</code>
      </p>
      <Health messages={policy.health} />
      <WaitingVersion policy={policy} />
      <TabList
        selectedValue={tab}
        onTabSelect={(_, { value }) => setParameters(value === 'past' ? { tab: 'past' } : {}, { replace: true })}
        aria-label="Parts of the policy"
      >
        <Tab value="content" id="tab-content" aria-controls="policy-panel">
          What it holds
        </Tab>
        <Tab value="past" id="tab-past" aria-controls="policy-panel">
          Try on the past
        </Tab>
      </TabList>
      <div id="policy-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
        {tab === 'past' ? <BacktestTab policyId={policy.id} yaml={policy.yaml} /> : <Content policy={policy} />}
      </div>
    </Page>
  );
}

function Content({ policy }: { policy: PolicyDetail }) {
  return (
    <>
      {policy.since !== null && (
        <section aria-labelledby="policy-lawful">
          <h2 id="policy-lawful">Lawful start</h2>
          <LawfulStartFacts lawful={policy.lawful_start} />
        </section>
      )}
      <section aria-labelledby="policy-indicators">
        <h2 id="policy-indicators">Indicators ({policy.indicators.length})</h2>
        <ul className={styles.chips}>
          {policy.indicators.map((indicator) => (
            <li key={indicator.name}>
              <IndicatorTitle indicator={indicator} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="policy-yaml">
        <h2 id="policy-yaml">As a file</h2>
        <TextBlock className={styles.yaml} label="The policy's file" text={policy.yaml} />
      </section>
      <PolicyVersions policyId={policy.id} />
    </>
  );
}
