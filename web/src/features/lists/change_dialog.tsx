import { Button, Field, MessageBar, MessageBarBody, Textarea } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import { Differences } from './differences';
import { useAskList, usePlanList, type ListInfo, type ListPlan, type ListWish } from './list_calls';
import styles from './lists.module.css';

const SHORTEST_REASON = 10;

type Props = {
  list: ListInfo;
  title: string;
  // What is wanted; null while the form says too little.
  wish: ListWish | null;
  secondPerson: boolean;
  children: ReactNode;
  onClose: () => void;
  // Looks at once: there is nothing to fill in.
  sure?: boolean;
};

// First what is wanted, then what would differ, with the faults and the reason.
export function ChangeDialog({ list, title, wish, secondPerson, children, onClose }: Props) {
  const [looked, setLooked] = useState<{ wish: ListWish; plan: ListPlan } | null>(null);
  const [reason, setReason] = useState('');
  const plan = usePlanList(list.name);
  const ask = useAskList(list.name);
  const faulty = looked?.plan.faults.some(({ error }) => error) ?? false;
  const ready = looked ? !faulty && looked.plan.total > 0 && reason.trim().length >= SHORTEST_REASON : wish !== null;
  const look = () => {
    if (!wish) return;
    plan.mutate(wish, { onSuccess: (found) => setLooked({ wish, plan: found }) });
  };
  const failed = looked ? ask.error : plan.error;
  return (
    <ActDialog
      title={title}
      act={looked ? (looked.plan.waits ? 'Ask' : 'Change') : 'Look at what differs'}
      ready={ready && !plan.isPending && !ask.isPending}
      failure={failed && <ActFailed title="Nothing has changed" error={failed} />}
      onSubmit={() => (looked ? ask.mutate({ ...looked.wish, reason: reason.trim() }, { onSuccess: onClose }) : look())}
      onClose={onClose}
    >
      {!looked && <div className={styles.form}>{children}</div>}
      {looked && (
        <div className={styles.form}>
          <Faults plan={looked.plan} />
          {looked.plan.total === 0 && !faulty && <p className={styles.about}>The list says all of it already.</p>}
          {looked.plan.total > 0 && <Differences total={looked.plan.total} differences={looked.plan.differences} />}
          <p className={styles.words}>
            {looked.plan.unchanged > 0 && `${looked.plan.unchanged.toLocaleString()} are so already. `}
            {looked.plan.waits
              ? 'It waits until a second person approves.'
              : secondPerson
                ? 'Nobody else has to agree to changes of this list.'
                : 'People here are invented ones: nobody else has to agree.'}
            {list.decides_matching && ' Records are read by it once it is taken up.'}
          </p>
          <div>
            <Button size="small" onClick={() => setLooked(null)}>
              Back to what is wanted
            </Button>
          </div>
          {!faulty && looked.plan.total > 0 && (
            <Field label="Reason" required hint={`At least ${SHORTEST_REASON} characters; kept with the change.`}>
              <Textarea value={reason} maxLength={1000} rows={2} onChange={(_, data) => setReason(data.value)} />
            </Field>
          )}
        </div>
      )}
    </ActDialog>
  );
}

function Faults({ plan }: { plan: ListPlan }) {
  if (plan.faults.length === 0) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <ul className={styles.faults} aria-label="Faults">
          {plan.faults.map((fault, at) => (
            <li key={at}>
              {fault.file !== 'text' && fault.file !== 'names' && `${fault.file}: `}
              {fault.line > 0 && `Line ${fault.line}: `}
              {fault.message}
              {fault.hint && `; ${fault.hint}`}
            </li>
          ))}
        </ul>
        {plan.total_faults > plan.faults.length &&
          `And ${(plan.total_faults - plan.faults.length).toLocaleString()} more.`}
      </MessageBarBody>
    </MessageBar>
  );
}
