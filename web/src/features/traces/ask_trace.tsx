import { Field, Input, Select, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { dayAfter } from '../expectations/words';
import { ReasonDialog } from '../people/reason_dialog';
import { useAsk } from '../requests/request_calls';
import requests from '../requests/requests.module.css';
import type { LookRequest, TraceStartKind } from './trace_calls';
import { START_HINT, START_KINDS, START_WORD } from './words';

const SHORTEST = 10;
const LONGEST = 1000;
const LONGEST_START = 2000;
const USUAL_DAYS = 90;
const MOST_DAYS = 366;

// What is asked from the activity explorer: an activity by its id.
export type AskedFrom = { activity: string };

type Props = {
  caseId: string;
  from?: AskedFrom | undefined;
  onAsked: (request: LookRequest) => void;
  onClose: () => void;
};

export function AskTrace({ caseId, from, onAsked, onClose }: Props) {
  const today = new Date().toISOString().slice(0, 10);
  const ask = useAsk({ caseId });
  const [kind, setKind] = useState<TraceStartKind>(from ? 'activity' : 'file');
  const [start, setStart] = useState('');
  const [days, setDays] = useState({ from: dayAfter(today, -USUAL_DAYS), until: today });
  const [milder, setMilder] = useState('');
  const missing = SHORTEST - milder.trim().length;
  const begins = kind === 'activity' ? (from?.activity ?? '') : start.trim();
  const dated = days.from !== '' && days.from <= days.until && days.until <= today;
  const short = dayAfter(days.from, MOST_DAYS) > days.until;
  return (
    <ReasonDialog
      title="Ask where it went"
      act="Ask"
      lead="It looks through what everybody did on these days, so a second person decides. Over invented people it is agreed to at once."
      failed="Nothing was asked for"
      error={ask.error}
      ready={begins !== '' && dated && short && missing <= 0}
      isPending={ask.isPending}
      onSubmit={(reason) =>
        ask.mutate(
          { kind: 'data_trace', start_kind: kind, start: begins, ...days, reason, milder: milder.trim() },
          { onSuccess: onAsked },
        )
      }
      onClose={onClose}
    >
      <Field label="Begin with" hint={START_HINT[kind]}>
        <Select value={kind} onChange={(_, { value }) => setKind(START_KINDS.find((one) => one === value) ?? 'file')}>
          {START_KINDS.filter((one) => one !== 'activity' || from).map((one) => (
            <option key={one} value={one}>
              {START_WORD[one]}
            </option>
          ))}
        </Select>
      </Field>
      {kind !== 'activity' && (
        <Field label="Which" required>
          <Input value={start} maxLength={LONGEST_START} onChange={(_, { value }) => setStart(value)} />
        </Field>
      )}
      <div className={requests.days}>
        <Field label="From" required>
          <Input
            type="date"
            value={days.from}
            onChange={(_, { value }) => setDays((old) => ({ ...old, from: value }))}
          />
        </Field>
        <Field label="Until" required {...(!short && dated && { validationMessage: 'At most 366 days.' })}>
          <Input
            type="date"
            value={days.until}
            onChange={(_, { value }) => setDays((old) => ({ ...old, until: value }))}
          />
        </Field>
      </div>
      <Field
        label="Why is what shows less not enough?"
        required
        hint={missing > 0 ? `At least ${SHORTEST} characters; ${missing} to go.` : 'Whoever decides reads it.'}
      >
        <Textarea value={milder} maxLength={LONGEST} rows={2} onChange={(_, data) => setMilder(data.value)} />
      </Field>
    </ReasonDialog>
  );
}
