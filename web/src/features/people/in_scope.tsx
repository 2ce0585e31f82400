import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { Fragment, useId, useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { SeverityBadge } from '../../shared/severity/severity';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { PersonName } from '../alerts/person';
import { ExportFile } from '../exports/export_file';
import { usePolicies } from '../policies/policy_calls';
import { useMay } from '../session/session';
import { ROWS_A_PAGE, useInScope, type InScopeFilter } from './people_calls';
import styles from './people.module.css';
import { Scoring } from './scoring';

// Whom policies look at. The filter is in the address, but for the pseudonym that is looked for.
export function InScope() {
  const [parameters, setParameters] = useSearchParams();
  const [text, setText] = useState('');
  const [sought, setSought] = useState('');
  const page = Math.max(1, Number.parseInt(parameters.get('page') ?? '1', 10) || 1);
  const filter: InScopeFilter = {
    severity: parameters.get('severity') ?? '',
    policy: parameters.get('policy') ?? '',
    byHand: parameters.get('by_hand') === 'true',
    sort: parameters.get('sort') === 'open_alerts' ? 'open_alerts' : 'severity',
    text: sought,
  };
  const { data, error, isPending, refetch } = useInScope(filter, page);
  const change = (name: string, value: string, keepsPage = false) => {
    const next = new URLSearchParams(parameters);
    if (value === '') next.delete(name);
    else next.set(name, value);
    if (!keepsPage) next.delete('page');
    setParameters(next);
  };
  const seek = (event: FormEvent) => {
    event.preventDefault();
    setSought(text.trim());
    change('page', '');
  };
  return (
    <>
      <form className={styles.toolbar} onSubmit={seek} aria-label="Filter">
        <Filters filter={filter} onChange={change} />
        <Field label="Pseudonym">
          <Input value={text} maxLength={100} autoComplete="off" onChange={(_, { value }) => setText(value)} />
        </Field>
        <Button type="submit">Find</Button>
        <Export filter={filter} />
      </form>
      {isPending && <Loading what="people" rows={8} />}
      {error && <Failed error={error} what="people" retry={() => void refetch()} />}
      {data?.total === 0 && (
        <Empty title="Nobody">
          No policy looks at anybody like that today, and no alert of anybody like that waits or was confirmed.
        </Empty>
      )}
      {data && data.total > 0 && (
        <>
          <InScopeTable people={data.people} />
          <Pager
            page={page}
            limit={ROWS_A_PAGE}
            total={data.total}
            what="people"
            onPage={(at) => change('page', at > 1 ? String(at) : '', true)}
          />
        </>
      )}
    </>
  );
}

function Filters({ filter, onChange }: { filter: InScopeFilter; onChange: (name: string, value: string) => void }) {
  const policies = usePolicies(useMay('policies.read'));
  return (
    <>
      <Field label="Severity">
        <Select value={filter.severity} onChange={(_, { value }) => onChange('severity', value)}>
          <option value="">Any</option>
          <option value="high">High</option>
          <option value="medium">Medium</option>
          <option value="low">Low</option>
          <option value="none">No alert</option>
        </Select>
      </Field>
      <Field label="Policy">
        <Select value={filter.policy} onChange={(_, { value }) => onChange('policy', value)}>
          <option value="">Any</option>
          {policies.data?.policies.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="First">
        <Select value={filter.sort} onChange={(_, { value }) => onChange('sort', value === 'severity' ? '' : value)}>
          <option value="severity">Highest severity</option>
          <option value="open_alerts">Most open alerts</option>
        </Select>
      </Field>
      <Checkbox
        label="Scored by hand"
        checked={filter.byHand}
        onChange={(_, { checked }) => onChange('by_hand', checked === true ? 'true' : '')}
      />
    </>
  );
}

function Export({ filter }: { filter: InScopeFilter }) {
  const mayExport = useMay('activities.export');
  if (!mayExport) return null;
  return (
    <ExportFile
      act="Save as CSV"
      file={{
        path: '/people/in-scope.csv',
        parameters: {
          severity: filter.severity,
          policy: filter.policy,
          by_hand: filter.byHand ? 'true' : '',
          text: filter.text,
          sort: filter.sort,
        },
        name: 'people-in-scope.csv',
      }}
      failed="It could not be saved"
    />
  );
}

function InScopeTable({ people }: { people: readonly Schemas['PersonInScope'][] }) {
  const maySeeCases = useMay('cases.view');
  const columns = maySeeCases ? 7 : 6;
  return (
    <TableFrame label="People in scope">
      <table className={table.table} aria-label="People in scope">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Severity</th>
            <th scope="col" className={table.number}>
              Open alerts
            </th>
            <th scope="col" className={`${table.number} ${styles.wide}`}>
              Confirmed
            </th>
            {maySeeCases && (
              <th scope="col" className={`${table.number} ${styles.wide}`}>
                Open cases
              </th>
            )}
            <th scope="col">In scope of</th>
            <th scope="col">Scored by hand</th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <InScopeRow key={one.id} one={one} maySeeCases={maySeeCases} columns={columns} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function InScopeRow({
  one,
  maySeeCases,
  columns,
}: {
  one: Schemas['PersonInScope'];
  maySeeCases: boolean;
  columns: number;
}) {
  const [open, setOpen] = useState(false);
  const part = useId();
  return (
    <Fragment>
      <tr>
        <th scope="row">
          <Link to={`/people/${one.id}`}>
            <PersonName person={one.person} />
          </Link>
        </th>
        <td>{one.severity === 'none' ? 'No alert' : <SeverityBadge severity={one.severity} />}</td>
        <td className={table.number}>{one.open_alerts.toLocaleString()}</td>
        <td className={`${table.number} ${styles.wide}`}>{one.confirmed.toLocaleString()}</td>
        {maySeeCases && <td className={`${table.number} ${styles.wide}`}>{one.open_cases?.toLocaleString() ?? ''}</td>}
        <td>
          {one.scopes.length === 0 && 'None today'}
          {scopesInWords(one.scopes).map(({ key, name, words }) => (
            <span key={key} className={styles.scope}>
              <RecordText text={name} />, {words}
            </span>
          ))}
        </td>
        <td>
          {one.by_hand_until !== null && <span className={styles.scope}>until {localDay(one.by_hand_until)}</span>}
          <Button
            size="small"
            aria-expanded={open}
            aria-controls={part}
            aria-label={`Scoring by hand of ${one.person.pseudonym}`}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Close' : 'Start or stop…'}
          </Button>
        </td>
      </tr>
      {open && (
        <tr id={part}>
          <td colSpan={columns}>
            <Scoring personId={one.id} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

// One line a policy: since the first of what brought the person in.
function scopesInWords(scopes: Schemas['PersonInScope']['scopes']) {
  const lines = new Map<string, { key: string; name: string; words: string }>();
  for (const one of scopes) {
    if (lines.has(one.policy.id)) continue;
    const since = scopes
      .filter(({ policy }) => policy.id === one.policy.id)
      .map((scope) => scope.since)
      .sort()[0];
    lines.set(one.policy.id, {
      key: one.policy.id,
      name: one.policy.name,
      words: `since ${localDay(since ?? one.since)}`,
    });
  }
  return [...lines.values()];
}
