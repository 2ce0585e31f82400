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

const UNKNOWN = 'not known now';

function Stored({ status }: { status: Status }) {
  const count = (value: number | null) => value?.toLocaleString() ?? UNKNOWN;
  // What has no first activity has no activities; what cannot be asked has neither.
  const time = (at: string | null) => (at ? <Timestamp at={at} /> : status.activities === null ? UNKNOWN : 'none yet');
  return (
    <dl className={styles.facts}>
      <Fact name="Activities stored" value={count(status.activities)} note={supersededInWords(status.superseded)} />
      <Fact name="Accounts" value={count(status.accounts)} note="everybody and everything that acted" />
      <Fact name="First activity" value={time(status.first_activity)} />
      <Fact name="Last activity" value={time(status.last_activity)} />
      <Fact name="Alerts" value={<Link to="/alerts?view=all">{status.alerts.toLocaleString()}</Link>} />
      <Fact name="Policies" value={status.policies.toLocaleString()} />
      <Fact name="Indicators" value={count(status.indicators)} />
      <Fact
        name="On disk"
        value={status.bytes === null ? UNKNOWN : bytesInWords(status.bytes)}
        note={perActivity(status)}
      />
      <Fact
        name="This process"
        value={status.process === 'holder' ? 'holds the timelines' : 'beside the holder of the timelines'}
      />
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

function supersededInWords(superseded: number | null): string {
  return !superseded ? '' : `${superseded.toLocaleString()} more were replaced by corrections`;
}

function perActivity({ bytes, activities }: Status): string {
  return !activities || bytes === null
    ? ''
    : `${Math.round(bytes / activities).toLocaleString()} bytes an activity, raw records included`;
}
