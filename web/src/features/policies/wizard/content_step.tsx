import { Radio, RadioGroup } from '@fluentui/react-components';
import { Link } from 'react-router';
import { useLists } from '../../lists/list_calls';
import { entriesInWords } from '../../lists/words';
import { useMay } from '../../session/session';
import styles from '../policies.module.css';
import { textAt } from './policy_file';
import type { StepProps } from './step_props';

const PRIORITY = ['sites', 'labels', 'sensitive_info_types'];

export function ContentStep({ file, set }: StepProps) {
  const mayRead = useMay('settings.read');
  const lists = useLists(mayRead);
  return (
    <div className={styles.form}>
      <RadioGroup
        aria-label="What counts"
        value={textAt(file, ['scores']) || 'everything'}
        onChange={(_, { value }) => set(['scores'], value === 'priority' ? value : '')}
      >
        <Radio value="everything" label="Everything; what touches priority content may have levels of its own" />
        <Radio value="priority" label="Only what touches priority content" />
      </RadioGroup>
      <p className={styles.note}>
        What is priority content is said once for all policies, in Settings: sites and labels of high worth. Kinds of
        files, keywords and classifiers are narrowed by detection groups, of which variants of indicators are made.
      </p>
      {lists.data && (
        <ul className={styles.list}>
          {lists.data.lists
            .filter(({ name }) => PRIORITY.includes(name) || name === 'groups')
            .map(({ name, title, entries }) => (
              <li key={name}>
                <Link to={`/settings/lists/${name}`}>{title}</Link>: {entriesInWords(entries)}
              </li>
            ))}
        </ul>
      )}
    </div>
  );
}
