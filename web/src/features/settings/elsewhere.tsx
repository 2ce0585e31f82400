import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { useExclusions } from '../indicators/indicator_calls';
import { useIntake, useSwitches } from '../intake/intake_calls';
import { useOrganisation } from '../organisation/organisation_calls';
import { usePolicies } from '../policies/policy_calls';
import { useMay } from '../session/session';
import styles from './settings.module.css';

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
      {({ policies: rows }) =>
        rows.length === 0 ? (
          <p>There is no policy yet.</p>
        ) : (
          <TableFrame label="Timeframes of policies">
            <table className={table.table} aria-label="Timeframes of policies">
              <thead>
                <tr>
                  <th scope="col">Policy</th>
                  <th scope="col">Past days read</th>
                  <th scope="col">Days in scope</th>
                  <th scope="col">Days that add points</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ id, name, windows }) => (
                  <tr key={id}>
                    <th scope="row">
                      <Link to={`/policies/${encodeURIComponent(id)}`}>
                        <RecordText text={name} />
                      </Link>
                    </th>
                    <td>{windows.look_back_days}</td>
                    <td>{windows.activation_days}</td>
                    <td>{windows.evidence_days}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        )
      }
    </Told>
  );
}

const VOLUME_WORD = { fewer: 'Fewer alerts', default: 'As it ships', more: 'More alerts' };

function Volume() {
  const policies = usePolicies();
  return (
    <>
      <Told asked={policies} what="the policies">
        {({ policies: rows }) => (
          <ul className={styles.list}>
            {rows.map(({ id, name, windows }) => (
              <li key={id}>
                <RecordText text={name} />: {VOLUME_WORD[windows.volume]}
              </li>
            ))}
          </ul>
        )}
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

const DOMAIN_SECTIONS = ['own_domains', 'partner_domains', 'personal_mail_domains', 'domains', 'clouds'];
const PRIORITY_SECTIONS = ['labels', 'sites', 'sensitive_info_types'];

function OrganisationFacts({ sections }: { sections: readonly string[] }) {
  const organisation = useOrganisation('', '');
  return (
    <Told asked={organisation} what="the organisation’s facts">
      {(world) => (
        <ul className={styles.list}>
          {world.sections
            .filter(({ section }) => sections.includes(section))
            .map(({ section, title, total, assumption }) => (
              <li key={section}>
                <Link to={`/organisation?section=${section}`}>{title}</Link>: {counted(total, 'fact', 'facts')}
                {total === 0 && assumption && (
                  <>
                    ; <RecordText text={assumption} />
                  </>
                )}
              </li>
            ))}
        </ul>
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
          {counted(rows.length, 'exclusion', 'exclusions')} and{' '}
          {counted(groups.length, 'detection group', 'detection groups')}: on the page{' '}
          <Link to="/indicators">Indicators</Link>, with how much each leaves out.
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
  domains: () => <OrganisationFacts sections={DOMAIN_SECTIONS} />,
  exclusions: () => <Exclusions />,
  priority: () => <OrganisationFacts sections={PRIORITY_SECTIONS} />,
  privacy: () => <Switches />,
  intake: () => <Rules />,
};

// Nothing of it is asked for by somebody who may not see it.
export function Elsewhere({ section }: { section: string }) {
  const mayRead = useMay('policies.read');
  const part = PARTS[section];
  if (!part) return null;
  return mayRead ? part() : <p>You may not see it: it needs the right to read policies.</p>;
}
