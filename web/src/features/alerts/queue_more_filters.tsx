import { Field, Input, Select } from '@fluentui/react-components';
import { useMay, useViewer } from '../session/session';
import { useAssignees } from './queue_act_calls';
import type { QueueFilter } from './queue_filter';
import styles from './queue_page.module.css';

type Props = { filter: QueueFilter; onChange: (part: Partial<QueueFilter>) => void };

const ANYBODY = '*';

// By whom an alert was given to, whether it is in a case, and by days.
export default function MoreFilters({ filter, onChange }: Props) {
  const seesCases = useMay('cases.view');
  return (
    <div className={styles.moreFilters} role="group" aria-label="More filters">
      <AssignedSelect filter={filter} onChange={onChange} />
      {seesCases && (
        <Field label="Case">
          <Select
            value={filter.inCase === null ? '' : String(filter.inCase)}
            onChange={(_, { value }) => onChange({ inCase: value === '' ? null : value === 'true' })}
          >
            <option value="">Either</option>
            <option value="true">In a case</option>
            <option value="false">In no case</option>
          </Select>
        </Field>
      )}
      <DayField label="Opened from" value={filter.openedFrom} onDay={(openedFrom) => onChange({ openedFrom })} />
      <DayField label="Opened until" value={filter.openedUntil} onDay={(openedUntil) => onChange({ openedUntil })} />
      <DayField label="Last activity from" value={filter.activeFrom} onDay={(activeFrom) => onChange({ activeFrom })} />
      <DayField
        label="Last activity until"
        value={filter.activeUntil}
        onDay={(activeUntil) => onChange({ activeUntil })}
      />
    </div>
  );
}

function AssignedSelect({ filter, onChange }: Props) {
  const { user } = useViewer();
  const mayDecide = useMay('alerts.decide');
  const { data } = useAssignees(mayDecide);
  const known = new Set(data?.assignees ?? []);
  if (filter.assigned) known.add(filter.assigned);
  known.delete(user);
  return (
    <Field label="Assigned to">
      <Select
        value={filter.assigned ?? ANYBODY}
        onChange={(_, { value }) => onChange({ assigned: value === ANYBODY ? null : value })}
      >
        <option value={ANYBODY}>Anybody</option>
        <option value={user}>Me</option>
        <option value="">Nobody</option>
        {[...known].sort().map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function DayField(props: { label: string; value: string | null; onDay: (day: string | null) => void }) {
  return (
    <Field label={props.label}>
      <Input type="date" value={props.value ?? ''} onChange={(_, { value }) => props.onDay(value || null)} />
    </Field>
  );
}
