import { Button, Field, Input } from '@fluentui/react-components';
import { ArrowDownloadRegular, DismissRegular, ShieldCheckmarkRegular } from '@fluentui/react-icons';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { answerOf, api, type Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { ExportFile } from '../exports/export_file';
import { addressOfAudit, auditFilterOf, auditQueryOf, type AuditFilter } from './audit_filter';
import styles from './audit.module.css';
import { detailInWords } from './detail';
import { VerificationNote } from './verification_note';

const LINES_A_PAGE = 50;

function useAudit(filter: AuditFilter) {
  const query = { ...auditQueryOf(filter), page: filter.page, limit: LINES_A_PAGE };
  return useQuery({
    queryKey: ['audit', query],
    queryFn: () => answerOf(api.GET('/audit', { params: { query } })),
    placeholderData: keepPreviousData,
    // Every look writes a line, so what is shown is old at once.
    staleTime: 0,
  });
}

export default function AuditPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = auditFilterOf(parameters);
  const audit = useAudit(filter);
  const verify = useMutation({ mutationFn: () => answerOf(api.GET('/audit/verification')) });
  const show = (next: AuditFilter) => setParameters(addressOfAudit(next));

  return (
    <Page
      title="Audit log"
      lead="Who looked at and did what. Lines are chained: none can be changed or taken out without it showing."
      actions={
        <>
          <Button icon={<ShieldCheckmarkRegular />} disabled={verify.isPending} onClick={() => verify.mutate()}>
            {verify.isPending ? 'Checking…' : 'Check the chain'}
          </Button>
          <ExportFile
            act="Export CSV"
            icon={<ArrowDownloadRegular />}
            file={{ path: '/audit.csv', parameters: auditQueryOf(filter), name: 'audit.csv' }}
          />
        </>
      }
    >
      {verify.data && <VerificationNote verification={verify.data} />}
      {verify.error && <ActFailed title="The chain could not be checked" error={verify.error} />}
      <AuditToolbar key={addressOfAudit(filter).toString()} filter={filter} onShow={show} />
      {audit.isPending && <Loading what="the audit log" rows={12} />}
      {audit.error && <Failed error={audit.error} what="the audit log" retry={() => void audit.refetch()} />}
      {audit.data && !audit.error && audit.data.lines.length === 0 && (
        <Empty
          title="No line matches"
          action={<Button onClick={() => show(auditFilterOf(new URLSearchParams()))}>Show all</Button>}
        />
      )}
      {audit.data && !audit.error && audit.data.lines.length > 0 && (
        <div aria-busy={audit.isPlaceholderData}>
          <Lines lines={audit.data.lines} />
          <Pager
            page={filter.page}
            limit={LINES_A_PAGE}
            total={audit.data.total}
            what="lines"
            onPage={(page) => show({ ...filter, page })}
          />
        </div>
      )}
    </Page>
  );
}

function AuditToolbar({ filter, onShow }: { filter: AuditFilter; onShow: (filter: AuditFilter) => void }) {
  const [draft, setDraft] = useState(filter);
  const set = (part: Partial<AuditFilter>) => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onShow(auditFilterOf(addressOfAudit({ ...draft, page: 1 })));
  };
  const isBare = addressOfAudit({ ...filter, page: 1 }).size === 0;
  return (
    <form className={styles.toolbar} onSubmit={submit} aria-label="Filter of the audit log">
      <Field label="From" size="small">
        <Input size="small" type="date" value={draft.from} onChange={(_, data) => set({ from: data.value })} />
      </Field>
      <Field label="To" size="small">
        <Input size="small" type="date" value={draft.to} onChange={(_, data) => set({ to: data.value })} />
      </Field>
      <Field label="Action" size="small">
        <Input
          size="small"
          placeholder="person.lifted"
          value={draft.action}
          onChange={(_, data) => set({ action: data.value })}
        />
      </Field>
      <Field label="Who" size="small">
        <Input
          size="small"
          placeholder="User name"
          value={draft.viewer}
          onChange={(_, data) => set({ viewer: data.value })}
        />
      </Field>
      <Field label="Alert" size="small">
        <Input
          size="small"
          placeholder="Alert id"
          value={draft.alert}
          onChange={(_, data) => set({ alert: data.value })}
        />
      </Field>
      <Button size="small" type="submit" appearance="primary">
        Show
      </Button>
      {!isBare && (
        <Button
          size="small"
          appearance="subtle"
          icon={<DismissRegular />}
          onClick={() => onShow(auditFilterOf(new URLSearchParams()))}
        >
          Clear
        </Button>
      )}
    </form>
  );
}

function Lines({ lines }: { lines: readonly Schemas['AuditLine'][] }) {
  return (
    <TableFrame label="Audit log">
      <table className={table.table} aria-label="Audit log">
        <thead>
          <tr>
            <th scope="col" className={`${table.number} ${styles.number}`}>
              No.
            </th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Action</th>
            <th scope="col">About</th>
            <th scope="col" className={styles.wide}>
              Detail
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.number}>
              <td className={`${table.number} ${table.quiet} ${styles.number}`}>{line.number}</td>
              <td className={table.nowrap}>
                <Timestamp at={line.at} seconds />
              </td>
              <td>{line.viewer ?? <span className={table.quiet}>Candor</span>}</td>
              <th scope="row" className={styles.action}>
                {line.action}
              </th>
              <td className={styles.about}>
                {line.pseudonym !== null && <span className={styles.pseudonym}>{line.pseudonym}</span>}
                {line.alert !== null && (
                  <Link to={`/alerts/${line.alert}`} className={styles.alert}>
                    {line.pseudonym === null ? line.alert : 'alert'}
                  </Link>
                )}
              </td>
              <td className={styles.wide}>
                <RecordText text={detailInWords(line.detail)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
