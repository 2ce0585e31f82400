import { Link } from 'react-router';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { Timestamp } from '../../shared/time/timestamp';
import { bytesInWords } from '../activities/bubbles';
import { FillProgress } from './fill_progress';
import styles from './status.module.css';
import { useStatus, type Status } from './status_calls';

export default function StatusPage() {
  const { data, error, isPending, refetch } = useStatus();
  return (
    <Page title="Status" lead={data && `Candor ${data.version}`}>
      {isPending && <Loading what="the status" />}
      {error && <Failed error={error} what="the status" retry={() => void refetch()} />}
      {data && !error && (
        <>
          <FillProgress fill={data.fill} />
          <Stored status={data} />
        </>
      )}
    </Page>
  );
}

function Stored({ status }: { status: Status }) {
  return (
    <dl className={styles.facts}>
      <Fact
        name="Activities stored"
        value={status.activities.toLocaleString()}
        note={supersededInWords(status.superseded)}
      />
      <Fact name="Accounts" value={status.accounts.toLocaleString()} note="everybody and everything that acted" />
      <Fact
        name="First activity"
        value={status.first_activity ? <Timestamp at={status.first_activity} /> : 'none yet'}
      />
      <Fact name="Last activity" value={status.last_activity ? <Timestamp at={status.last_activity} /> : 'none yet'} />
      <Fact name="Alerts" value={<Link to="/alerts?view=all">{status.alerts.toLocaleString()}</Link>} />
      <Fact name="Policies" value={status.policies.toLocaleString()} />
      <Fact name="Indicators" value={status.indicators.toLocaleString()} />
      <Fact name="On disk" value={bytesInWords(status.bytes)} note={perActivity(status)} />
    </dl>
  );
}

function Fact({ name, value, note = '' }: { name: string; value: React.ReactNode; note?: string }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  );
}

function supersededInWords(superseded: number): string {
  return superseded === 0 ? '' : `${superseded.toLocaleString()} more were replaced by corrections`;
}

function perActivity({ bytes, activities }: Status): string {
  return activities === 0
    ? ''
    : `${Math.round(bytes / activities).toLocaleString()} bytes an activity, raw records included`;
}
