import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Textarea,
} from '@fluentui/react-components';
import { useState } from 'react';
import { shownPoints } from '../../shared/points/points';
import { ActFailed, Failed } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { ActDialog } from './decision_dialogs';
import styles from './dialogs.module.css';
import { useExplain, useMassEvents, useRelease, type MassEvent } from './mass_event_calls';

const SHORTEST_REASON = 10;
const LONGEST_REASON = 1000;

// Above the queue: days on which so many people had alerts about the same that these are held as one.
export function MassEvents({ chosen, onChoose }: { chosen: number | null; onChoose: (one: number | null) => void }) {
  const events = useMassEvents();
  if (events.error) {
    return <Failed error={events.error} what="alerts that are held as one" retry={() => void events.refetch()} />;
  }
  const held = (events.data?.mass_events ?? []).filter((one) => one.alerts > 0);
  if (held.length === 0) return null;
  return (
    <section aria-label="Held as one">
      {held.map((one) => (
        <Notice key={one.number} event={one} isChosen={one.number === chosen} onChoose={onChoose} />
      ))}
    </section>
  );
}

function Notice({
  event,
  isChosen,
  onChoose,
}: {
  event: MassEvent;
  isChosen: boolean;
  onChoose: (one: number | null) => void;
}) {
  const [act, setAct] = useState<'release' | 'explain' | null>(null);
  const mayRelease = useMay('alerts.decide');
  const mayExplain = useMay('policies.write');
  const waits = event.state === 'explained';
  return (
    <MessageBar intent="warning" layout="multiline" data-testid="mass-event">
      <MessageBarBody>
        <strong>
          {event.people.toLocaleString()} people <OfDepartment name={event.department} />
          have alerts about “<RecordText text={event.title} />” of <CalendarDay day={event.day} />.
        </strong>{' '}
        {event.most_before === 0
          ? `Nobody${event.department === null ? '' : ' there'} had one on any of the 90 days before.`
          : `At most ${event.most_before.toLocaleString()}${event.department === null ? '' : ' there'} had one on any of the 90 days before.`}{' '}
        {event.alerts === 1 ? 'It is' : `These ${event.alerts.toLocaleString()} alerts are`} held as one
        {event.high > 0 && `; ${event.high.toLocaleString()} of high severity`}; the highest score is{' '}
        {shownPoints(event.highest_score)}.{waits && ' It was explained; the explanation waits for a second person.'}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => onChoose(isChosen ? null : event.number)}>
          {isChosen ? 'Back to the queue' : 'Show them'}
        </Button>
        {!waits && mayExplain && event.indicator !== null && (
          <Button onClick={() => setAct('explain')}>Explain…</Button>
        )}
        {!waits && mayRelease && <Button onClick={() => setAct('release')}>Release…</Button>}
      </MessageBarActions>
      {act === 'release' && <ReleaseDialog event={event} onClose={() => setAct(null)} />}
      {act === 'explain' && <ExplainDialog event={event} onClose={() => setAct(null)} />}
    </MessageBar>
  );
}

// The smallest group that explains it; nothing when that is everybody.
function OfDepartment({ name }: { name: string | null }) {
  return (
    name !== null && (
      <>
        of the department “<RecordText text={name} />”{' '}
      </>
    )
  );
}

function ReleaseDialog({ event, onClose }: { event: MassEvent; onClose: () => void }) {
  const release = useRelease(event.number);
  const [reason, setReason] = useState('');
  return (
    <ActDialog
      title="Release the alerts"
      act="Release"
      ready={reason.trim().length >= SHORTEST_REASON && !release.isPending}
      failure={release.error && <ActFailed title="They are still held" error={release.error} />}
      onSubmit={() => release.mutate({ reason: reason.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={styles.lead}>
        {event.alerts.toLocaleString()} alerts join the queue, each to be decided by itself. Later ones of that day
        about the same are not held any more.
      </p>
      <ReasonField label="Reason" value={reason} onChange={setReason} />
    </ActDialog>
  );
}

function ExplainDialog({ event, onClose }: { event: MassEvent; onClose: () => void }) {
  const explain = useExplain(event.number);
  const [because, setBecause] = useState('');
  const [owner, setOwner] = useState('');
  const ready = because.trim().length >= SHORTEST_REASON && owner.trim() !== '';
  return (
    <ActDialog
      title="Explain what happened"
      act="Explain"
      ready={ready && !explain.isPending}
      failure={explain.error && <ActFailed title="It is not explained" error={explain.error} />}
      onSubmit={() => explain.mutate({ because: because.trim(), owner: owner.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={styles.lead}>
        “<RecordText text={event.title} />” of that day then counts for nobody <OfDepartment name={event.department} />
        under the policies that hold these alerts. What other evidence raises stays. Over real people a second person
        has to agree.
      </p>
      <ReasonField label="What it was" value={because} onChange={setBecause} />
      <Field label="Who answers for it" required>
        <Input value={owner} maxLength={100} onChange={(_, data) => setOwner(data.value)} />
      </Field>
    </ActDialog>
  );
}

function ReasonField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label} required hint={`At least ${SHORTEST_REASON} characters; kept in the audit log.`}>
      <Textarea value={value} maxLength={LONGEST_REASON} rows={3} onChange={(_, data) => onChange(data.value)} />
    </Field>
  );
}
