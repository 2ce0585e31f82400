import { Button, Field, Select } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { ActFailed } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays } from '../../shared/time/timestamp';
import { StatusWord } from '../alerts/status';
import { useMay, useViewer } from '../session/session';
import { useAddContributor, useCaseViewers, useRemoveContributor, type Case } from './case_calls';
import { CaseLinks } from './case_links';
import styles from './cases.module.css';

export function CaseOverview({ one }: { one: Case }) {
  return (
    <>
      <section className={styles.section} aria-labelledby="case-reason">
        <h2 id="case-reason">Why it was opened</h2>
        <p className={styles.said}>
          <RecordText text={one.reason} />
        </p>
      </section>
      <section className={styles.section} aria-labelledby="case-alerts">
        <h2 id="case-alerts">Alerts</h2>
        <Alerts one={one} />
      </section>
      <section className={styles.section} aria-labelledby="case-links">
        <h2 id="case-links">Linked</h2>
        <CaseLinks one={one} />
      </section>
      <section className={styles.section} aria-labelledby="case-people">
        <h2 id="case-people">Who works on it</h2>
        <Contributors one={one} />
      </section>
    </>
  );
}

function Alerts({ one }: { one: Case }) {
  return (
    <TableFrame label="Alerts of the case">
      <table className={table.table} aria-label="Alerts of the case">
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">Severity</th>
            <th scope="col" className={table.number}>
              Score
            </th>
            <th scope="col">Activity</th>
            <th scope="col">Status</th>
            <th scope="col" className={styles.wide}>
              Added by
            </th>
          </tr>
        </thead>
        <tbody>
          {one.alerts.map(({ alert, added_by }) => (
            <tr key={alert.id}>
              <th scope="row">
                <Link to={`/alerts/${encodeURIComponent(alert.id)}`}>
                  <RecordText text={alert.policy.name} />
                </Link>
              </th>
              <td>
                <SeverityBadge severity={alert.severity} />
              </td>
              <td className={table.number}>{shownPoints(alert.score)}</td>
              <td>
                <CalendarDays from={alert.first_day} to={alert.last_day} />
              </td>
              <td>
                <StatusWord status={alert.status} changed={alert.changed_after_decision} />
              </td>
              <td className={styles.wide}>{added_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Contributors({ one }: { one: Case }) {
  const { user } = useViewer();
  const mayWork = useMay('cases.work');
  const remove = useRemoveContributor(one.id);
  const isOpen = one.state === 'open';
  return (
    <>
      <ul className={styles.people} aria-label="Contributors">
        <li>{one.owner} (owner)</li>
        {one.contributors.map((other) => (
          <li key={other.user}>
            {other.user}
            {isOpen && (one.is_owner || other.user === user) && (
              <Button
                size="small"
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={`Remove ${other.user}`}
                disabled={remove.isPending}
                onClick={() => remove.mutate(other.user)}
              />
            )}
          </li>
        ))}
      </ul>
      {remove.error && <ActFailed title="Nobody was removed" error={remove.error} />}
      {mayWork && one.is_owner && isOpen && <AddContributor one={one} />}
      {!one.is_member && <p className={styles.words}>Notes, tasks and evidence are for them only.</p>}
    </>
  );
}

function AddContributor({ one }: { one: Case }) {
  const add = useAddContributor(one.id);
  const viewers = useCaseViewers(true);
  const [chosen, setChosen] = useState('');
  const inside = new Set([one.owner, ...one.contributors.map((other) => other.user)]);
  const others = viewers.data?.viewers.filter((other) => !inside.has(other.user)) ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) add.mutate(chosen, { onSuccess: () => setChosen('') });
  };
  if (others.length === 0) return null;
  return (
    <form onSubmit={submit} className={styles.inline}>
      <Field label="Contributor">
        <Select value={chosen} onChange={(_, { value }) => setChosen(value)}>
          <option value="">Choose…</option>
          {others.map((other) => (
            <option key={other.user} value={other.user}>
              {other.user}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" disabled={!chosen || add.isPending}>
        Add
      </Button>
      {add.error && <ActFailed title="Nobody was added" error={add.error} />}
    </form>
  );
}
