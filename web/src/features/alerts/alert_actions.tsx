import { Button } from '@fluentui/react-components';
import { CheckmarkRegular, DismissCircleRegular, EyeOffRegular, EyeRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useHeadingAfterwards } from '../../shared/focus/focus';
import { CaseActions } from '../cases/open_case';
import { useMay } from '../session/session';
import { useEndLift, useLifts, type Alert } from './alert_calls';
import { ConfirmDialog, DismissDialog } from './decision_dialogs';
import { LiftDialog } from './lift_dialog';

type Open = 'none' | 'dismiss' | 'confirm' | 'lift';

// What this viewer may do with the alert in the state it is in.
export function AlertActions({ alert }: { alert: Alert }) {
  const [open, setOpen] = useState<Open>('none');
  const mayDecide = useMay('alerts.decide');
  const mayLift = useMay('people.lift');
  const close = () => setOpen('none');
  const isOpen = alert.status === 'needs_review' || alert.status === 'confirmed';

  return (
    <>
      {mayLift && alert.person.name === null && (
        <Button icon={<EyeRegular />} onClick={() => setOpen('lift')}>
          Show name…
        </Button>
      )}
      {mayLift && alert.person.name !== null && <EndLift alert={alert} />}
      {mayDecide && isOpen && (
        <Button icon={<DismissCircleRegular />} onClick={() => setOpen('dismiss')}>
          Dismiss…
        </Button>
      )}
      <CaseActions alert={alert} />
      {mayDecide && alert.status === 'needs_review' && (
        <Button appearance="primary" icon={<CheckmarkRegular />} onClick={() => setOpen('confirm')}>
          Confirm…
        </Button>
      )}
      {open === 'dismiss' && <DismissDialog alert={alert} onClose={close} />}
      {open === 'confirm' && <ConfirmDialog alert={alert} onClose={close} />}
      {open === 'lift' && <LiftDialog alertId={alert.id} onClose={close} />}
    </>
  );
}

function EndLift({ alert }: { alert: Alert }) {
  useHeadingAfterwards();
  const lifts = useLifts();
  const end = useEndLift();
  const mine = lifts.data?.lifts.filter((lift) => lift.person.pseudonym === alert.person.pseudonym) ?? [];
  return (
    <Button
      icon={<EyeOffRegular />}
      disabled={mine.length === 0 || end.isPending}
      onClick={() => mine.forEach((lift) => end.mutate(lift.id))}
    >
      Hide name
    </Button>
  );
}
