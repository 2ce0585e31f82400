import { Button, Field, Textarea } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import lines from '../alerts/history_tab.module.css';
import { useMay } from '../session/session';
import { ROWS_A_PAGE, useAddNote, useCaseNotes, type Case, type CaseNote } from './case_calls';
import styles from './cases.module.css';
import { MembersOnly } from './members_only';

const LONGEST_NOTE = 10_000;

export function CaseNotesTab({ one }: { one: Case }) {
  if (!one.is_member) return <MembersOnly one={one} what="notes" />;
  return <Notes one={one} />;
}

function Notes({ one }: { one: Case }) {
  const mayWork = useMay('cases.work');
  // The newest are on the last page: that one opens first.
  const last = Math.max(1, Math.ceil(one.counts.notes / ROWS_A_PAGE));
  const [chosen, setChosen] = useState<number | null>(null);
  const page = chosen ?? last;
  const { data, error, isPending, refetch } = useCaseNotes(one.id, page);
  return (
    <>
      {mayWork && one.state === 'open' && <NoteForm one={one} onAdded={() => setChosen(null)} />}
      {one.state === 'closed' && <p className={styles.words}>The case is closed: it takes no notes.</p>}
      {isPending && <Loading what="notes" rows={4} />}
      {error && <Failed error={error} what="the notes" retry={() => void refetch()} />}
      {data?.total === 0 && !error && <Empty title="No note yet">What is found out goes here.</Empty>}
      {data && data.total > 0 && !error && (
        <>
          <ol className={`${lines.lines} ${styles.column}`} aria-label="Notes">
            {data.notes.map((note) => (
              <Note key={note.number} note={note} />
            ))}
          </ol>
          {data.total > ROWS_A_PAGE && (
            <Pager page={page} limit={ROWS_A_PAGE} total={data.total} what="notes" onPage={setChosen} />
          )}
        </>
      )}
    </>
  );
}

function Note({ note }: { note: CaseNote }) {
  return (
    <li>
      <article className={lines.entry} data-kind="comment">
        <p className={lines.head}>
          {note.number} · <Timestamp at={note.at} seconds /> · {note.viewer}
        </p>
        <p className={lines.comment} data-testid="note">
          {note.text.split('\n').map((line, index) => (
            <span key={index} className={styles.paragraph}>
              <RecordText text={line.replace(/\r$/, '')} />
            </span>
          ))}
        </p>
      </article>
    </li>
  );
}

function NoteForm({ one, onAdded }: { one: Case; onAdded: () => void }) {
  const add = useAddNote(one.id);
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(text.trim(), {
      onSuccess: () => {
        setText('');
        onAdded();
      },
    });
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field label="Note" hint="The owner and contributors read it. It cannot be edited or removed. Leave names out.">
        <Textarea
          value={text}
          maxLength={LONGEST_NOTE}
          rows={3}
          resize="vertical"
          onChange={(_, data) => setText(data.value)}
        />
      </Field>
      {add.error && <ActFailed title="The note was not added" error={add.error} />}
      <div>
        <Button type="submit" appearance="primary" disabled={text.trim() === '' || add.isPending}>
          Add note
        </Button>
      </div>
    </form>
  );
}
