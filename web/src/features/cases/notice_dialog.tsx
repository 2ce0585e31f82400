import { Button, Field, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { ActDialog } from '../alerts/decision_dialogs';
import dialogs from '../alerts/dialogs.module.css';
import type { Case } from './case_calls';
import styles from './cases.module.css';
import { isWhole, NO_REMINDERS, ReminderFields, wishOf, type Reminders } from './notice_reminders';
import { useNoticePreview, useNoticeTemplates, useSendNotice, useTestNotice } from './notice_calls';

// One chooses, reads what goes, and sends it: to the person, or to oneself first.
export function NoticeDialog({ one, onClose }: { one: Case; onClose: () => void }) {
  const templates = useNoticeTemplates();
  const [template, setTemplate] = useState('');
  const preview = useNoticePreview(one.id, template);
  const send = useSendNotice(one.id);
  const mailOff = templates.data?.mail === false;
  const shown = template !== '' && preview.data;
  const [reminders, setReminders] = useState<Reminders>(NO_REMINDERS);
  const ready =
    Boolean(shown) && !mailOff && preview.data?.has_address === true && isWhole(reminders) && !send.isPending;
  return (
    <ActDialog
      title="Send a notice to the person"
      act="Send"
      ready={ready}
      failure={send.error && <ActFailed title="The notice was not sent" error={send.error} />}
      onSubmit={() => send.mutate({ template, ...wishOf(reminders) }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={dialogs.lead}>
        Candor knows where it goes and shows it to nobody. That it was sent, and by whom, stays in the case and in the
        audit log.
      </p>
      {templates.error && <Failed error={templates.error} what="the notices" />}
      {mailOff && <p role="status">Candor has no mail server: an administrator names one in the settings.</p>}
      <Field label="Notice" required>
        <Select
          value={template}
          disabled={!templates.data}
          onChange={(_, { value }) => {
            send.reset();
            setTemplate(value);
          }}
        >
          <option value="">Choose…</option>
          {templates.data?.templates.map((each) => (
            <option key={each.id} value={each.id}>
              {each.title} ({each.language})
            </option>
          ))}
        </Select>
      </Field>
      {template !== '' && preview.isPending && <Loading what="the notice" rows={4} />}
      {template !== '' && preview.error && <Failed error={preview.error} what="the notice" />}
      {shown && (
        <>
          <NoticeText subject={shown.subject} text={shown.text} />
          <p className={dialogs.lead}>
            {shown.named
              ? 'As the person gets it.'
              : 'Here with the pseudonym; the person gets it with their own name.'}
          </p>
          {!shown.has_address && <p role="status">Nothing tells an address of this person: it cannot be sent.</p>}
          {one.state === 'open' && <ReminderFields reminders={reminders} onChange={setReminders} />}
          {!mailOff && <TestButton key={template} one={one} template={template} />}
        </>
      )}
    </ActDialog>
  );
}

function TestButton({ one, template }: { one: Case; template: string }) {
  const test = useTestNotice(one.id);
  return (
    <div>
      <Button disabled={test.isPending || test.isSuccess} onClick={() => test.mutate(template)}>
        Send a test to me
      </Button>
      {test.data && <p role="status">On its way to {test.data.address}, with the pseudonym.</p>}
      {test.error && <ActFailed title="The test was not sent" error={test.error} />}
    </div>
  );
}

// Plain text as it goes; what is in it may come from a log.
export function NoticeText({ subject, text }: { subject: string; text: string }) {
  return (
    <blockquote className={styles.notice} aria-label="Text of the notice">
      <p>
        <strong>
          <RecordText text={subject} />
        </strong>
      </p>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        <p key={index}>
          <RecordText text={paragraph.replace(/\s+/g, ' ').trim()} />
        </p>
      ))}
    </blockquote>
  );
}
