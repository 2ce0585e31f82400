import { Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import type { Schemas } from '../../shared/api/client';
import type { Draft } from './draft';
import styles from './policies.module.css';
import { LAWFUL_WORD } from './words';

// `withId`: also asks for the policy's id.
export function LawfulStartForm({
  choices,
  withId = false,
  onChange,
}: {
  choices: Schemas['PolicyTemplates'];
  withId?: boolean;
  onChange: (draft: Draft) => void;
}) {
  const [draft, setDraft] = useState<Draft>({
    id: '',
    purpose: '',
    legal_basis: '',
    agreement: '',
    impact_assessment: '',
    owner: '',
    countries: '',
    review_by: '',
  });
  const set = (change: Partial<Draft>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    onChange(next);
  };
  const words = (key: 'purpose' | 'legal_basis', list: Schemas['NamedMeaning'][]) => (
    <Field label={LAWFUL_WORD[key]}>
      <Select value={draft[key]} onChange={(_, { value }) => set({ [key]: value })}>
        <option value="">Not stated</option>
        {list.map((one) => (
          <option key={one.word} value={one.word}>
            {one.meaning}
          </option>
        ))}
      </Select>
    </Field>
  );
  const text = (key: 'agreement' | 'impact_assessment' | 'owner' | 'countries', hint: string) => (
    <Field label={LAWFUL_WORD[key]} hint={hint}>
      <Input value={draft[key]} maxLength={200} onChange={(_, { value }) => set({ [key]: value })} />
    </Field>
  );
  return (
    <fieldset className={styles.fieldset}>
      <legend>Lawful start</legend>
      <div className={styles.pair}>
        {withId && (
          <Field label="Id" hint="Small letters, digits, - and _; empty: the template’s">
            <Input value={draft.id} maxLength={64} onChange={(_, { value }) => set({ id: value.trim() })} />
          </Field>
        )}
        {words('purpose', choices.purposes)}
        {words('legal_basis', choices.legal_bases)}
        {text('agreement', 'Reference of the works agreement, or why none is needed')}
        {text('impact_assessment', 'Reference')}
        {text('owner', 'A function, not a name')}
        {text('countries', 'Two letters each, such as DE AT; or all')}
        <Field label={LAWFUL_WORD['review_by']}>
          <Input type="date" value={draft.review_by} onChange={(_, { value }) => set({ review_by: value })} />
        </Field>
      </div>
    </fieldset>
  );
}
