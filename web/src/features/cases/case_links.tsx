import { Button, Field, Select } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ReasonDialog } from '../people/reason_dialog';
import { useMay, useViewer } from '../session/session';
import { useCaseLinks, useCases, useLinkCase, useUnlinkCase, type Case, type CaseLink } from './case_calls';
import styles from './cases.module.css';
import { LINK_WORD, linkInWords, STATE_WORD } from './words';

const KINDS = Object.keys(LINK_WORD) as Schemas['CaseLinkKind'][];

// The cases this one is linked to; of those the viewer may not read inside, that they are there.
export function CaseLinks({ one }: { one: Case }) {
  const mayWork = useMay('cases.work') && one.is_member;
  const [open, setOpen] = useState(false);
  const { data, error, isPending, refetch } = useCaseLinks(one.id);
  if (isPending) return <Loading what="linked cases" rows={2} />;
  if (error) return <Failed error={error} what="linked cases" retry={() => void refetch()} />;
  return (
    <>
      {data.links.length > 0 && <LinksTable one={one} links={data.links} mayWork={mayWork} />}
      {data.hidden > 0 && <p className={styles.words}>{hiddenInWords(data.hidden, data.links.length > 0)}</p>}
      {data.links.length === 0 && data.hidden === 0 && <p className={styles.words}>To no other case.</p>}
      {mayWork && one.state === 'open' && (
        <div>
          <Button onClick={() => setOpen(true)}>Link to a case…</Button>
        </div>
      )}
      {open && <LinkDialog one={one} onClose={() => setOpen(false)} />}
    </>
  );
}

function hiddenInWords(hidden: number, more: boolean): string {
  const cases = hidden === 1 ? 'one' : hidden.toLocaleString();
  return `To ${cases}${more ? ' more' : ''} that you do not work on.`;
}

function LinksTable({ one, links, mayWork }: { one: Case; links: readonly CaseLink[]; mayWork: boolean }) {
  const [apart, setApart] = useState<CaseLink | null>(null);
  return (
    <>
      <TableFrame label="Linked cases">
        <table className={table.table} aria-label="Linked cases">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Case</th>
              <th scope="col">Person</th>
              <th scope="col">State</th>
              <th scope="col">Why</th>
              <th scope="col" className={styles.wide}>
                Linked
              </th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {links.map((link) => (
              <tr key={link.id}>
                <td>{linkInWords(link)}</td>
                <th scope="row">
                  <Link to={`/cases/${link.other.id}`}>Case {link.other.number}</Link>
                </th>
                <td>
                  <PersonName person={link.other.person} />
                </td>
                <td>{STATE_WORD[link.other.state]}</td>
                <td>
                  <RecordText text={link.reason} />
                </td>
                <td className={styles.wide}>
                  {link.linked_by}, <Timestamp at={link.linked_at} />
                </td>
                <td>
                  {link.unlinked_by !== null && link.unlinked_at !== null ? (
                    <>
                      Taken apart by {link.unlinked_by}, <Timestamp at={link.unlinked_at} />:{' '}
                      <RecordText text={link.unlinked_reason ?? ''} />
                    </>
                  ) : (
                    <Holds mayTakeApart={mayWork && (one.state === 'open' || link.other.state === 'open')}>
                      <Button
                        size="small"
                        appearance="subtle"
                        aria-label={`Take apart from case ${link.other.number}`}
                        onClick={() => setApart(link)}
                      >
                        Take apart…
                      </Button>
                    </Holds>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {apart && <UnlinkDialog one={one} link={apart} onClose={() => setApart(null)} />}
    </>
  );
}

function Holds({ mayTakeApart, children }: { mayTakeApart: boolean; children: ReactNode }) {
  return <>Holds {mayTakeApart && children}</>;
}

function LinkDialog({ one, onClose }: { one: Case; onClose: () => void }) {
  const { user } = useViewer();
  const managesAll = useMay('cases.manage');
  const { mutate, error, isPending } = useLinkCase(one.id);
  const [kind, setKind] = useState<Schemas['CaseLinkKind']>('same_incident');
  const [other, setOther] = useState('');
  const cases = useCases(managesAll ? {} : { member: user }, 1);
  const others = cases.data?.cases.filter((row) => row.id !== one.id && row.erased_on === null) ?? [];
  return (
    <ReasonDialog
      title="Link to a case"
      act="Link"
      lead="Who works on both reads the link, with its reason. Everybody else only sees that there is one."
      failed="The cases were not linked"
      error={error}
      ready={other !== ''}
      isPending={isPending}
      onSubmit={(reason) => mutate({ case_id: other, kind, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label="What they have to do with each other" required>
        <Select value={kind} onChange={(_, { value }) => setKind(value as Schemas['CaseLinkKind'])}>
          {KINDS.map((word) => (
            <option key={word} value={word}>
              {LINK_WORD[word]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Case" required hint="Cases you work on, the last changed first.">
        <Select value={other} onChange={(_, { value }) => setOther(value)}>
          <option value="">Choose…</option>
          {others.map((row) => (
            <option key={row.id} value={row.id}>
              {`${row.number}: ${row.title} (${row.person.pseudonym})`}
            </option>
          ))}
        </Select>
      </Field>
      {cases.error && <ActFailed title="Cases could not be read" error={cases.error} />}
    </ReasonDialog>
  );
}

function UnlinkDialog({ one, link, onClose }: { one: Case; link: CaseLink; onClose: () => void }) {
  const { mutate, error, isPending } = useUnlinkCase(one.id);
  return (
    <ReasonDialog
      title={`Take apart from case ${link.other.number}`}
      act="Take apart"
      lead="That they were linked, and why, stays on record in both cases."
      failed="The cases are still linked"
      error={error}
      isPending={isPending}
      onSubmit={(reason) => mutate({ linkId: link.id, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
