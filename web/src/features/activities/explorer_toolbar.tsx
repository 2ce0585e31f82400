import { Button, Input, Select } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useId } from 'react';
import { CATEGORIES, CATEGORY_LOOK } from '../../shared/category/category';
import { useIndicators } from '../indicators/indicator_calls';
import { useMay } from '../session/session';
import { isActivityFiltered, reportScope, SCOPES, type ActivityFilter, type Scope } from './activity_filter';
import styles from './explorer.module.css';

const SCOPE_WORD: Record<Scope, string> = {
  alert: 'Counted in this alert',
  matched: 'All that an indicator matched',
  all: 'Everything the person did',
};

type Props = { ofAlert: boolean; filter: ActivityFilter; onChange: (part: Partial<ActivityFilter>) => void };

export function ExplorerToolbar({ ofAlert, filter, onChange }: Props) {
  const scopes = ofAlert ? SCOPES : SCOPES.filter((one) => one !== 'alert');
  const category = filter.categories.length === 1 ? filter.categories[0] : '';
  return (
    <div className={styles.toolbar} role="group" aria-label="Filter of the activities">
      <Select
        size="small"
        aria-label="Scope"
        value={ofAlert ? filter.scope : reportScope(filter)}
        onChange={(_, data) => onChange({ scope: SCOPES.find((scope) => scope === data.value) ?? 'alert' })}
      >
        {scopes.map((scope) => (
          <option key={scope} value={scope}>
            {SCOPE_WORD[scope]}
          </option>
        ))}
      </Select>
      <Select
        size="small"
        aria-label="Category"
        value={category}
        onChange={(_, data) => onChange({ categories: CATEGORIES.filter((one) => one === data.value) })}
      >
        <option value="">All categories</option>
        {CATEGORIES.map((one) => (
          <option key={one} value={one}>
            {CATEGORY_LOOK[one].word}
          </option>
        ))}
      </Select>
      <IndicatorSelect filter={filter} onChange={onChange} />
      <DayInput label="From" day={filter.from} onDay={(from) => onChange({ from })} />
      <DayInput label="to" day={filter.to} onDay={(to) => onChange({ to })} />
      {isActivityFiltered(filter) && (
        <Button
          size="small"
          appearance="subtle"
          icon={<DismissRegular />}
          onClick={() => onChange({ categories: [], indicator: null, from: null, to: null })}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

function DayInput({ label, day, onDay }: { label: string; day: string | null; onDay: (day: string | null) => void }) {
  const id = useId();
  return (
    <span className={styles.day}>
      <label htmlFor={id}>{label}</label>
      <Input id={id} size="small" type="date" value={day ?? ''} onChange={(_, data) => onDay(data.value || null)} />
    </span>
  );
}

function IndicatorSelect({ filter, onChange }: Omit<Props, 'ofAlert'>) {
  const { data } = useIndicators(useMay('policies.read'));
  const known = data?.indicators ?? [];
  const missing = filter.indicator !== null && !known.some((one) => one.name === filter.indicator);
  if (known.length === 0 && !missing) return null;
  return (
    <Select
      size="small"
      className={styles.indicatorChoice}
      aria-label="Indicator"
      value={filter.indicator ?? ''}
      onChange={(_, data) => onChange({ indicator: data.value || null })}
    >
      <option value="">All indicators</option>
      {missing && <option value={filter.indicator ?? ''}>{filter.indicator}</option>}
      {known.map((one) => (
        <option key={one.name} value={one.name}>
          {one.title}
        </option>
      ))}
    </Select>
  );
}
