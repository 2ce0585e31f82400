import { MessageBar, MessageBarBody, MessageBarTitle, Tab, TabList } from '@fluentui/react-components';
import { Link, useParams, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { Failed, Loading } from '../../shared/states/states';
import { CalendarDays, Timestamp } from '../../shared/time/timestamp';
import { ActivityTab } from '../activities/activity_tab';
import { SecondReadingNote } from '../rereads/second_reading';
import { AlertExpectations } from '../expectations/alert_expectations';
import { useAlert, type Alert } from './alert_calls';
import styles from './alert_page.module.css';
import { AlertActions } from './alert_actions';
import { DecisionNote } from './decision_note';
import { HistoryTab } from './history_tab';
import { PersonName } from './person';
import { QueueNeighbours } from './queue_neighbours';
import { ReceiptTab } from './receipt_tab';
import { StatusWord } from './status';
import { Why } from './why';

const TABS = ['receipt', 'activity', 'history'] as const;
type TabName = (typeof TABS)[number];

export default function AlertPage() {
  const { alertId = '' } = useParams();
  const alert = useAlert(alertId);
  return (
    <>
      <QueueNeighbours alertId={alertId} />
      {(alert.isPending || alert.error) && (
        <Page title="Alert">
          {alert.error ? (
            <Failed error={alert.error} what="this alert" retry={() => void alert.refetch()} />
          ) : (
            <Loading what="the alert" rows={12} />
          )}
        </Page>
      )}
      {alert.data && !alert.error && <OneAlert key={alert.data.id} alert={alert.data} />}
    </>
  );
}

function OneAlert({ alert }: { alert: Alert }) {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('tab');
  const tab: TabName = TABS.find((one) => one === asked) ?? 'receipt';
  const choose = (next: TabName) => {
    const changed = new URLSearchParams(parameters);
    changed.set('tab', next);
    setParameters(changed, { replace: true });
  };

  return (
    <Page
      title={alert.policy.name}
      lead={
        <>
          <PersonName person={alert.person} />{' '}
          <Link to={`/alerts/${encodeURIComponent(alert.id)}/person`}>About this person</Link>
        </>
      }
      actions={<AlertActions alert={alert} />}
    >
      <Facts alert={alert} />
      {alert.decision && <DecisionNote decision={alert.decision} changed={alert.changed_after_decision} />}
      {alert.second_reading && <SecondReadingNote reading={alert.second_reading} />}
      {alert.waits_for_reread && <WaitsForReread alertId={alert.id} />}
      <Why sentences={alert.why} parts={alert.receipt.parts} />
      <div>
        <TabList
          selectedValue={tab}
          onTabSelect={(_, data) => choose(data.value as TabName)}
          aria-label="Parts of the alert"
        >
          <Tab value="receipt" id="tab-receipt" aria-controls="panel">
            Receipt
          </Tab>
          <Tab value="activity" id="tab-activity" aria-controls="panel">
            Activity
          </Tab>
          <Tab value="history" id="tab-history" aria-controls="panel">
            History ({alert.history.length + alert.comments.length})
          </Tab>
        </TabList>
        <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
          {tab === 'receipt' && (
            <>
              <ReceiptTab alert={alert} />
              <AlertExpectations alert={alert} />
            </>
          )}
          {tab === 'activity' && <ActivityTab alert={alert} />}
          {tab === 'history' && <HistoryTab alert={alert} />}
        </div>
      </div>
    </Page>
  );
}

// Its decision and comments are not told to whoever may come to read it a second time.
function WaitsForReread({ alertId }: { alertId: string }) {
  return (
    <MessageBar intent="info" layout="multiline" data-testid="waits-for-reread">
      <MessageBarBody>
        <MessageBarTitle>This dismissal waits to be read again.</MessageBarTitle>
        Who dismissed it, why, and all comments are shown once that is done.{' '}
        <Link to={`/rereads/${encodeURIComponent(alertId)}`}>Read it again</Link>
      </MessageBarBody>
    </MessageBar>
  );
}

function Facts({ alert }: { alert: Alert }) {
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Score</dt>
        <dd className={styles.score} data-testid="score">
          {shownPoints(alert.score)}
        </dd>
      </div>
      <div>
        <dt>Severity</dt>
        <dd>
          <SeverityBadge severity={alert.severity} />
        </dd>
      </div>
      <div>
        <dt>Status</dt>
        <dd data-testid="status">
          <StatusWord status={alert.status} changed={alert.changed_after_decision} />
        </dd>
      </div>
      {alert.assigned_to && (
        <div>
          <dt>Assigned to</dt>
          <dd>{alert.assigned_to}</dd>
        </div>
      )}
      {alert.case && (
        <div>
          <dt>Case</dt>
          <dd>
            <Link to={`/cases/${encodeURIComponent(alert.case.id)}`}>Case {alert.case.number}</Link>
          </dd>
        </div>
      )}
      <div>
        <dt>Activity</dt>
        <dd>
          <CalendarDays from={alert.first_day} to={alert.last_day} />
        </dd>
      </div>
      <div>
        <dt>Raised</dt>
        <dd>
          <Timestamp at={alert.created_at} />
        </dd>
      </div>
      <div>
        <dt>Evidence until</dt>
        <dd>
          <Timestamp at={alert.evidence_until} />
        </dd>
      </div>
    </dl>
  );
}
