import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components';
import type { Schemas } from '../../shared/api/client';
import { ActFailed } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import type { Case } from './case_calls';
import styles from './cases.module.css';
import { useAnsweredNotice, type CaseNotice } from './notice_calls';

// What whoever sends a notice wants done while it is not answered.
export type Reminders = { wanted: boolean; day: string; every: string; most: string };

export const NO_REMINDERS: Reminders = { wanted: false, day: '', every: '0', most: '3' };

const EVERY: readonly (readonly [string, string])[] = [
  ['0', 'Once'],
  ['1', 'Every day'],
  ['3', 'Every 3 days'],
  ['7', 'Every week'],
  ['14', 'Every 2 weeks'],
];

export function isWhole({ wanted, day }: Reminders): boolean {
  return !wanted || day !== '';
}

export function wishOf({ wanted, day, every, most }: Reminders): Omit<Schemas['CaseNoticeSend'], 'template'> {
  if (!wanted) return {};
  return { remind_on: day, remind_every_days: Number(every), remind_most: every === '0' ? 1 : Number(most) };
}

type FieldsProps = { reminders: Reminders; onChange: (reminders: Reminders) => void };

export function ReminderFields({ reminders, onChange }: FieldsProps) {
  const change = (part: Partial<Reminders>) => onChange({ ...reminders, ...part });
  return (
    <>
      <Checkbox
        label="Remind while it is not answered"
        checked={reminders.wanted}
        onChange={(_, { checked }) => change({ wanted: checked === true })}
      />
      {reminders.wanted && (
        <div className={styles.reminders}>
          <Field label="First reminder on" hint="A UTC day, from tomorrow on" required>
            <Input type="date" value={reminders.day} onChange={(_, { value }) => change({ day: value })} />
          </Field>
          <Field label="How often">
            <Select value={reminders.every} onChange={(_, { value }) => change({ every: value })}>
              {EVERY.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </Field>
          {reminders.every !== '0' && (
            <Field label="At most">
              <Select value={reminders.most} onChange={(_, { value }) => change({ most: value })}>
                {['2', '3', '5', '10'].map((value) => (
                  <option key={value} value={value}>
                    {value} times
                  </option>
                ))}
              </Select>
            </Field>
          )}
        </div>
      )}
    </>
  );
}

const END: Record<NonNullable<NonNullable<CaseNotice['reminders']>['end']>, string> = {
  answered: 'Answered',
  case_closed: 'No more reminders: the case was closed',
  all_sent: 'All reminders went; nobody marked it answered',
};

type StateProps = { one: Case; number: number; reminders: NonNullable<CaseNotice['reminders']> };

// What reminds of a notice, and the way to end it.
export function ReminderState({ one, number, reminders }: StateProps) {
  const answered = useAnsweredNotice(one.id);
  const may = useMay('notices.send') && one.is_member;
  const { next, sent, most, every_days: every, end, ended_at: endedAt, ended_by: endedBy } = reminders;
  return (
    <div data-testid="notice-reminders">
      <p>
        {end ? END[end] : 'Waits for an answer'}
        {end === 'answered' && endedBy && (
          <>
            , says <RecordText text={endedBy} />
          </>
        )}
        {endedAt && (
          <>
            , <Timestamp at={endedAt} />
          </>
        )}
        {next && (
          <>
            ; next reminder on <CalendarDay day={next} />
            {every > 0 && ` and then every ${every === 1 ? 'day' : `${every} days`}`}
          </>
        )}
        {` (${sent} of ${most} went)`}
      </p>
      {!end && may && (
        <Button size="small" disabled={answered.isPending} onClick={() => answered.mutate(number)}>
          Mark as answered
        </Button>
      )}
      {answered.error && <ActFailed title="It was not marked" error={answered.error} />}
    </div>
  );
}
