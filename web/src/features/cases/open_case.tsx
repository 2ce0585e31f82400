import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { visibleText } from '../../shared/text/visible';
import { Empty, Failed, Loading } from '../../shared/states/states';
import type { Alert } from '../alerts/alert_calls';
import { ReasonDialog } from '../people/reason_dialog';
import { useMay } from '../session/session';
import { useAddAlert, useCases, useOpenCase } from './case_calls';

const LONGEST_TITLE = 200;

// What may be done with an alert that is in no case: a new case, or one about the same person that is open.
export function CaseActions({ alert }: { alert: Alert }) {
  const [open, setOpen] = useState<'none' | 'new' | 'add'>('none');
  const mayWork = useMay('cases.work');
  const isOpen = alert.status === 'needs_review' || alert.status === 'confirmed';
  const close = () => setOpen('none');
  if (!mayWork || !isOpen || alert.case !== null) return null;
  return (
    <>
      <Button onClick={() => setOpen('new')}>Open a case…</Button>
      <Button onClick={() => setOpen('add')}>Add to case…</Button>
      {open === 'new' && <OpenCaseDialog alert={alert} onClose={close} />}
      {open === 'add' && <AddToCaseDialog alert={alert} onClose={close} />}
    </>
  );
}

function whatHappens(alert: Alert): string {
  return alert.status === 'needs_review' ? ' The alert is confirmed, with this reason as its note.' : '';
}

function OpenCaseDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { mutate, error, isPending } = useOpenCase();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  return (
    <ReasonDialog
      title="Open a case"
      act="Open"
      lead={`About ${alert.person.pseudonym}, with you as its owner.${whatHappens(alert)} Leave names out.`}
      failed="No case was opened"
      error={error}
      ready={title.trim() !== ''}
      isPending={isPending}
      onSubmit={(reason) =>
        mutate(
          { alert_id: alert.id, title: title.trim(), reason },
          { onSuccess: (opened) => void navigate(`/cases/${opened.id}`) },
        )
      }
      onClose={onClose}
    >
      <Field label="Title" required>
        <Input
          value={title}
          maxLength={LONGEST_TITLE}
          autoComplete="off"
          onChange={(_, data) => setTitle(data.value)}
        />
      </Field>
    </ReasonDialog>
  );
}

function AddToCaseDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const cases = useCases({ alert: alert.id, state: 'open' }, 1);
  const { mutate, error, isPending } = useAddAlert();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState('');
  const found = cases.data?.cases ?? [];
  const caseId = chosen || (found[0]?.id ?? '');
  return (
    <ReasonDialog
      title="Add to a case"
      act="Add"
      lead={`Open cases about ${alert.person.pseudonym}.${whatHappens(alert)}`}
      failed="The alert was not added"
      error={error}
      ready={caseId !== ''}
      isPending={isPending}
      onSubmit={(reason) =>
        mutate({ caseId, alert_id: alert.id, reason }, { onSuccess: () => void navigate(`/cases/${caseId}`) })
      }
      onClose={onClose}
    >
      {cases.isPending && <Loading what="cases" rows={1} />}
      {cases.error && <Failed error={cases.error} what="cases" retry={() => void cases.refetch()} />}
      {cases.data && found.length === 0 && (
        <Empty title="No case about this person is open">Open a case instead.</Empty>
      )}
      {found.length > 0 && (
        <Field label="Case" required>
          <Select value={caseId} onChange={(_, { value }) => setChosen(value)}>
            {found.map((one) => (
              <option key={one.id} value={one.id}>
                {`${one.number}: ${visibleText(one.title)} (${one.owner})`}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </ReasonDialog>
  );
}
