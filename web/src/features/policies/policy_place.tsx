import { Button, Input } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { usePlacePolicy } from './policy_calls';
import styles from './policies.module.css';

type Placed = { id: string; name: string; place: number };

// Where a policy stands, and the ways to put it elsewhere: one up, one down, or the place itself and Enter.
export function PolicyPlace({
  policy,
  last,
  placing,
  onPlace,
}: {
  policy: Placed;
  last: number;
  placing: ReturnType<typeof usePlacePolicy>;
  onPlace: (policy: Placed, place: number) => void;
}) {
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(policy.place);
  if (shown !== policy.place) {
    setShown(policy.place);
    setTyped('');
  }
  const wanted = /^\d{1,5}$/.test(typed) ? Number(typed) : undefined;
  const commit = () => {
    if (wanted !== undefined && wanted >= 1 && wanted !== policy.place) onPlace(policy, Math.min(wanted, last));
    setTyped('');
  };
  return (
    <span className={styles.place}>
      <Input
        size="small"
        className={styles.placeInput}
        inputMode="numeric"
        aria-label={`Place of ${policy.name}, of ${last}`}
        title="Type another place and press Enter"
        value={typed === '' ? String(policy.place) : typed}
        maxLength={5}
        onChange={(_, data) => setTyped(data.value)}
        onBlur={() => setTyped('')}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setTyped('');
        }}
      />
      <Button
        id={`up-${policy.id}`}
        size="small"
        appearance="subtle"
        icon={<ArrowUpRegular />}
        aria-label={`Move ${policy.name} up`}
        disabledFocusable={policy.place === 1 || placing.isPending}
        onClick={() => onPlace(policy, policy.place - 1)}
      />
      <Button
        id={`down-${policy.id}`}
        size="small"
        appearance="subtle"
        icon={<ArrowDownRegular />}
        aria-label={`Move ${policy.name} down`}
        disabledFocusable={policy.place === last || placing.isPending}
        onClick={() => onPlace(policy, policy.place + 1)}
      />
    </span>
  );
}
