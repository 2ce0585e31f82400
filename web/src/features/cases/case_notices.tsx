import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import lines from '../alerts/history_tab.module.css';
import { useMay } from '../session/session';
import type { Case } from './case_calls';
import styles from './cases.module.css';
import { MembersOnly } from './members_only';
import { useCaseNotices, type CaseNotice } from './notice_calls';
import { NoticeDialog, NoticeText } from './notice_dialog';
import { ReminderState } from './notice_reminders';

const STATE: Record<Schemas['CaseNotice']['state'], string> = {
  waiting: 'Waits to be sent',
  sent: 'The mail server took it',
  failed: 'Not delivered',
  unknown: 'Too long ago to tell',
};

// What was written to the person, and what became of it.
export function CaseNoticesTab({ one }: { one: Case }) {
  if (!one.is_member) return <MembersOnly one={one} what="notices" />;
  return <Notices one={one} />;
}

function Notices({ one }: { one: Case }) {
  const { data, error, isPending, refetch } = useCaseNotices(one.id);
  return (
    <>
      <SendNotice one={one} />
      {isPending && <Loading what="notices" rows={3} />}
      {error && <Failed error={error} what="the notices" retry={() => void refetch()} />}
      {data?.notices.length === 0 && !error && (
        <Empty title="No notice yet">What is written to the person from this case is kept here as it went.</Empty>
      )}
      {data && data.notices.length > 0 && !error && (
        <ol className={`${lines.lines} ${styles.column}`} aria-label="Notices">
          {data.notices.map((notice) => (
            <Notice key={notice.number} one={one} notice={notice} />
          ))}
        </ol>
      )}
    </>
  );
}

function Notice({ one, notice }: { one: Case; notice: CaseNotice }) {
  return (
    <li>
      <article className={lines.entry} data-kind="comment" data-testid="notice">
        <p className={lines.head}>
          {notice.number} · {notice.reminds !== null && `Reminder of ${notice.reminds} · `}
          <Timestamp at={notice.at} seconds /> · {notice.viewer} · {notice.title}
        </p>
        <p data-testid="notice-state" data-state={notice.state}>
          <strong>{STATE[notice.state]}</strong>
          {notice.settled && (
            <>
              , <Timestamp at={notice.settled} />
            </>
          )}
          {notice.state !== 'sent' && notice.attempts > 0 && `, tried ${notice.attempts} times`}
          {notice.state !== 'sent' && notice.answer && (
            <>
              : <RecordText text={notice.answer} />
            </>
          )}
        </p>
        {notice.reminders && <ReminderState one={one} number={notice.number} reminders={notice.reminders} />}
        <NoticeText subject={notice.subject} text={notice.text} />
      </article>
    </li>
  );
}

// The way to a new one, for whoever may.
export function SendNotice({ one }: { one: Case }) {
  const may = useMay('notices.send') && one.is_member && one.erased_on === null;
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <div>
      <Button onClick={() => setOpen(true)}>Send a notice…</Button>
      {open && <NoticeDialog one={one} onClose={() => setOpen(false)} />}
    </div>
  );
}
