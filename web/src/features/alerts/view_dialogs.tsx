import { Checkbox, Field, Input, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { ActFailed } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { ActDialog } from './decision_dialogs';
import styles from './dialogs.module.css';
import type { QueueColumn } from './queue_columns';
import type { QueueFilter } from './queue_filter';
import { losesText, queryOfView, useChooseQueue, useDeleteView, useSaveView, type QueueView } from './queue_view_calls';

const LONGEST_NAME = 60;

type SaveProps = {
  filter: QueueFilter;
  columns: readonly QueueColumn[];
  view: QueueView | null; // null: a new one
  choice: Schemas['QueueViews'];
  onSaved: (view: QueueView) => void;
  onClose: () => void;
};

// Keeps what the queue shows now, under a name.
export function SaveViewDialog({ filter, columns, view, choice, onSaved, onClose }: SaveProps) {
  const save = useSaveView();
  const choose = useChooseQueue();
  const wasFirst = view !== null && choice.opens_with === view.id;
  const [name, setName] = useState(view?.name ?? '');
  const [sharing, setSharing] = useState<QueueView['sharing']>(view?.sharing ?? 'private');
  const [first, setFirst] = useState(wasFirst);
  const isBusy = save.isPending || choose.isPending;
  const submit = async () => {
    try {
      const parts = { name: name.trim(), sharing, query: queryOfView(filter), columns };
      const saved = await save.mutateAsync({ id: view?.id ?? null, parts });
      if (first !== wasFirst) {
        await choose.mutateAsync({ columns: choice.columns, opensWith: first ? saved.id : '' });
      }
      onSaved(saved);
      onClose();
    } catch {
      // Shown below.
    }
  };
  const error = save.error ?? choose.error;
  return (
    <ActDialog
      title={view ? 'Change this view' : 'Save as a new view'}
      act="Save"
      ready={name.trim() !== '' && !isBusy}
      failure={error && <ActFailed title="The view is not as it should be" error={error} />}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className={styles.lead}>
        The filter, order, rows and columns the queue has now.
        {losesText(filter) &&
          ' Not the text that is searched for: only a whole pseudonym is kept, for a view names nobody.'}
      </p>
      <Field label="Name" required hint="Names of people do not belong here.">
        <Input value={name} maxLength={LONGEST_NAME} autoComplete="off" onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label="For">
        <RadioGroup value={sharing} onChange={(_, data) => setSharing(data.value as QueueView['sharing'])}>
          <Radio value="private" label="Me" />
          <Radio value="shared" label="Everybody who may read alerts" />
        </RadioGroup>
      </Field>
      <Checkbox
        label="The queue opens with it for me"
        checked={first}
        onChange={(_, data) => setFirst(data.checked === true)}
      />
    </ActDialog>
  );
}

export function DeleteViewDialog({
  view,
  onDeleted,
  onClose,
}: {
  view: QueueView;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const remove = useDeleteView();
  return (
    <ActDialog
      title="Delete this view"
      act="Delete"
      ready={!remove.isPending}
      failure={remove.error && <ActFailed title="The view is still there" error={remove.error} />}
      onSubmit={() =>
        remove.mutate(view.id, {
          onSuccess: () => {
            onDeleted();
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p className={styles.lead}>
        “<RecordText text={view.name} />” {view.sharing === 'shared' ? 'is gone for everybody then' : 'is gone then'}.
        The alerts stay as they are.
      </p>
    </ActDialog>
  );
}
