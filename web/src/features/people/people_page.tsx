import { Button, Field, Input } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { PersonName } from '../alerts/person';
import { ResolveDialog, Resolved, useResolve } from '../exports/resolve_dialog';
import { useMay } from '../session/session';
import { InScope } from './in_scope';
import { ROWS_A_PAGE, usePeople, useSearch, useUnresolved } from './people_calls';
import styles from './people.module.css';
import { ReasonDialog } from './reason_dialog';
import { UnresolvedTable } from './unresolved_table';

type View = 'scope' | 'known' | 'unresolved';

export default function PeoplePage() {
  const [parameters, setParameters] = useSearchParams();
  const maySeeAlerts = useMay('alerts.read');
  const asked = parameters.get('view');
  const view: View = asked === 'unresolved' ? 'unresolved' : asked === 'known' || !maySeeAlerts ? 'known' : 'scope';
  const page = Math.max(1, Number.parseInt(parameters.get('page') ?? '1', 10) || 1);
  const search = useSearch();
  const [asking, setAsking] = useState(false);
  const [resolving, setResolving] = useState(false);
  const resolve = useResolve();
  const maySearch = useMay('people.lift');
  const show = (next: View, at = 1) => {
    search.reset();
    resolve.reset();
    setParameters({ ...(next === 'scope' ? {} : { view: next }), ...(at > 1 ? { page: String(at) } : {}) });
  };
  return (
    <Page
      title="People"
      lead="Whom policies look at and whom directories tell of, by pseudonym, and accounts that somebody has to decide about."
      actions={
        maySearch && (
          <>
            <Button onClick={() => setResolving(true)}>Pseudonym of an export</Button>
            <Button icon={<SearchRegular />} onClick={() => setAsking(true)}>
              Find by name
            </Button>
          </>
        )
      }
    >
      <div className={styles.views} role="group" aria-label="Views">
        {maySeeAlerts && (
          <Button
            appearance={view === 'scope' && !search.data ? 'primary' : 'secondary'}
            aria-pressed={view === 'scope' && !search.data}
            onClick={() => show('scope')}
          >
            In scope
          </Button>
        )}
        <Button
          appearance={view === 'known' && !search.data ? 'primary' : 'secondary'}
          aria-pressed={view === 'known' && !search.data}
          onClick={() => show('known')}
        >
          Everybody
        </Button>
        <Button
          appearance={view === 'unresolved' && !search.data ? 'primary' : 'secondary'}
          aria-pressed={view === 'unresolved' && !search.data}
          onClick={() => show('unresolved')}
        >
          To decide
        </Button>
      </div>
      {resolve.data && <Resolved found={resolve.data} />}
      {search.data ? (
        <Found found={search.data} />
      ) : view === 'scope' ? (
        <InScope />
      ) : view === 'known' ? (
        <Known page={page} onPage={(at) => show('known', at)} />
      ) : (
        <Unresolved page={page} onPage={(at) => show('unresolved', at)} />
      )}
      {resolving && <ResolveDialog resolve={resolve} onClose={() => setResolving(false)} />}
      {asking && <SearchDialog search={search} onClose={() => setAsking(false)} />}
    </Page>
  );
}

function SearchDialog({ search, onClose }: { search: ReturnType<typeof useSearch>; onClose: () => void }) {
  const [name, setName] = useState('');
  return (
    <ReasonDialog
      title="Find a person by name"
      act="Find"
      lead="The whole name, or an address, user name or object id. That you searched, and whom you found, is kept in the audit log."
      failed="The search failed"
      error={search.error}
      ready={name.trim() !== ''}
      isPending={search.isPending}
      onSubmit={(reason) => search.mutate({ name: name.trim(), reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label="Name or account" required>
        <Input value={name} maxLength={320} autoComplete="off" onChange={(_, data) => setName(data.value)} />
      </Field>
    </ReasonDialog>
  );
}

function Found({ found }: { found: Schemas['People'] }) {
  if (found.people.length === 0) {
    return <Empty title="Nobody has that name">Names are found as a whole only, never by a part.</Empty>;
  }
  return <PeopleTable people={found.people} label="People found" />;
}

function Known({ page, onPage }: { page: number; onPage: (page: number) => void }) {
  const { data, error, isPending, refetch } = usePeople(page, true);
  if (isPending) return <Loading what="people" rows={12} />;
  if (error) return <Failed error={error} what="people" retry={() => void refetch()} />;
  if (data.total === 0) {
    return (
      <Empty title="No directory was imported yet">
        Until then every account is a person of its own. Import one with candor people import.
      </Empty>
    );
  }
  return (
    <>
      <PeopleTable people={data.people} label="People" />
      <Pager page={page} limit={ROWS_A_PAGE} total={data.total} what="people" onPage={onPage} />
    </>
  );
}

function Unresolved({ page, onPage }: { page: number; onPage: (page: number) => void }) {
  const { data, error, isPending, refetch } = useUnresolved(page, true);
  return (
    <section aria-labelledby="unresolved">
      <h2 id="unresolved">Accounts that nobody owns</h2>
      {isPending && <Loading what="accounts" rows={6} />}
      {error && <Failed error={error} what="accounts" retry={() => void refetch()} />}
      {data?.total === 0 && (
        <Empty title="Nothing to decide">
          Every account of your own domains that acted is somebody&apos;s, or no directory was imported yet.
        </Empty>
      )}
      {data && data.total > 0 && (
        <>
          <UnresolvedTable accounts={data.accounts} />
          <Pager page={page} limit={ROWS_A_PAGE} total={data.total} what="accounts" onPage={onPage} />
        </>
      )}
    </section>
  );
}

function PeopleTable({ people, label }: { people: readonly Schemas['PersonRow'][]; label: string }) {
  return (
    <TableFrame label={label}>
      <table className={table.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Type</th>
            <th scope="col">Department</th>
            <th scope="col" className={styles.wide}>
              Country
            </th>
            <th scope="col" className={styles.wide}>
              State
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <Link to={`/people/${one.id}`}>
                  <PersonName person={one.person} />
                </Link>
              </th>
              <td>{one.employee_type}</td>
              <td>
                <RecordText text={one.department} />
              </td>
              <td className={styles.wide}>
                <RecordText text={one.country} />
              </td>
              <td className={styles.wide}>{one.has_left ? 'Has left' : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
