import { Button } from '@fluentui/react-components';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useViewer } from '../session/session';
import styles from './account.module.css';
import { useEndOtherSessions, useEndSession, useOwnSessions, type OwnSession } from './account_calls';

// Where one is signed in.
export function SessionsSection() {
  const { data, error, refetch } = useOwnSessions();
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const isOfProvider = useViewer().of_provider;
  const failed = end.error ?? endOthers.error;
  const others = data?.sessions.filter((one) => !one.present).length ?? 0;
  return (
    <section className={styles.part} aria-labelledby="sessions-title">
      <div className={styles.head}>
        <h2 id="sessions-title">Sessions</h2>
        <Button disabled={others === 0 || endOthers.isPending} onClick={() => endOthers.mutate()}>
          End all others
        </Button>
      </div>
      <p>
        A session ends after 30 minutes without use, and after 12 hours. End what you do not know, and change your
        password{isOfProvider && ' at the identity provider'} then.
      </p>
      {error && <Failed error={error} what="your sessions" retry={() => void refetch()} />}
      {!data && !error && <Loading what="your sessions" rows={2} />}
      {failed && <ActFailed title="The session was not ended" error={failed} />}
      {data && (
        <TableFrame label="Sessions">
          <table className={table.table} aria-label="Sessions">
            <thead>
              <tr>
                <th scope="col">With</th>
                <th scope="col">From</th>
                <th scope="col">Since</th>
                <th scope="col">Last use</th>
                <th scope="col">
                  <span className={styles.onlyRead}>Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.sessions.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  busy={end.isPending}
                  onEnd={() => end.mutate(session.id)}
                />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function SessionRow({ session, busy, onEnd }: { session: OwnSession; busy: boolean; onEnd: () => void }) {
  const program = session.program ?? 'Not known';
  return (
    <tr>
      <th scope="row">
        <RecordText text={program} />
      </th>
      <td>
        <RecordText text={session.address ?? 'Not known'} />
      </td>
      <td className={table.nowrap}>
        <Timestamp at={session.since} />
      </td>
      <td className={table.nowrap}>
        <Timestamp at={session.last_use} />
      </td>
      <td className={styles.rowAct}>
        {session.present ? (
          <strong>This one</strong>
        ) : (
          <Button size="small" disabled={busy} aria-label={`End the session with ${program}`} onClick={onEnd}>
            End
          </Button>
        )}
      </td>
    </tr>
  );
}
