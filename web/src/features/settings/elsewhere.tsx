import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { useExclusions } from '../indicators/indicator_calls';
import { useIntake, useSwitches } from '../intake/intake_calls';
import { useLists } from '../lists/list_calls';
import { entriesInWords, LIST_ABOUT } from '../lists/words';
import { usePolicies } from '../policies/policy_calls';
import { useMay } from '../session/session';
import styles from './settings.module.css';
import { PolicyTuning } from './tuning';

// What belongs to a section and is no setting: it has its own place and its own rules, and is told of here.

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

type Asked<T> = { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };

function Told<T>({ asked, what, children }: { asked: Asked<T>; what: string; children: (data: T) => ReactNode }) {
  if (asked.isPending) return <Loading what={what} rows={2} />;
  if (asked.error || asked.data === undefined)
    return asked.error ? <Failed error={asked.error} what={what} retry={() => void asked.refetch()} /> : null;
  return children(asked.data);
}

function Timeframes() {
  const policies = usePolicies();
  return (
    <Told asked={policies} what="the policies">
      {({ policies: rows }) => <PolicyTuning kind="timeframes" policies={rows} />}
    </Told>
  );
}

function Volume() {
  const policies = usePolicies();
  return (
    <>
      <Told asked={policies} what="the policies">
        {({ policies: rows }) => <PolicyTuning kind="volume" policies={rows} />}
      </Told>
      <VolumeElsewhere />
    </>
  );
}

function VolumeElsewhere() {
  return (
    <p>
      Thresholds are in each <Link to="/policies">policy</Link>, with what it would have shown on the past and the
      levels of the organisation’s own days beside them; how many people do what is under{' '}
      <Link to="/analytics">Analytics</Link>.
    </p>
  );
}

// Lists that are changed on pages of their own.
export const LISTS: Record<string, readonly string[]> = {
  domains: ['own_domains', 'partner_domains', 'domains', 'personal_mail_domains', 'clouds'],
  exclusions: ['groups', 'exclusions'],
  priority: ['sites', 'labels', 'sensitive_info_types'],
  assets: ['devices', 'removable_media', 'networks', 'places', 'printers', 'applications'],
  calendar: ['holidays', 'announced_events'],
};

function ListsOf({ section }: { section: string }) {
  const lists = useLists();
  return (
    <Told asked={lists} what="the lists">
      {(all) => (
        <TableFrame label="Lists">
          <table className={table.table} aria-label={`Lists: ${section}`}>
            <thead>
              <tr>
                <th scope="col">List</th>
                <th scope="col">Says</th>
                <th scope="col">File beneath</th>
              </tr>
            </thead>
            <tbody>
              {(LISTS[section] ?? [])
                .flatMap((name) => all.lists.filter((one) => one.name === name))
                .map(({ name, title, entries, waiting, file }) => (
                  <tr key={name}>
                    <th scope="row">
                      <Link to={`/settings/lists/${name}`}>{title}</Link>
                      <span className={styles.words}>{LIST_ABOUT[name]}</span>
                    </th>
                    <td>
                      {entriesInWords(entries)}
                      {waiting > 0 && (
                        <span className={styles.words}>
                          {counted(waiting, 'change waits', 'changes wait')} for a second person
                        </span>
                      )}
                    </td>
                    <td>
                      <code className={styles.code}>{file}</code>
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Told>
  );
}

function Exclusions() {
  const exclusions = useExclusions();
  return (
    <Told asked={exclusions} what="the exclusions">
      {({ exclusions: rows, groups }) => (
        <p>
          Records are read by {counted(rows.length, 'exclusion', 'exclusions')} and{' '}
          {counted(groups.length, 'detection group', 'detection groups')}; how much each leaves out is on the page{' '}
          <Link to="/indicators">Indicators</Link>.
        </p>
      )}
    </Told>
  );
}

function Switches() {
  const switches = useSwitches();
  return (
    <Told asked={switches} what="the switches">
      {({ indicators }) => {
        const decisions = indicators.flatMap((one) => one.decisions);
        const countries = new Set(decisions.map(({ country }) => country).filter(Boolean));
        return (
          <p>
            {counted(indicators.filter((one) => one.on).length, 'indicator is', 'indicators are')} on for somebody of
            whom nothing is known, {counted(decisions.length, 'decision', 'decisions')}
            {countries.size > 0 && `, about ${[...countries].sort().join(', ')} among others`}: on the page{' '}
            <Link to="/intake">Intake</Link>.
          </p>
        );
      }}
    </Told>
  );
}

function Rules() {
  const intake = useIntake();
  return (
    <Told asked={intake} what="the intake rules">
      {({ rules, parties }) => (
        <p>
          {counted(rules.length, 'rule', 'rules')} and {counted(parties.length, 'protected party', 'protected parties')}{' '}
          keep records from being stored: on the page <Link to="/intake">Intake</Link>.
        </p>
      )}
    </Told>
  );
}

const PARTS: Record<string, () => ReactNode> = {
  timeframes: () => <Timeframes />,
  volume: () => <Volume />,
  exclusions: () => <Exclusions />,
  assets: () => <PriorityGroups />,
  privacy: () => <Switches />,
  intake: () => <Rules />,
};

function PriorityGroups() {
  return (
    <p>
      Who belongs to a priority group is what the directory says, and each <Link to="/policies">policy</Link> names the
      groups it looks at, counts more, or leaves out.
    </p>
  );
}

// Nothing of it is asked for by somebody who may not see it.
export function Elsewhere({ section }: { section: string }) {
  const mayRead = useMay('policies.read');
  const part = PARTS[section];
  return (
    <>
      {LISTS[section] && <ListsOf section={section} />}
      {part && (mayRead ? part() : <p>You may not see it: it needs the right to read policies.</p>)}
    </>
  );
}
