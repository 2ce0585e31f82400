import { Button, Field, Radio, RadioGroup, Select, Textarea } from '@fluentui/react-components';
import { EyeRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import dialogs from '../alerts/dialogs.module.css';
import { LiftDialog } from '../alerts/lift_dialog';
import { ReasonDialog } from '../people/reason_dialog';
import { StartScoring } from '../people/scoring_ask';
import { AskForMore } from '../requests/ask_for_more';
import { useMay } from '../session/session';
import { useCaseViewers, useCloseCase, useHandOver, useReopenCase, type Case } from './case_calls';
import { ACTION_WORD, RESOLUTION_WORD } from './words';

const LONGEST_TEXT = 1000;
const RESOLUTIONS = Object.keys(RESOLUTION_WORD) as Schemas['CaseResolution'][];
const ACTIONS = Object.keys(ACTION_WORD) as Schemas['CaseAction'][];

// What this viewer may do with the case in the state it is in.
export function CaseActs({ one }: { one: Case }) {
  const [open, setOpen] = useState<'none' | 'lift' | 'hand over' | 'close' | 'reopen'>('none');
  const mayLift = useMay('people.lift');
  const mayWork = useMay('cases.work');
  const mayClose = useMay('cases.close') && one.is_member;
  const isOpen = one.state === 'open';
  const close = () => setOpen('none');
  const alert = one.alerts[0]?.alert;
  return (
    <>
      {mayLift && one.person.name === null && alert && (
        <Button icon={<EyeRegular />} onClick={() => setOpen('lift')}>
          Show name…
        </Button>
      )}
      {one.is_member && isOpen && <AskForMore asking={{ caseId: one.id }} />}
      {one.is_member && mayWork && isOpen && <StartScoring from={{ caseId: one.id }} />}
      {mayWork && one.is_owner && isOpen && <Button onClick={() => setOpen('hand over')}>Hand over…</Button>}
      {mayClose && isOpen && (
        <Button appearance="primary" onClick={() => setOpen('close')}>
          Close the case…
        </Button>
      )}
      {mayClose && !isOpen && one.erased_on === null && <Button onClick={() => setOpen('reopen')}>Reopen…</Button>}
      {open === 'lift' && alert && <LiftDialog alertId={alert.id} onClose={close} />}
      {open === 'hand over' && <HandOverDialog one={one} onClose={close} />}
      {open === 'close' && <CloseDialog one={one} onClose={close} />}
      {open === 'reopen' && <ReopenDialog one={one} onClose={close} />}
    </>
  );
}

type Props = { one: Case; onClose: () => void };

function HandOverDialog({ one, onClose }: Props) {
  const { mutate, error, isPending } = useHandOver(one.id);
  const viewers = useCaseViewers(true);
  const [owner, setOwner] = useState('');
  const others = viewers.data?.viewers.filter((other) => other.may_own && other.user !== one.owner) ?? [];
  return (
    <ReasonDialog
      title="Hand over the case"
      act="Hand over"
      lead={`Everything stays in it, and ${one.owner} stays as a contributor.`}
      failed="The case was not handed over"
      error={error}
      ready={owner !== ''}
      isPending={isPending}
      onSubmit={(reason) => mutate({ owner, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label="New owner" required>
        <Select value={owner} onChange={(_, { value }) => setOwner(value)}>
          <option value="">Choose…</option>
          {others.map((other) => (
            <option key={other.user} value={other.user}>
              {other.user}
            </option>
          ))}
        </Select>
      </Field>
    </ReasonDialog>
  );
}

function CloseDialog({ one, onClose }: Props) {
  const { mutate, error, isPending } = useCloseCase(one.id);
  // As it was shown when the dialog opened: what alerts gathered meanwhile was not looked at.
  const [seen] = useState(one.alerts_seen);
  const [resolution, setResolution] = useState<Schemas['CaseResolution'] | ''>('');
  const [action, setAction] = useState<Schemas['CaseAction']>('none');
  const [text, setText] = useState('');
  const submit = () => {
    if (resolution === '') return;
    mutate({ resolution, action, text: text.trim(), alerts_seen: seen }, { onSuccess: onClose });
  };
  const left = one.counts.open_tasks;
  return (
    <ActDialog
      title="Close the case"
      act="Close it"
      ready={resolution !== '' && text.trim() !== '' && !isPending}
      failure={error && <ActFailed title="The case was not closed" error={error} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className={dialogs.lead}>
        Its open alerts are decided with it: a violation resolves them, benign dismisses them as expected.
        {left > 0 && ` ${left} ${left === 1 ? 'task is' : 'tasks are'} not done.`}
      </p>
      <Field label="Resolution" required>
        <RadioGroup value={resolution} onChange={(_, data) => setResolution(data.value as Schemas['CaseResolution'])}>
          {RESOLUTIONS.map((word) => (
            <Radio key={word} value={word} label={RESOLUTION_WORD[word]} />
          ))}
        </RadioGroup>
      </Field>
      <Field label="Action taken" required>
        <Select value={action} onChange={(_, { value }) => setAction(value as Schemas['CaseAction'])}>
          {ACTIONS.map((word) => (
            <option key={word} value={word}>
              {ACTION_WORD[word]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="In words" required hint="Everybody who may see the case reads it. Leave names out.">
        <Textarea value={text} maxLength={LONGEST_TEXT} rows={3} onChange={(_, data) => setText(data.value)} />
      </Field>
    </ActDialog>
  );
}

function ReopenDialog({ one, onClose }: Props) {
  const { mutate, error, isPending } = useReopenCase(one.id);
  return (
    <ReasonDialog
      title="Reopen the case"
      act="Reopen"
      lead="How it was closed stays on record, and its alerts stay decided: later activity opens new ones."
      failed="The case stays closed"
      error={error}
      isPending={isPending}
      onSubmit={(reason) => mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
