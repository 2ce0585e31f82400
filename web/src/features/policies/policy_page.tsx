import { Tab, TabList } from '@fluentui/react-components';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { IndicatorTitle } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { TextBlock } from '../../shared/text/text_block';
import { localDay } from '../../shared/time/format';
import { BacktestTab } from '../backtests/backtest_tab';
import { useMay } from '../session/session';
import { FittedLevels } from './fitted_levels';
import styles from './policies.module.css';
import { usePolicy, type PolicyDetail } from './policy_calls';
import { Health, LawfulStartFacts, PolicyActs, WaitingVersion } from './policy_life';
import { PolicyVersions } from './policy_versions';
import { WaitingScoring } from './waiting_scoring';
import { STATE_WORD } from './words';

export default function PolicyPage() {
  const { policyId = '' } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('tab');
  const tab = asked === 'past' || asked === 'fitted' ? asked : 'content';
  const [fitted, setFitted] = useState<string | null>(null);
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
      <WaitingScoring policyId={policy.id} policyName={policy.name} />
      <TabList
        selectedValue={tab}
        onTabSelect={(_, { value }) =>
          setParameters(value === 'content' ? {} : { tab: String(value) }, { replace: true })
        }
        aria-label="Parts of the policy"
        className={styles.tabs ?? ''}
      >
        <Tab value="content" id="tab-content" aria-controls="policy-panel">
          What it holds
        </Tab>
        <Tab value="past" id="tab-past" aria-controls="policy-panel">
          Try on the past
        </Tab>
        <Tab value="fitted" id="tab-fitted" aria-controls="policy-panel">
          Fitted levels
        </Tab>
      </TabList>
      <div id="policy-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
        {tab === 'content' && <Content policy={policy} />}
        {tab === 'past' && (
          <BacktestTab
            key={fitted === null ? 'own' : 'fitted'}
            policyId={policy.id}
            yaml={policy.yaml}
            draft={fitted}
            next={
              fitted !== null &&
              mayWrite && (
                <Link to={`/policies/new?from=${encodeURIComponent(policy.id)}&levels=fitted`}>
                  Ask for a version with the fitted levels
                </Link>
              )
            }
          />
        )}
        {tab === 'fitted' && (
          <FittedLevels
            policyId={policy.id}
            onTry={(yaml) => {
              setFitted(yaml);
              setParameters({ tab: 'past' }, { replace: true });
            }}
          />
        )}
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
