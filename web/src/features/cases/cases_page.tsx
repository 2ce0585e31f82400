import { Select } from '@fluentui/react-components';
import { Link, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { useMay, useViewer } from '../session/session';
import { ROWS_A_PAGE, useCases, useCaseViewers, type CaseListQuery, type CaseRow } from './case_calls';
import styles from './cases.module.css';
import { STATE_WORD } from './words';

export type CasesFilter = { state: 'open' | 'closed' | 'all'; whose: string; page: number };

// What the list shows, as the address has it. Whatever is not understood is left out.
export function casesFilterOf(parameters: URLSearchParams): CasesFilter {
  const asked = parameters.get('state');
  const page = Number(parameters.get('page') ?? '1');
  return {
    state: asked === 'closed' || asked === 'all' ? asked : 'open',
    whose: (parameters.get('whose') ?? '').slice(0, 70),
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  };
}

// `whose`: "" everybody's, "mine" those the viewer works on, "owner:NAME".
export function casesQueryOf({ state, whose }: CasesFilter, user: string): CaseListQuery {
  return {
    ...(state === 'all' ? {} : { state }),
    ...(whose === 'mine' ? { member: user } : {}),
    ...(whose.startsWith('owner:') && whose.length > 6 ? { owner: whose.slice(6) } : {}),
  };
}

export default function CasesPage() {
  const [parameters, setParameters] = useSearchParams();
  const { user } = useViewer();
  const filter = casesFilterOf(parameters);
  const { data, error, isPending, refetch } = useCases(casesQueryOf(filter, user), filter.page);
  const show = (name: string, value: string) => {
    const next = new URLSearchParams(parameters);
    next.delete('page');
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next);
  };
  const isFiltered = filter.state !== 'open' || filter.whose !== '';
  return (
    <Page title="Cases" lead="What became of alerts: one person a case, with notes, tasks, evidence and how it ended.">
      <div className={styles.filters} role="group" aria-label="Filter">
        <Select
          aria-label="State"
          value={filter.state}
          onChange={(_, { value }) => show('state', value === 'open' ? '' : value)}
        >
          <option value="open">Open</option>
          <option value="closed">Closed</option>
          <option value="all">Open and closed</option>
        </Select>
        <Whose value={filter.whose} onChange={(value) => show('whose', value)} />
      </div>
      {isPending && <Loading what="cases" rows={6} />}
      {error && <Failed error={error} what="cases" retry={() => void refetch()} />}
      {data?.total === 0 && !error && (
        <Empty title={isFiltered ? 'No case fits' : 'No case is open'}>
          {isFiltered ? 'Choose another state or owner.' : 'A case begins at an alert, with Open a case.'}
        </Empty>
      )}
      {data && data.total > 0 && !error && (
        <>
          <CasesTable cases={data.cases} />
          <Pager
            page={filter.page}
            limit={ROWS_A_PAGE}
            total={data.total}
            what="cases"
            onPage={(page) => {
              const next = new URLSearchParams(parameters);
              next.set('page', String(page));
              setParameters(next);
            }}
          />
        </>
      )}
    </Page>
  );
}

function Whose({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const mayWork = useMay('cases.work');
  const viewers = useCaseViewers(mayWork).data?.viewers.filter((one) => one.may_own) ?? [];
  const names = viewers.map((one) => one.user);
  // An address may name an owner who is not in the list any more.
  const asked = value.startsWith('owner:') ? value.slice(6) : '';
  if (asked && !names.includes(asked)) names.push(asked);
  return (
    <Select aria-label="Whose" value={value} onChange={(_, data) => onChange(data.value)}>
      <option value="">Everybody&apos;s</option>
      <option value="mine">I work on</option>
      {names.map((name) => (
        <option key={name} value={`owner:${name}`}>
          Owned by {name}
        </option>
      ))}
    </Select>
  );
}

function CasesTable({ cases }: { cases: readonly CaseRow[] }) {
  return (
    <TableFrame label="Cases">
      <table className={table.table} aria-label="Cases">
        <thead>
          <tr>
            <th scope="col" className={table.number}>
              Case
            </th>
            <th scope="col">Title</th>
            <th scope="col">Person</th>
            <th scope="col">State</th>
            <th scope="col">Owner</th>
            <th scope="col" className={styles.wide}>
              Opened
            </th>
            <th scope="col" className={styles.wide}>
              Last changed
            </th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <tr key={one.id}>
              <td className={table.number}>{one.number}</td>
              <th scope="row">
                <Link to={`/cases/${one.id}`}>
                  <RecordText text={one.title} />
                </Link>
              </th>
              <td>
                <PersonName person={one.person} />
              </td>
              <td>
                {one.erased_on === null ? STATE_WORD[one.state] : 'Erased'}
                {one.links > 0 && <span className={styles.linked}>Linked</span>}
              </td>
              <td>{one.owner}</td>
              <td className={styles.wide}>
                <Timestamp at={one.opened_at} />
              </td>
              <td className={styles.wide}>
                <Timestamp at={one.updated_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
