import { Button, Field, Textarea } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { shownPoints } from '../../shared/points/points';
import { SeverityBadge } from '../../shared/severity/severity';
import { ActFailed } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { useComment, type Alert } from './alert_calls';
import styles from './history_tab.module.css';

type Line = Alert['history'][number];
type Comment = Alert['comments'][number];
type Entry = { at: string; line: Line } | { at: string; comment: Comment };

export function HistoryTab({ alert }: { alert: Alert }) {
  const mayComment = useMay('alerts.comment');
  return (
    <section aria-label="History and comments" className={styles.history}>
      {mayComment && <CommentForm alertId={alert.id} />}
      <ol className={styles.lines} aria-label="History, newest first">
        {entriesNewestFirst(alert).map((entry) => (
          <li key={'comment' in entry ? entry.comment.id : `${entry.at} ${entry.line.kind} ${entry.line.text}`}>
            {'comment' in entry ? <CommentEntry comment={entry.comment} /> : <LineEntry line={entry.line} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

// History and comments as one story. Both come oldest first; at the same instant the comment is the later one.
export function entriesNewestFirst(alert: Pick<Alert, 'history' | 'comments'>): Entry[] {
  const entries: Entry[] = [
    ...alert.history.map((line) => ({ at: line.at, line })),
    ...alert.comments.map((comment) => ({ at: comment.at, comment })),
  ];
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).reverse();
}

function LineEntry({ line }: { line: Line }) {
  return (
    <article className={styles.entry} data-kind={line.kind}>
      <p className={styles.head}>
        <Timestamp at={line.at} seconds /> · {line.viewer ?? 'Candor'} · {line.kind.replaceAll('_', ' ')}
      </p>
      <p className={styles.text}>
        <RecordText text={line.text} />
      </p>
      {line.score !== null && (
        <p className={styles.score}>
          Score {shownPoints(line.score)}
          {line.severity !== null && <SeverityBadge severity={line.severity} />}
        </p>
      )}
    </article>
  );
}

function CommentEntry({ comment }: { comment: Comment }) {
  return (
    <article className={styles.entry} data-kind="comment">
      <p className={styles.head}>
        <Timestamp at={comment.at} seconds /> · {comment.viewer} · comment
      </p>
      <p className={styles.comment}>
        {comment.text.split('\n').map((line, index) => (
          <span key={index} className={styles.paragraph}>
            <RecordText text={line.replace(/\r$/, '')} />
          </span>
        ))}
      </p>
    </article>
  );
}

function CommentForm({ alertId }: { alertId: string }) {
  const comment = useComment(alertId);
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    comment.mutate({ text: text.trim() }, { onSuccess: () => setText('') });
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field
        label="Comment"
        hint="Everybody who may see this alert reads it. It cannot be edited or removed. Leave names out."
      >
        <Textarea
          value={text}
          maxLength={4000}
          rows={3}
          resize="vertical"
          onChange={(_, data) => setText(data.value)}
        />
      </Field>
      {comment.error && <ActFailed title="The comment was not added" error={comment.error} />}
      <div>
        <Button type="submit" appearance="primary" disabled={text.trim() === '' || comment.isPending}>
          Add comment
        </Button>
      </div>
    </form>
  );
}
