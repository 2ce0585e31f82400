import { Button, Field, Input } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { AskForMore } from '../requests/ask_for_more';
import { useMay } from '../session/session';
import { useLiftPerson, usePerson } from './people_calls';
import styles from './people.module.css';
import { ReasonDialog } from './reason_dialog';
import { Scoring } from './scoring';

type Detail = Schemas['PersonDetail'];

export default function PersonPage() {
  const { personId = '' } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const at = parameters.get('at') ?? '';
  const { data, error, isPending, refetch } = usePerson(personId, at);
  const mayLift = useMay('people.lift');
  const [lifting, setLifting] = useState(false);
  return (
    <Page
      title={data?.person.pseudonym ?? 'Person'}
      lead="What directories and human resources tell, with the days on which it holds."
      actions={
        data && (
          <>
            {mayLift && data.person.name === null && <Button onClick={() => setLifting(true)}>Show name</Button>}
            <AskForMore asking={{ personId: data.id }} />
          </>
        )
      }
    >
      {isPending && <Loading what="the person" rows={8} />}
      {error && <Failed error={error} what="the person" retry={() => void refetch()} />}
      {data && !error && (
        <>
          {data.person.name !== null && <PersonName person={data.person} />}
          <Field label="On the day" size="small">
            <Input
              size="small"
              type="date"
              value={data.at}
              onChange={(_, day) => day.value !== '' && setParameters({ at: day.value })}
            />
          </Field>
          <Attributes detail={data} />
          <Scoring personId={data.id} />
          <Facts detail={data} />
          <Accounts detail={data} />
        </>
      )}
      {lifting && data && <LiftPersonDialog personId={data.id} onClose={() => setLifting(false)} />}
    </Page>
  );
}

function LiftPersonDialog({ personId, onClose }: { personId: string; onClose: () => void }) {
  const lift = useLiftPerson(personId);
  return (
    <ReasonDialog
      title="Show this person's name"
      act="Show name"
      lead="Only you see the name, and only for a while: it ends by itself. That you did it, when, and your reason are kept in the audit log."
      failed="The name stays hidden"
      error={lift.error}
      isPending={lift.isPending}
      onSubmit={(reason) => lift.mutate({ reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function Attributes({ detail }: { detail: Detail }) {
  return (
    <section aria-labelledby="directory">
      <h2 id="directory">{detail.has_left ? 'In the directory, before leaving' : 'In the directory'}</h2>
      {detail.attributes.length === 0 && <p>No directory tells of this person on that day.</p>}
      <dl className={styles.list}>
        {detail.attributes.map((one) => (
          <Attribute key={one.name} name={one.name} value={one.value} />
        ))}
        {detail.manager && (
          <>
            <dt>manager</dt>
            <dd>
              <PersonName person={detail.manager} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Attribute({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name.replaceAll('_', ' ')}</dt>
      <dd>
        {/* Groups and the like are several, a line each. */}
        {value.split('\n').map((line, index) => (
          <div key={index}>
            <RecordText text={line} />
          </div>
        ))}
      </dd>
    </>
  );
}

function Facts({ detail }: { detail: Detail }) {
  const rows = detail.facts.map((fact, index) => ({
    key: String(index),
    name: fact.kind.replaceAll('_', ' '),
    from: fact.valid_from,
    to: fact.valid_to,
    knownSince: fact.known_since,
    source: fact.source,
    holds: fact.holds,
  }));
  return <DatedTable id="facts" title="Facts" names="Kind" tellsKnownSince rows={rows} />;
}

function Accounts({ detail }: { detail: Detail }) {
  const rows = detail.accounts.map((one) => ({
    key: `${one.account} ${one.from ?? ''}`,
    name: (
      <>
        {one.use.replaceAll('_', ' ')} {one.name !== null && <RecordText text={one.name} />}
      </>
    ),
    from: one.from,
    to: one.to,
    source: one.source,
    holds: one.holds,
  }));
  return <DatedTable id="accounts" title="Accounts" names="Account" rows={rows} />;
}

type DatedRow = {
  key: string;
  name: ReactNode;
  from: string | null;
  to: string | null;
  knownSince?: string;
  source: string;
  holds: boolean;
};
type DatedTableProps = {
  id: string;
  title: string;
  names: string;
  tellsKnownSince?: boolean;
  rows: readonly DatedRow[];
};

// What is said, from when to when, and by whom; what does not hold on the day is quiet.
function DatedTable({ id, title, names, tellsKnownSince = false, rows }: DatedTableProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <TableFrame label={title}>
        <table className={table.table} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{names}</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              {tellsKnownSince && (
                <th scope="col" className={styles.wide}>
                  Known since
                </th>
              )}
              <th scope="col" className={styles.wide}>
                Source
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} className={row.holds ? undefined : styles.past}>
                <th scope="row">{row.name}</th>
                <td>{row.from ?? 'always'}</td>
                <td>{row.to ?? 'further notice'}</td>
                {tellsKnownSince && (
                  <td className={styles.wide}>{row.knownSince && <Timestamp at={row.knownSince} />}</td>
                )}
                <td className={styles.wide}>{row.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
