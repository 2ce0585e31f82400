import { Button, Checkbox, Field, Select } from '@fluentui/react-components';
import { useState } from 'react';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { ReasonDialog } from '../people/reason_dialog';
import { useViewer } from '../session/session';
import {
  useDecideChange,
  useChangeViewer,
  type UnitAct,
  type ViewerChange,
  type ViewerAccount,
  type Viewers,
  type PriorityGroup,
  type Unit,
} from './viewer_calls';
import styles from './viewers.module.css';
import { ACTS, onlyNarrows, peopleInWords, sightInWords, entitlementsInWords } from './words';

export function ViewerTable({ viewers }: { viewers: Viewers }) {
  return (
    <TableFrame label="Viewers">
      <table className={table.table} aria-label="Viewers">
        <thead>
          <tr>
            <th scope="col">Viewer</th>
            <th scope="col">Role</th>
            <th scope="col">Sees</th>
            <th scope="col">Last sign-in</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {viewers.viewers.map((viewer) => (
            <ViewerRow key={viewer.user} viewer={viewer} viewers={viewers} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

type RowProps = { viewer: ViewerAccount; viewers: Viewers };

function ViewerRow({ viewer, viewers }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <RecordText text={viewer.user} />
        {viewer.of_provider && <span className={styles.words}>Of the identity provider</span>}
        {!viewer.known_person && (
          <span className={styles.words}>No account of theirs is known among the people watched over</span>
        )}
      </th>
      <td>{viewer.role === '' ? 'None' : <RecordText text={viewer.role} />}</td>
      <td>
        <RecordText text={sightInWords(viewer, viewers)} />
      </td>
      <td>{viewer.last_sign_in ? <Timestamp at={viewer.last_sign_in} /> : 'Never'}</td>
      <td>
        <ChangeCell viewer={viewer} viewers={viewers} />
      </td>
    </tr>
  );
}

function ChangeCell({ viewer, viewers }: RowProps) {
  const [open, setOpen] = useState(false);
  const { user } = useViewer();
  const own = viewer.user === user;
  return (
    <>
      {viewer.waiting && <Waiting viewer={viewer} viewers={viewers} waiting={viewer.waiting} />}
      {own && 'Somebody else must change what you may do and see'}
      {!own && viewers.may_change && (
        <Button size="small" aria-label={`Change what ${viewer.user} may do and see`} onClick={() => setOpen(true)}>
          Change…
        </Button>
      )}
      {open && <LimitDialog viewer={viewer} viewers={viewers} onClose={() => setOpen(false)} />}
    </>
  );
}

type WaitingProps = RowProps & { waiting: ViewerChange };

function Waiting({ viewer, viewers, waiting }: WaitingProps) {
  const [open, setOpen] = useState<UnitAct | null>(null);
  const { user } = useViewer();
  const asked = waiting.asked_by === user;
  const decides = !asked && viewer.user !== user && viewers.may_change;
  return (
    <div className={styles.waiting}>
      <strong>
        Waits: <RecordText text={entitlementsInWords(waiting, viewers)} />
      </strong>
      <span className={styles.words}>
        Asked for by <RecordText text={waiting.asked_by} />, <Timestamp at={waiting.asked_at} />:{' '}
        <RecordText text={waiting.reason} />
      </span>
      <span className={styles.acts}>
        {decides && (
          <Button size="small" appearance="primary" onClick={() => setOpen('approve')}>
            Approve
          </Button>
        )}
        {decides && (
          <Button size="small" onClick={() => setOpen('reject')}>
            Reject
          </Button>
        )}
        {asked && (
          <Button size="small" onClick={() => setOpen('withdraw')}>
            Take back
          </Button>
        )}
      </span>
      {asked && <span className={styles.words}>You asked for it: somebody else must approve.</span>}
      {open && <DecideDialog key={open} change={waiting} act={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

type DecideProps = { change: ViewerChange; act: UnitAct; onClose: () => void };

function DecideDialog({ change, act, onClose }: DecideProps) {
  // As it was shown when the dialog opened: what came to wait meanwhile was not looked at.
  const [number] = useState(change.number);
  const { mutate, error, isPending } = useDecideChange(number, act);
  const words = ACTS[act];
  return (
    <ReasonDialog
      title={words.title}
      act={words.act}
      lead={words.lead}
      failed="Nothing has changed"
      error={error}
      isPending={isPending}
      onSubmit={(reason) => mutate({ reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

type LimitProps = RowProps & { onClose: () => void };

function LimitDialog({ viewer, viewers, onClose }: LimitProps) {
  const [units, setUnits] = useState<readonly string[]>(viewer.units);
  const [reviews, setReviews] = useState<readonly string[]>(viewer.reviews);
  const [role, setRole] = useState(viewer.role);
  const { mutate, error, isPending } = useChangeViewer(viewer.user);
  // Which of two roles allows more is for the server to say: another one may.
  const mayWiden = (role !== viewer.role && role !== '') || !onlyNarrows(viewer, { units, reviews });
  const waits = viewers.second_person && mayWiden;
  const wanted = {
    ...(role === viewer.role ? {} : { role }),
    ...(isSame(units, viewer.units) ? {} : { units: units.join(',') }),
    ...(isSame(reviews, viewer.reviews) ? {} : { reviews: reviews.join(',') }),
  };
  return (
    <ReasonDialog
      title={`What ${viewer.user} may do and see`}
      act={waits ? 'Ask' : 'Change'}
      lead={
        waits
          ? 'This may give the viewer more, so it waits until a second person approves. Until then all stays as it is.'
          : 'It holds from the viewer’s next step on. Who changed it, when and why is kept with it.'
      }
      failed="Nothing has changed"
      error={error}
      ready={Object.keys(wanted).length > 0}
      isPending={isPending}
      onSubmit={(reason) => mutate({ ...wanted, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {!viewer.of_provider && (
        <Field label="Role">
          <Select value={role} onChange={(_, data) => setRole(data.value)}>
            <option value="">None: nothing may be done</option>
            {viewers.roles.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Choices
        legend="Only people in these units; none: everybody, as the role allows"
        among={viewers.units}
        had={viewer.units}
        chosen={units}
        onChoose={setUnits}
      />
      {(viewers.groups.length > 0 || viewer.reviews.length > 0) && (
        <Choices
          legend="Reviews these priority groups, whose people nobody else sees"
          among={viewers.groups}
          had={viewer.reviews}
          chosen={reviews}
          onChoose={setReviews}
        />
      )}
    </ReasonDialog>
  );
}

function isSame(these: readonly string[], those: readonly string[]): boolean {
  return these.length === those.length && these.every((one) => those.includes(one));
}

type ChoicesProps = {
  legend: string;
  among: readonly (Unit | PriorityGroup)[];
  had: readonly string[];
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
};

// Also one that is no longer there can be taken away, and is never given.
function Choices({ legend, among, had, chosen, onChoose }: ChoicesProps) {
  const gone = had.filter((id) => !among.some((one) => one.id === id));
  const choose = (id: string, on: boolean) => onChoose(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <fieldset className={styles.choices}>
      <legend>{legend}</legend>
      {among.map((one) => (
        <Checkbox
          key={one.id}
          label={
            'counted' in one && !one.counted
              ? one.name
              : `${one.name} (${peopleInWords(one.people).toLowerCase()} people)`
          }
          checked={chosen.includes(one.id)}
          onChange={(_, data) => choose(one.id, data.checked === true)}
        />
      ))}
      {gone.map((id) => (
        <Checkbox
          key={id}
          label={`${id} (no longer there: nobody)`}
          checked={chosen.includes(id)}
          onChange={(_, data) => choose(id, data.checked === true)}
        />
      ))}
    </fieldset>
  );
}
