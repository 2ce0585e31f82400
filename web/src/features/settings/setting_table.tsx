import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { ReasonDialog } from '../people/reason_dialog';
import { useMay, useViewer } from '../session/session';
import { useAskSetting, useDecideSetting, type Change, type Decision, type Setting } from './setting_calls';
import styles from './settings.module.css';
import { ACTS, CHANGES_WORD, SETTING_WORD, titleOf, valueInWords, wantedInWords } from './words';

type Props = { label: string; file: string; secondPerson: boolean; settings: readonly Setting[] };

// The settings of one section: what holds, where that comes from, what may be done about it.
export function SettingTable({ label, file, secondPerson, settings }: Props) {
  return (
    <TableFrame label={label}>
      <table className={table.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Value</th>
            <th scope="col">Where it comes from</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <SettingRow key={setting.name} setting={setting} file={file} secondPerson={secondPerson} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

type RowProps = { setting: Setting; file: string; secondPerson: boolean };

function SettingRow({ setting, file, secondPerson }: RowProps) {
  return (
    <tr>
      <th scope="row">
        {titleOf(setting.name)} <code className={styles.code}>{setting.name}</code>
        <span className={styles.words}>{SETTING_WORD[setting.name]?.about}</span>
      </th>
      <td className={styles.value}>
        <RecordText text={valueInWords(setting, setting.value)} />
        {setting.value !== setting.default && (
          <span className={styles.words}>
            By default <RecordText text={valueInWords(setting, setting.default)} />
          </span>
        )}
      </td>
      <td>
        <Origin setting={setting} file={file} />
      </td>
      <td>
        <ChangeCell setting={setting} file={file} secondPerson={secondPerson} />
      </td>
    </tr>
  );
}

function Origin({ setting, file }: { setting: Setting; file: string }) {
  const { origin, line, since, change } = setting;
  if (origin === 'default') return 'Default: the file does not name it';
  if (origin === 'file') {
    return (
      <>
        {`${file}, line ${line ?? '?'}`}
        {since && (
          <span className={styles.words}>
            Written <Timestamp at={since} />
          </span>
        )}
      </>
    );
  }
  return (
    <>
      {`Change ${change?.number ?? ''}`}
      {since && (
        <>
          , <Timestamp at={since} />
        </>
      )}
      {change && (
        <span className={styles.words}>
          By <RecordText text={change.asked_by} />
          {change.decided_by && (
            <>
              {' '}
              and <RecordText text={change.decided_by} />
            </>
          )}
          : <RecordText text={change.reason} />
        </span>
      )}
      <span className={styles.words}>
        {`${file}${line ? `, line ${line},` : ''} says `}
        <RecordText text={valueInWords(setting, setting.in_file)} />
      </span>
    </>
  );
}

function ChangeCell({ setting, file, secondPerson }: RowProps) {
  const [open, setOpen] = useState(false);
  const mayWrite = useMay('settings.write');
  if (setting.changes === 'in_file_only') return CHANGES_WORD.in_file_only;
  return (
    <>
      {setting.waiting && <Waiting setting={setting} waiting={setting.waiting} />}
      {mayWrite ? (
        <Button size="small" aria-label={`Change ${titleOf(setting.name)}`} onClick={() => setOpen(true)}>
          Change…
        </Button>
      ) : (
        !setting.waiting && 'You may not change it'
      )}
      {secondPerson && <span className={styles.words}>{CHANGES_WORD[setting.changes]}</span>}
      {open && <AskDialog setting={setting} file={file} secondPerson={secondPerson} onClose={() => setOpen(false)} />}
    </>
  );
}

function Waiting({ setting, waiting }: { setting: Setting; waiting: Change }) {
  const [open, setOpen] = useState<Decision | null>(null);
  const { user } = useViewer();
  const mayWrite = useMay('settings.write');
  const mayApprove = useMay('policies.approve');
  const own = waiting.asked_by === user;
  return (
    <div className={styles.waiting}>
      <strong>
        Waits: <RecordText text={wantedInWords(setting, waiting)} />
      </strong>
      <span className={styles.words}>
        Asked for by <RecordText text={waiting.asked_by} />, <Timestamp at={waiting.asked_at} />:{' '}
        <RecordText text={waiting.reason} />
      </span>
      <span className={styles.acts}>
        {mayApprove && !own && (
          <Button size="small" appearance="primary" onClick={() => setOpen('approve')}>
            Approve
          </Button>
        )}
        {mayApprove && !own && (
          <Button size="small" onClick={() => setOpen('reject')}>
            Reject
          </Button>
        )}
        {own && mayWrite && (
          <Button size="small" onClick={() => setOpen('withdraw')}>
            Take back
          </Button>
        )}
      </span>
      {own && <span className={styles.words}>You asked for it: somebody else must approve.</span>}
      {open && <DecideDialog key={open} change={waiting} decision={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

type DecideProps = { change: Change; decision: Decision; onClose: () => void };

function DecideDialog({ change, decision, onClose }: DecideProps) {
  // As it was shown when the dialog opened: what came to wait meanwhile was not looked at.
  const [number] = useState(change.number);
  const { mutate, error, isPending } = useDecideSetting(change.setting, decision);
  const words = ACTS[decision];
  return (
    <ReasonDialog
      title={words.title}
      act={words.act}
      lead={words.lead}
      failed="Nothing has changed"
      error={error}
      isPending={isPending}
      onSubmit={(reason) => mutate({ reason, number }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

type AskProps = { setting: Setting; file: string; secondPerson: boolean; onClose: () => void };

function AskDialog({ setting, file, secondPerson, onClose }: AskProps) {
  const [value, setValue] = useState(setting.value);
  const { mutate, error, isPending } = useAskSetting(setting.name);
  const wanted = value === '' ? setting.in_file : value;
  const waits = secondPerson && (setting.changes === 'with_second_person' || wanted === 'true');
  const changed = setting.origin === 'changed';
  return (
    <ReasonDialog
      title={`Change: ${titleOf(setting.name)}`}
      act={waits ? 'Ask' : 'Change'}
      lead={
        waits
          ? 'It waits until a second person approves. What holds stays as it is until then.'
          : 'It holds from now on. Who changed it, when and why is kept with it.'
      }
      failed="Nothing has changed"
      error={error}
      ready={value !== setting.value}
      isPending={isPending}
      onSubmit={(reason) => mutate({ value, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {setting.kind === 'yes_or_no' ? (
        <Field label={titleOf(setting.name)}>
          <Select value={value} onChange={(_, data) => setValue(data.value)}>
            <option value="true">On</option>
            <option value="false">Off</option>
            {changed && <option value="">{`What ${file} says: ${valueInWords(setting, setting.in_file)}`}</option>}
          </Select>
        </Field>
      ) : (
        <Field
          label={titleOf(setting.name)}
          hint={`${setting.least ?? ''} to ${setting.most ?? ''}${changed ? `; nothing: what ${file} says, ${setting.in_file}` : ''}`}
        >
          {/* Without bounds of its own: the file's reader judges, with its messages. */}
          <Input type="number" value={value} onChange={(_, data) => setValue(data.value)} />
        </Field>
      )}
    </ReasonDialog>
  );
}
