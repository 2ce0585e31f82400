import { Button, Checkbox, Input, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { ColumnTripleRegular, SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import { toggled } from './columns';
import styles from './explorer.module.css';

type Props = {
  fields: readonly Schemas['ActivityField'][];
  columns: readonly string[];
  // null: back to the usual ones.
  onChoose: (columns: readonly string[] | null) => void;
};

export function ColumnChoice({ fields, columns, onChoose }: Props) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = fields.filter((field) => `${field.name} ${field.description}`.toLowerCase().includes(wanted));
  return (
    <Popover positioning="below-end" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button size="small" icon={<ColumnTripleRegular />}>
          Columns
        </Button>
      </PopoverTrigger>
      <PopoverSurface aria-label="Columns">
        <div className={styles.columns}>
          <Input
            aria-label="Find a column"
            placeholder="Find a column"
            contentBefore={<SearchRegular />}
            value={text}
            onChange={(_, data) => setText(data.value)}
          />
          <div className={styles.columnList} role="group" aria-label="Columns shown">
            {shown.map((field) => (
              <Checkbox
                key={field.name}
                label={field.name}
                title={field.description}
                checked={columns.includes(field.name)}
                onChange={() => onChoose(toggled(fields, columns, field.name))}
              />
            ))}
          </div>
          <div className={styles.columnFoot}>
            <span>{columns.length} shown, remembered in this browser</span>
            <Button size="small" appearance="subtle" onClick={() => onChoose(null)}>
              Usual ones
            </Button>
          </div>
        </div>
      </PopoverSurface>
    </Popover>
  );
}
