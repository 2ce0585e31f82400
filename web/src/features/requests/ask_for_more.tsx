import { Button, Field, Input, Select, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ReasonDialog } from '../people/reason_dialog';
import { dayAfter } from '../expectations/words';
import { useMay } from '../session/session';
import { useAsk, type Asking, type LookRequest } from './request_calls';
import styles from './requests.module.css';
import { KIND_WORD, KINDS } from './words';

const SHORTEST = 10;
const LONGEST = 1000;
const REPORT_DAYS = 90;
const RECORDED_DAYS = 5;
const OF_CASE: ReadonlySet<LookRequest['kind']> = new Set(['investigation_package', 'content']);

// The way from a person, an alert or a case to what shows more: a second person decides on it.
export function AskForMore({ asking }: { asking: Asking }) {
  const [open, setOpen] = useState(false);
  const mayAsk = useMay('requests.write');
  if (!mayAsk) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Ask for more…</Button>
      {open && <AskDialog asking={asking} onClose={() => setOpen(false)} />}
    </>
  );
}

const HINT: Record<LookRequest['kind'], string> = {
  activity_report: 'Everything stored of these days, for you (and the members of the case) for 14 days.',
  investigation_package:
    'What the case holds, as a signed ZIP file for people without access; activities of these days.',
  content:
    'Candor has none: a sheet for whoever searches where it lies (eDiscovery) names whose, where, which files, and a query.',
  data_trace: 'Asked for on the page “Where it went” of a case.',
  screen_evidence: 'Of days to come, at most 30. Candor records nothing: whoever agrees hands it to your recorder.',
};

function daysOf(kind: LookRequest['kind'], today: string) {
  if (kind !== 'screen_evidence') return { from: dayAfter(today, -REPORT_DAYS), until: today };
  return { from: today, until: dayAfter(today, RECORDED_DAYS - 1) };
}

function AskDialog({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const today = new Date().toISOString().slice(0, 10);
  const ask = useAsk(asking);
  const navigate = useNavigate();
  const [kind, setKind] = useState<LookRequest['kind']>('activity_report');
  const [days, setDays] = useState(daysOf('activity_report', today));
  const [milder, setMilder] = useState('');
  const dated = days.from !== '' && days.until !== '' && days.from <= days.until;
  const missing = SHORTEST - milder.trim().length;
  return (
    <ReasonDialog
      title="Ask for more than alerts show"
      act="Ask"
      lead="A second person decides. Over invented people it is agreed to at once."
      failed="Nothing was asked for"
      error={ask.error}
      ready={dated && missing <= 0}
      isPending={ask.isPending}
      onSubmit={(reason) =>
        ask.mutate(
          { kind, ...days, reason, milder: milder.trim() },
          { onSuccess: () => void navigate('/requests', { replace: false }) },
        )
      }
      onClose={onClose}
    >
      <Field label="What" hint={HINT[kind]}>
        <Select
          value={kind}
          onChange={(_, { value }) => {
            const chosen = KINDS.find((one) => one === value) ?? 'activity_report';
            setKind(chosen);
            setDays(daysOf(chosen, today));
          }}
        >
          {KINDS.filter((one) => one !== 'data_trace' && (!OF_CASE.has(one) || 'caseId' in asking)).map((one) => (
            <option key={one} value={one}>
              {KIND_WORD[one]}
            </option>
          ))}
        </Select>
      </Field>
      <div className={styles.days}>
        <Field label="From" required>
          <Input
            type="date"
            value={days.from}
            onChange={(_, { value }) => setDays((old) => ({ ...old, from: value }))}
          />
        </Field>
        <Field label="Until" required>
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
