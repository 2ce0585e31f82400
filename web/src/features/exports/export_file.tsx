import { Button, Field, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import { CallFailed } from '../../shared/api/client';
import { CutOff } from '../../shared/states/cut_off';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from '../alerts/decision_dialogs';
import { useSaveFile, type File } from './save_file';

const SHORTEST_RECIPIENT = 3;
const LONGEST_RECIPIENT = 200;
const NEEDS_RECIPIENT = 'exports.recipient_missing';

type Props = {
  file: File;
  act: string; // "Export CSV"
  busy?: string; // meanwhile
  failed?: string;
  size?: 'small' | 'medium';
  icon?: ReactElement;
};

// Saves a file that people are in: with the usual pseudonyms, or for somebody who shall not be able to join it with
// anything else. Where the organisation wants that of every file, the one button leads to it.
export function ExportFile({ file, act, busy = 'Exporting…', failed = 'Nothing was exported', size, icon }: Props) {
  const save = useSaveFile();
  const [asking, setAsking] = useState(false);
  const mustAsk = save.error instanceof CallFailed && save.error.id === NEEDS_RECIPIENT;
  const plain = () =>
    save.mutate(
      { file },
      { onError: (error) => setAsking(error instanceof CallFailed && error.id === NEEDS_RECIPIENT) },
    );
  return (
    <>
      <Button size={size} icon={icon} disabled={save.isPending} onClick={plain}>
        {save.isPending ? busy : act}
      </Button>
      <Menu positioning="below-end">
        <MenuTrigger disableButtonEnhancement>
          <Button
            size={size}
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            aria-label={`${act}: for whom`}
            disabled={save.isPending}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => setAsking(true)}>With pseudonyms of its own…</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <CutOff rows={save.data} />
      {save.error && !mustAsk && !asking && <ActFailed title={failed} error={save.error} />}
      {asking && <ForWhom file={file} act={act} onClose={() => setAsking(false)} />}
    </>
  );
}

function ForWhom({ file, act, onClose }: { file: File; act: string; onClose: () => void }) {
  const save = useSaveFile();
  const [recipient, setRecipient] = useState('');
  const said = recipient.trim();
  return (
    <ActDialog
      title={`${act} with pseudonyms of its own`}
      act={save.isPending ? 'Making it…' : 'Make the file'}
      ready={said.length >= SHORTEST_RECIPIENT && !save.isPending}
      failure={save.error && <ActFailed title="Nothing was exported" error={save.error} />}
      onSubmit={() => save.mutate({ file, recipient: said }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        People and ids are called in this file as in no other one, so that two recipients cannot join theirs. No name is
        in it, even one that you see now. Whoever may lift names can find out later whom one stands for.
      </p>
      <Field
        label="Who gets it, and what for"
        required
        hint={`At least ${SHORTEST_RECIPIENT} characters. Kept in the audit log, with the number of the export.`}
      >
        <Input
          value={recipient}
          maxLength={LONGEST_RECIPIENT}
          autoComplete="off"
          onChange={(_, data) => setRecipient(data.value)}
        />
      </Field>
    </ActDialog>
  );
}
