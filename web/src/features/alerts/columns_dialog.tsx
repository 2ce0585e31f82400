import { Button, Checkbox } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { ActFailed } from '../../shared/states/states';
import { ActDialog } from './decision_dialogs';
import styles from './dialogs.module.css';
import { columnLabel, QUEUE_COLUMNS, USUAL_COLUMNS, type QueueColumn } from './queue_columns';
import { useChooseQueue, useSaveView, type QueueView } from './queue_view_calls';

type Props = {
  columns: readonly QueueColumn[];
  open: QueueView | null;
  opensWith: string;
  onClose: () => void;
};

// Which columns, and in which order: by boxes and buttons, so that keys alone will do. With a view of one's own open they
// are the view's, else the viewer's.
export function ColumnsDialog({ columns, open, opensWith, onClose }: Props) {
  const ofView = open?.is_mine === true;
  const save = useSaveView();
  const choose = useChooseQueue();
  const [chosen, setChosen] = useState<readonly QueueColumn[]>(columns);
  const rows = [...chosen, ...QUEUE_COLUMNS.map((one) => one.id).filter((id) => !chosen.includes(id))];
  const toggle = (id: QueueColumn) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const move = (id: QueueColumn, step: 1 | -1) => {
    const at = chosen.indexOf(id);
    const other = chosen[at + step];
    if (at < 0 || other === undefined) return;
    setChosen(chosen.map((one) => (one === id ? other : one === other ? id : one)));
  };
  const submit = () => {
    if (open && ofView) {
      const parts = { name: open.name, sharing: open.sharing, query: open.query, columns: chosen };
      save.mutate({ id: open.id, parts }, { onSuccess: onClose });
    } else {
      choose.mutate({ columns: chosen, opensWith }, { onSuccess: onClose });
    }
  };
  const error = save.error ?? choose.error;
  return (
    <ActDialog
      title="Columns"
      act="Use these"
      ready={!save.isPending && !choose.isPending}
      failure={error && <ActFailed title="The columns stay as they were" error={error} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className={styles.lead}>
        {ofView
          ? 'Kept in the view that is open.'
          : open
            ? 'Kept for you; the view that is open has its own, and is changed by whoever saved it.'
            : 'Kept for you, wherever you sign in.'}
      </p>
      <ul className={styles.columns} aria-label="Columns">
        {rows.map((id) => {
          const at = chosen.indexOf(id);
          return (
            <li key={id}>
              <Checkbox
                label={columnLabel(id)}
                checked={at >= 0}
                disabled={id === 'policy'}
                onChange={() => toggle(id)}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<ArrowUpRegular />}
                aria-label={`Move ${columnLabel(id)} to the left`}
                disabledFocusable={at <= 0}
                onClick={() => move(id, -1)}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<ArrowDownRegular />}
                aria-label={`Move ${columnLabel(id)} to the right`}
                disabledFocusable={at < 0 || at === chosen.length - 1}
                onClick={() => move(id, 1)}
              />
            </li>
          );
        })}
      </ul>
      <div>
        <Button size="small" onClick={() => setChosen(USUAL_COLUMNS)}>
          The usual ones
        </Button>
      </div>
    </ActDialog>
  );
}
