import { Button, Field, Input, Select, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { shownPoints } from '../../shared/points/points';
import { ActFailed, Failed } from '../../shared/states/states';
import type { Alert } from '../alerts/alert_calls';
import { ActDialog } from '../alerts/decision_dialogs';
import dialogs from '../alerts/dialogs.module.css';
import { useMay, useViewer } from '../session/session';
import { useAddExpectation, useAlertExpectations, useTryExpectation, type ExpectationTrial } from './expectation_calls';
import { ExpectationTable } from './expectation_table';
import styles from './expectations.module.css';
import { dayAfter } from './words';

const SHORTEST_BECAUSE = 10;
const LONGEST_BECAUSE = 1000;
const USUAL_DAYS = 30;

// What is expected of the alert's person, and the way to say so.
export function AlertExpectations({ alert }: { alert: Alert }) {
  const { data, error, refetch } = useAlertExpectations(alert.id);
  const [open, setOpen] = useState(false);
  const mayDecide = useMay('alerts.decide');
  return (
    <section className={styles.section} aria-labelledby="expected-title">
      <h2 id="expected-title">What is expected of this person</h2>
      {error && <Failed error={error} what="the expectations" retry={() => void refetch()} />}
      {data?.expectations.length === 0 && <p className={styles.words}>Nothing: all that is seen counts.</p>}
      {data && data.expectations.length > 0 && <ExpectationTable rows={data.expectations} withPerson={false} />}
      {mayDecide && <Button onClick={() => setOpen(true)}>Expected because…</Button>}
      {open && <ExpectDialog alert={alert} onClose={() => setOpen(false)} />}
    </section>
  );
}

// The indicators the receipt names, each once.
function indicatorsOf(alert: Alert): Schemas['IndicatorRef'][] {
  const all = new Map<string, Schemas['IndicatorRef']>();
  for (const one of [...alert.receipt.parts, ...alert.receipt.left_out]) {
    if (one.indicator) all.set(one.indicator.name, one.indicator);
  }
  return [...all.values()];
}

// The first day whose activity counts.
function firstDayOf(alert: Alert): string {
  const days = alert.receipt.parts.map((part) => part.day).filter((day) => day !== null);
  return [alert.first_day, ...days].reduce((first, day) => (day < first ? day : first));
}

function ExpectDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { user } = useViewer();
  const add = useAddExpectation(alert.id);
  const attempt = useTryExpectation(alert.id);
  const indicators = indicatorsOf(alert);
  const [what, setWhat] = useState<ExpectationTrial>({
    policy_id: '',
    indicators: indicators[0]?.name ?? '',
    towards: 'domain',
    destinations: '',
    from: firstDayOf(alert),
    until: dayAfter(alert.last_day, USUAL_DAYS),
  });
  const [because, setBecause] = useState('');
  const [owner, setOwner] = useState(user);
  // What was tried is no longer what would be stored.
  const change = (part: Partial<ExpectationTrial>) => {
    attempt.reset();
    setWhat((before) => ({ ...before, ...part }));
  };
  const anywhere = what.towards === 'anything';
  const said = anywhere ? what.indicators !== '' : what.destinations.trim() !== '';
  const dated = what.from !== '' && what.until !== '' && what.from <= what.until;
  const missing = SHORTEST_BECAUSE - because.trim().length;
  const asked: ExpectationTrial = { ...what, destinations: anywhere ? '' : what.destinations.trim() };
  const ready = said && dated && missing <= 0 && owner.trim() !== '' && !add.isPending;
  return (
    <ActDialog
      title="Expected because…"
      act="Ask for it"
      ready={ready}
      failure={add.error && <ActFailed title="Nothing was stored" error={add.error} />}
      onSubmit={() => add.mutate({ ...asked, because: because.trim(), owner: owner.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={dialogs.lead}>
        It adds no points while it lasts, stands in the receipt, and counts again afterwards. Over real people a second
        person must agree.
      </p>
      <Field label="What">
        <Select value={what.indicators} onChange={(_, data) => change({ indicators: data.value })}>
          {indicators.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
          <option value="">Anything that goes there</option>
        </Select>
      </Field>
      <Field label="Towards">
        <Select
          value={what.towards}
          onChange={(_, data) => change({ towards: data.value as ExpectationTrial['towards'] })}
        >
          <option value="domain">Domains, of uploads, shares and all recipients</option>
          <option value="site">Sites</option>
          <option value="medium">Removable media, by serial number</option>
          <option value="anything">Anywhere</option>
        </Select>
      </Field>
      {!anywhere && (
        <Field label="Which" required hint="Several with commas. What goes elsewhere too is not meant.">
          <Input value={what.destinations} onChange={(_, data) => change({ destinations: data.value })} />
        </Field>
      )}
      <div className={styles.days}>
        <Field label="From" required>
          <Input type="date" value={what.from} onChange={(_, data) => change({ from: data.value })} />
        </Field>
        <Field label="Until" required hint="At most 365 days in all.">
          <Input type="date" value={what.until} onChange={(_, data) => change({ until: data.value })} />
        </Field>
      </div>
      <Field
        label="Because"
        required
        hint={missing > 0 ? `At least ${SHORTEST_BECAUSE} characters; ${missing} to go.` : 'Kept with it.'}
      >
        <Textarea value={because} maxLength={LONGEST_BECAUSE} rows={2} onChange={(_, data) => setBecause(data.value)} />
      </Field>
      <Field label="Who answers for it" required>
        <Input value={owner} maxLength={100} onChange={(_, data) => setOwner(data.value)} />
      </Field>
      <Button disabled={!said || !dated || attempt.isPending} onClick={() => attempt.mutate(asked)}>
        Show what it would change
      </Button>
      {attempt.error && <ActFailed title="It could not be tried" error={attempt.error} />}
      {attempt.data && <Effect effect={attempt.data} />}
    </ActDialog>
  );
}

function Effect({ effect }: { effect: Schemas['ExpectationEffect'] }) {
  const { score_now: now, score_then: then, left_out: leftOut } = effect;
  const counts = leftOut.map((one) => `${one.indicator?.title ?? 'Insights'}: ${one.count.toLocaleString()}`);
  return (
    <p role="status" className={styles.effect}>
      {now === null
        ? 'The alert would not be raised now, with it or without.'
        : then === null
          ? `The score of ${shownPoints(now)} would fall below the policy's cut: the alert would be withdrawn.`
          : now === then
            ? `Nothing: the score stays ${shownPoints(now)}.`
            : `The score would fall from ${shownPoints(now)} to ${shownPoints(then)}.`}
      {counts.length > 0 && ` Left out: ${counts.join('; ')}.`}
    </p>
  );
}
