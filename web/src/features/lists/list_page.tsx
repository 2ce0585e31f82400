import { Button, SearchBox } from '@fluentui/react-components';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { download } from '../../shared/api/download';
import { Page } from '../../shared/page/page';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { ChangeDialog } from './change_dialog';
import { EntryDialog } from './entry_form';
import { ENTRIES_A_PAGE, useList, type ListEntry, type ListPage } from './list_calls';
import { ListHistory } from './list_history';
import styles from './lists.module.css';
import { PasteDialog } from './paste_dialog';
import { TakeUp } from './take_up';
import { fieldTitle, LIST_ABOUT } from './words';

// One list: what it says and who says it, changed here or by file.
export default function ListPageOf() {
  const { list = '' } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.get('search') ?? '';
  const page = Math.max(1, Number(parameters.get('page') ?? '1') || 1);
  const { data, error, isPending, refetch } = useList(list, search, page);
  const go = (next: { search?: string; page?: number }) => {
    const asked = { search, page: 1, ...next };
    const changed = new URLSearchParams();
    if (asked.search) changed.set('search', asked.search);
    if (asked.page > 1) changed.set('page', String(asked.page));
    setParameters(changed, { replace: true });
  };
  return (
    <Page title={data?.list.title ?? 'A list'} lead={LIST_ABOUT[list] ?? ''}>
      <p className={styles.about}>
        <Link to="/settings#settings-domains">Settings</Link>
      </p>
      {isPending && <Loading what="the list" rows={10} />}
      {error && <Failed error={error} what="the list" retry={() => void refetch()} />}
      {data && !error && <Whole page={page} search={search} data={data} go={go} />}
    </Page>
  );
}

type WholeProps = {
  data: ListPage;
  page: number;
  search: string;
  go: (next: { search?: string; page?: number }) => void;
};
type Opened = { kind: 'entry'; name: string | null } | { kind: 'paste' } | { kind: 'remove'; name: string };

function Whole({ data, page, search, go }: WholeProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const mayWrite = useMay('settings.write');
  const { list } = data;
  const close = () => setOpened(null);
  return (
    <>
      <TakeUp pending={data.pending} here={data.takes_up} />
      <p className={styles.about}>
        The file {list.file} says what holds until somebody changes it here: a change is laid over the file, entry by
        entry, and stays when the file is rolled out again. Undo it, or take the entry out, to go back.
        {data.second_person && list.second_person && ' Each change needs a second person.'}
      </p>
      <div className={styles.bar}>
        <SearchBox
          aria-label="Search the entries"
          placeholder="Search"
          value={search}
          maxLength={100}
          onChange={(_, given) => go({ search: given.value })}
        />
        {mayWrite && (
          <>
            <Button appearance="primary" onClick={() => setOpened({ kind: 'entry', name: null })}>
              Add an entry…
            </Button>
            <Button onClick={() => setOpened({ kind: 'paste' })}>Paste or upload…</Button>
          </>
        )}
        <Button
          onClick={() => {
            setFailed(null);
            void download(`/lists/${encodeURIComponent(list.name)}/file`, {}, `candor-${list.name}.yml`).catch(
              setFailed,
            );
          }}
        >
          Download as a file
        </Button>
      </div>
      {failed && <ActFailed title="The file was not fetched" error={failed} />}
      <Entries data={data} search={search} mayWrite={mayWrite} onOpen={setOpened} />
      {data.found > ENTRIES_A_PAGE && (
        <Pager
          page={page}
          limit={ENTRIES_A_PAGE}
          total={data.found}
          what="entries"
          onPage={(next) => go({ page: next })}
        />
      )}
      <ListHistory list={list.name} changes={data.changes} />
      {opened?.kind === 'entry' && (
        <EntryDialog list={list} secondPerson={data.second_person} name={opened.name} onClose={close} />
      )}
      {opened?.kind === 'paste' && <PasteDialog list={list} secondPerson={data.second_person} onClose={close} />}
      {opened?.kind === 'remove' && (
        <ChangeDialog
          list={list}
          title={`Take an entry out: ${list.title}`}
          wish={{ text: '', remove: opened.name, format: 'yaml', mode: 'add' }}
          secondPerson={data.second_person}
          onClose={close}
        >
          <p className={styles.about}>
            <RecordText text={opened.name} /> is taken out, as if it had never been said. What was true until a day is
            ended by its last day instead.
          </p>
        </ChangeDialog>
      )}
    </>
  );
}

type EntriesProps = { data: ListPage; search: string; mayWrite: boolean; onOpen: (opened: Opened) => void };

function Entries({ data, search, mayWrite, onOpen }: EntriesProps) {
  if (data.entries.length === 0)
    return search ? (
      <Empty title="No entry has this in it" />
    ) : (
      <Empty title="The list is empty">Neither the file nor a change says anything.</Empty>
    );
  return (
    <TableFrame label="Entries">
      <table className={table.table} aria-label="Entries">
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">What it says</th>
            <th scope="col">Said by</th>
            {mayWrite && <th scope="col">Acts</th>}
          </tr>
        </thead>
        <tbody>
          {data.entries.map((entry) => (
            <tr key={entry.name}>
              <th scope="row">
                <RecordText text={entry.name} />
              </th>
              <td>
                <Said entry={entry} />
              </td>
              <td>
                <RecordText text={entry.said_in} />
                {entry.since && (
                  <span className={styles.words}>
                    since <Timestamp at={entry.since} />
                  </span>
                )}
              </td>
              {mayWrite && (
                <td>
                  <span className={styles.acts}>
                    <Button
                      size="small"
                      aria-label={`Change ${entry.name}`}
                      onClick={() => onOpen({ kind: 'entry', name: entry.name })}
                    >
                      Change…
                    </Button>
                    <Button
                      size="small"
                      aria-label={`Take ${entry.name} out`}
                      onClick={() => onOpen({ kind: 'remove', name: entry.name })}
                    >
                      Take out…
                    </Button>
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Said({ entry }: { entry: ListEntry }) {
  return (
    <>
      {entry.fields
        .filter(({ name }) => name !== 'name')
        .map(({ name, texts, count }) => (
          <span key={name} className={styles.field}>
            {fieldTitle(name)}: <RecordText text={texts.join(', ')} />
            {count > texts.length && ` and ${(count - texts.length).toLocaleString()} more`}
          </span>
        ))}
    </>
  );
}
