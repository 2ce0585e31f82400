import { Button, Field, Input, MessageBar, MessageBarBody, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { Failed } from '../../shared/states/states';
import { useMay } from '../session/session';
import { ReasonDialog } from './reason_dialog';
import { useAskScoring, useScoring, type PersonScoring, type ScoringFrom } from './scoring_calls';
import { ASK_LEAD } from './scoring_words';

type AskProps = { from: ScoringFrom; scoring: PersonScoring; onDone?: (waits: boolean) => void; onClose: () => void };

// Policy, days and why: the same wherever it is asked for.
export function AskScoringDialog({ from, scoring, onDone, onClose }: AskProps) {
  const [policy, setPolicy] = useState(scoring.policies[0]?.id ?? '');
  const [days, setDays] = useState('30');
  const { mutate, error, isPending } = useAskScoring(from);
  const count = Number(days);
  const fits = Number.isInteger(count) && count >= 1 && count <= scoring.most_days;
  return (
    <ReasonDialog
      title="Start scoring"
      act={scoring.second_person ? 'Ask' : 'Start'}
      lead={scoring.second_person ? ASK_LEAD.waits : ASK_LEAD.at_once}
      failed="Nothing has changed"
      error={error}
      ready={fits && policy !== ''}
      isPending={isPending}
      onSubmit={(reason) =>
        mutate(
          { policy, days: count, reason },
          {
            onSuccess: ({ decision }) => {
              onDone?.(decision === 'waits');
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <Field label="Policy">
        <Select value={policy} onChange={(_, { value }) => setPolicy(value)}>
          {scoring.policies.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Days" hint={`1 to ${scoring.most_days}, from the day it begins`}>
        <Input type="number" min={1} max={scoring.most_days} value={days} onChange={(_, { value }) => setDays(value)} />
      </Field>
    </ReasonDialog>
  );
}

// On the page of an alert or a case: whom it is about may be scored under another policy, too.
export function StartScoring({ from }: { from: ScoringFrom }) {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState<'no' | 'waits' | 'begun'>('no');
  const mayRead = useMay('people.read');
  const mayDecide = useMay('people.decide');
  const { data, error, refetch } = useScoring(from, open && mayRead && mayDecide);
  if (!mayRead || !mayDecide) return null;
  const close = () => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Start scoring…</Button>
      {done !== 'no' && !open && (
        <MessageBar intent="success" data-testid="scoring-asked">
          <MessageBarBody>
            {done === 'waits' ? 'It was asked for, and waits for a second person.' : 'Scoring has begun.'}
          </MessageBarBody>
        </MessageBar>
      )}
      {open && error && <Failed error={error} what="what was asked for" retry={() => void refetch()} />}
      {open && data && data.policies.length === 0 && (
        <MessageBar intent="warning">
          <MessageBarBody>No policy is in force to score anybody under.</MessageBarBody>
        </MessageBar>
      )}
      {open && data && data.policies.length > 0 && (
        <AskScoringDialog
          from={from}
          scoring={data}
          onDone={(waits) => setDone(waits ? 'waits' : 'begun')}
          onClose={close}
        />
      )}
    </>
  );
}
