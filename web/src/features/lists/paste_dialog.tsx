import { Checkbox, Field, Select, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { ChangeDialog } from './change_dialog';
import type { ListInfo } from './list_calls';
import styles from './lists.module.css';
import { headerOf } from './words';

type Props = { list: ListInfo; secondPerson: boolean; onClose: () => void };

// Many entries at once, pasted or from a file.
export function PasteDialog({ list, secondPerson, onClose }: Props) {
  const [format, setFormat] = useState<'csv' | 'yaml'>(list.csv ? 'csv' : 'yaml');
  const [text, setText] = useState(list.csv ? `${headerOf(list)}\n` : `${list.name}:\n`);
  const [replace, setReplace] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFormat(list.csv && file.name.toLowerCase().endsWith('.csv') ? 'csv' : 'yaml');
    setText(await file.text());
  };
  return (
    <ChangeDialog
      list={list}
      title={`Paste or upload: ${list.title}`}
      wish={text.trim() === '' ? null : { text, remove: '', format, mode: replace ? 'replace' : 'add' }}
      secondPerson={secondPerson}
      onClose={onClose}
    >
      {list.csv && (
        <Field label="Written as">
          <Select value={format} onChange={(_, data) => setFormat(data.value === 'csv' ? 'csv' : 'yaml')}>
            <option value="csv">CSV with a first line of column names</option>
            <option value="yaml">YAML, as {list.file}</option>
          </Select>
        </Field>
      )}
      <Field label="A file">
        <input
          type="file"
          aria-label="A file"
          accept=".csv,.yml,.yaml,.txt"
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </Field>
      <Field label="The text" hint={format === 'csv' ? `Columns: ${headerOf(list)}` : `Begins with ${list.name}:`}>
        <Textarea className={styles.code} value={text} rows={10} onChange={(_, data) => setText(data.value)} />
      </Field>
      <Checkbox
        checked={replace}
        label="It is the whole list: entries it does not name are taken out"
        onChange={(_, data) => setReplace(data.checked === true)}
      />
    </ChangeDialog>
  );
}
