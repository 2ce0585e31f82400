import { Field, Input, Select, Textarea } from '@fluentui/react-components';
import styles from '../policies.module.css';
import { LAWFUL_WORD } from '../words';
import { textAt, valueAt } from './policy_file';
import type { StepProps } from './step_props';
import { at } from './steps';

export function AboutStep({ file, problems, set }: StepProps) {
  return (
    <div className={styles.form}>
      <Field label="Name" required validationMessage={at(problems, ['name'])}>
        <Input value={textAt(file, ['name'])} maxLength={200} onChange={(_, { value }) => set(['name'], value)} />
      </Field>
      <Field
        label="Id"
        required
        hint="Stays for ever: alerts belong to it. Another id than that of a policy that is there makes a new one."
        validationMessage={at(problems, ['id'])}
      >
        <Input value={textAt(file, ['id'])} maxLength={64} onChange={(_, { value }) => set(['id'], value.trim())} />
      </Field>
      <Field
        label="Description"
        hint="For whoever agrees to it and whoever reads its alerts"
        validationMessage={at(problems, ['description'])}
      >
        <Textarea
          value={textAt(file, ['description'])}
          maxLength={4000}
          rows={4}
          onChange={(_, { value }) => set(['description'], value)}
        />
      </Field>
    </div>
  );
}

export function LawfulStep({ file, problems, choices, set }: StepProps) {
  const path = (key: string) => ['lawful_start', key];
  const countries = valueAt(file, path('countries'));
  const shown = Array.isArray(countries) ? countries.join(' ') : textAt(file, path('countries'));
  const words = (key: 'purpose' | 'legal_basis', all: StepProps['choices']['purposes']) => (
    <Field label={LAWFUL_WORD[key]} validationMessage={at(problems, path(key))}>
      <Select value={textAt(file, path(key))} onChange={(_, { value }) => set(path(key), value)}>
        <option value="">Not stated</option>
        {all.map(({ word, meaning }) => (
          <option key={word} value={word}>
            {meaning}
          </option>
        ))}
      </Select>
    </Field>
  );
  const text = (key: 'agreement' | 'impact_assessment' | 'owner', hint: string) => (
    <Field label={LAWFUL_WORD[key]} hint={hint} validationMessage={at(problems, path(key))}>
      <Input
        value={textAt(file, path(key))}
        maxLength={key === 'owner' ? 200 : 500}
        onChange={(_, { value }) => set(path(key), value)}
      />
    </Field>
  );
  return (
    <div className={styles.form}>
      <p className={styles.note}>
        All of it is needed before a policy looks at real people. What is not known yet can be added later: until then
        it is a draft that scores nobody.
      </p>
      <div className={styles.pair}>
        {words('purpose', choices.purposes)}
        {words('legal_basis', choices.legal_bases)}
        {text('agreement', 'Reference of the works agreement, or why none is needed')}
        {text('impact_assessment', 'Reference')}
        {text('owner', 'A function, not a name')}
        <Field
          label={LAWFUL_WORD['countries']}
          hint="Two letters each, such as DE AT; or all"
          validationMessage={at(problems, path('countries'))}
        >
          <Input
            defaultValue={shown}
            maxLength={600}
            onChange={(_, { value }) => set(path('countries'), countriesOf(value))}
          />
        </Field>
        <Field label={LAWFUL_WORD['review_by']} validationMessage={at(problems, path('review_by'))}>
          <Input
            type="date"
            value={textAt(file, path('review_by'))}
            onChange={(_, { value }) => set(path('review_by'), value)}
          />
        </Field>
      </div>
    </div>
  );
}

export function countriesOf(text: string): string | string[] {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 1 && words[0]?.toLowerCase() === 'all') return 'all';
  return words.map((one) => one.toUpperCase());
}
