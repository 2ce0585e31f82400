import { MessageBar, MessageBarBody, Tab, TabList } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons';
import { Link, useParams, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, Timestamp } from '../../shared/time/timestamp';
import frame from '../alerts/alert_page.module.css';
import { PersonName } from '../alerts/person';
import { CaseTraceTab } from '../traces/trace_tab';
import { CaseActs } from './case_acts';
import { useCase, type Case } from './case_calls';
import { CaseEvidenceTab } from './case_evidence';
import { CaseHistoryTab } from './case_history';
import { CaseNotesTab } from './case_notes';
import { CaseNoticesTab, SendNotice } from './case_notices';
import { CaseOverview } from './case_overview';
import { CaseTasksTab } from './case_tasks';
import styles from './cases.module.css';
import { ACTION_WORD, RESOLUTION_WORD, STATE_WORD } from './words';

const TABS = ['overview', 'notes', 'tasks', 'evidence', 'where', 'notices', 'history'] as const;
type TabName = (typeof TABS)[number];

export default function CasePage() {
  const { caseId = '' } = useParams();
  const one = useCase(caseId);
  return (
    <>
      <nav aria-label="Back" className={frame.back}>
        <Link to="/cases">
          <ArrowLeftRegular aria-hidden="true" /> Cases
        </Link>
      </nav>
      {(one.isPending || one.error) && (
        <Page title="Case">
          {one.error ? (
            <Failed error={one.error} what="this case" retry={() => void one.refetch()} />
          ) : (
            <Loading what="the case" rows={12} />
          )}
        </Page>
      )}
      {one.data && !one.error && <OneCase key={one.data.id} one={one.data} />}
    </>
  );
}

function OneCase({ one }: { one: Case }) {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('tab');
  // Who is no member finds what is inside named, and told why it is not shown.
  const tab: TabName = TABS.find((name) => name === asked) ?? 'overview';
  const choose = (next: TabName) => setParameters(next === 'overview' ? {} : { tab: next }, { replace: true });
  const { notes, open_tasks, evidence, notices } = one.counts;
  return (
    <Page title={one.title} lead={<PersonName person={one.person} />} actions={<CaseActs one={one} />}>
      {one.erased_on !== null && <Erased day={one.erased_on} />}
      <Facts one={one} />
      {one.closing && <Closing one={one} />}
      <div>
        <TabList
          selectedValue={tab}
          onTabSelect={(_, data) => choose(data.value as TabName)}
          aria-label="Parts of the case"
          className={styles.tabs ?? ''}
        >
          <Tab value="overview" id="tab-overview" aria-controls="panel">
            Overview
          </Tab>
          <Tab value="notes" id="tab-notes" aria-controls="panel">
            Notes ({notes})
          </Tab>
          <Tab value="tasks" id="tab-tasks" aria-controls="panel">
            Tasks ({open_tasks} open)
          </Tab>
          <Tab value="evidence" id="tab-evidence" aria-controls="panel">
            Evidence ({evidence})
          </Tab>
          <Tab value="where" id="tab-where" aria-controls="panel">
            Where it went
          </Tab>
          <Tab value="notices" id="tab-notices" aria-controls="panel">
            Notices ({notices})
          </Tab>
          <Tab value="history" id="tab-history" aria-controls="panel">
            History
          </Tab>
        </TabList>
        <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
          {tab === 'overview' && <CaseOverview one={one} />}
          {tab === 'notes' && <CaseNotesTab one={one} />}
          {tab === 'tasks' && <CaseTasksTab one={one} />}
          {tab === 'evidence' && <CaseEvidenceTab one={one} />}
          {tab === 'where' && <CaseTraceTab one={one} />}
          {tab === 'notices' && <CaseNoticesTab one={one} />}
          {tab === 'history' && <CaseHistoryTab one={one} />}
        </div>
      </div>
    </Page>
  );
}

function Erased({ day }: { day: string }) {
  return (
    <MessageBar intent="info" data-testid="erased">
      <MessageBarBody>
        Whom this case was about was erased on <CalendarDay day={day} />. What was in it is gone, and it cannot be
        reopened: its number, its dates and how it ended are all that is left.
      </MessageBarBody>
    </MessageBar>
  );
}

function Facts({ one }: { one: Case }) {
  return (
    <dl className={frame.facts}>
      <div>
        <dt>Case</dt>
        <dd>{one.number}</dd>
      </div>
      <div>
        <dt>State</dt>
        <dd data-testid="state">{STATE_WORD[one.state]}</dd>
      </div>
      <div>
        <dt>Owner</dt>
        <dd data-testid="owner">{one.owner}</dd>
      </div>
      <div>
        <dt>Opened</dt>
        <dd>
          <Timestamp at={one.opened_at} /> by {one.opened_by}
        </dd>
      </div>
      <div>
        <dt>Last changed</dt>
        <dd>
          <Timestamp at={one.updated_at} />
        </dd>
      </div>
    </dl>
  );
}

function Closing({ one }: { one: Case }) {
  const { closing, state } = one;
  if (closing === null) return null;
  return (
    <section className={styles.closing} aria-label="Resolution" data-testid="resolution">
      <p>
        <strong>{RESOLUTION_WORD[closing.resolution]}</strong>. {ACTION_WORD[closing.action]}:{' '}
        <RecordText text={closing.text} />
      </p>
      <p className={styles.words}>
        {closing.by}, <Timestamp at={closing.at} />
        {state === 'open' && '; reopened since'}
      </p>
      {state === 'closed' && <SendNotice one={one} />}
    </section>
  );
}
