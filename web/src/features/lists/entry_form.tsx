import { Field, Input, Select, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { Failed, Loading } from '../../shared/states/states';
import { ChangeDialog } from './change_dialog';
import { useListEntry, type ListEntry, type ListInfo } from './list_calls';
import styles from './lists.module.css';
import { fieldTitle, linesOf, missingIn, textOf, valuesOf, type Values } from './words';

type Props = { list: ListInfo; secondPerson: boolean; onClose: () => void };

// One entry: a new one, or one that is there with all it says.
export function EntryDialog({ name, ...rest }: Props & { name: string | null }) {
  const { data, error, isPending } = useListEntry(rest.list.name, name);
  if (name !== null && error) return <Failed error={error} what="the entry" />;
  if (name !== null && isPending) return <Loading what="the entry" rows={3} />;
  return <EntryForm {...rest} entry={data} />;
}

function EntryForm({ list, secondPerson, entry, onClose }: Props & { entry: ListEntry | undefined }) {
  const [values, setValues] = useState<Values>(() => valuesOf(entry));
  const missing = missingIn(list, values);
  // Another key would be another entry: then the one that was changed goes.
  const key = list.fields[0]?.name ?? 'name';
  const moved =
    entry !== undefined &&
    (values[key] !== valuesOf(entry)[key] || (values.from ?? '') !== (valuesOf(entry).from ?? ''));
  const set = (name: string) => (_: unknown, data: { value: string }) => setValues({ ...values, [name]: data.value });
  return (
    <ChangeDialog
      list={list}
      title={entry ? `Change an entry: ${list.title}` : `Add an entry: ${list.title}`}
      wish={
        missing.length > 0
          ? null
          : { text: textOf(list, values), remove: moved && entry ? entry.name : '', format: 'yaml', mode: 'add' }
      }
      secondPerson={secondPerson}
      onClose={onClose}
    >
      {list.fields.map(({ name, required, many, choices }) => {
        const value = values[name] ?? '';
        if (choices.length > 0)
          return (
            <Field key={name} label={fieldTitle(name)} required={required}>
              <Select value={value} onChange={set(name)}>
                <option value="">{required ? 'Choose' : 'Not said'}</option>
                {choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {fieldTitle(choice)}
                  </option>
                ))}
              </Select>
            </Field>
          );
        if (many)
          return (
            <Field
              key={name}
              label={fieldTitle(name)}
              hint={
                value ? `${linesOf(value).length.toLocaleString()} lines` : 'One a line; paste as many as there are'
              }
            >
              <Textarea className={styles.code} value={value} rows={value ? 4 : 1} onChange={set(name)} />
            </Field>
          );
        return (
          <Field key={name} label={fieldTitle(name)} required={required}>
            <Input
              type={name === 'from' || name === 'to' || name === 'date' ? 'date' : 'text'}
              value={value}
              onChange={set(name)}
            />
          </Field>
        );
      })}
    </ChangeDialog>
  );
}
