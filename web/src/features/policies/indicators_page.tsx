import { Input, Select } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { CATEGORIES, CATEGORY_LOOK, CategoryName } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import styles from './policies.module.css';
import { useIndicators } from './policy_calls';

type Indicator = Schemas['Indicator'];

const INTRUSION_WORD = ['', 'File metadata', 'Communication metadata', 'Content', 'Private life'];
const DIMENSIONS = ['all', 'sensitive', 'priority', 'unallowed'] as const;

export default function IndicatorsPage() {
  const { data, error, isPending, refetch } = useIndicators();
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get('text') ?? '';
  const category = parameters.get('category') ?? '';
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(parameters);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setParameters(changed, { replace: true });
  };
  const shown = (data?.indicators ?? []).filter((one) => fits(one, text, category));

  return (
    <Page
      title="Indicators"
      lead="Named kinds of risky activity. Thresholds are activities a day; a policy may set its own."
      actions={data && <span aria-live="polite">{`${shown.length} of ${data.indicators.length}`}</span>}
    >
      <div className={styles.filters}>
        <Input
          type="search"
          aria-label="Find an indicator"
          placeholder="Find an indicator"
          contentBefore={<SearchRegular />}
          value={text}
          onChange={(_, value) => set('text', value.value)}
        />
        <Select aria-label="Category" value={category} onChange={(_, value) => set('category', value.value)}>
          <option value="">All categories</option>
          {CATEGORIES.map((one) => (
            <option key={one} value={one}>
              {CATEGORY_LOOK[one].word}
            </option>
          ))}
        </Select>
      </div>
      {isPending && <Loading what="indicators" rows={12} />}
      {error && <Failed error={error} what="the indicators" retry={() => void refetch()} />}
      {data && shown.length === 0 && <Empty title="No indicator matches" />}
      {shown.length > 0 && (
        <TableFrame label="Indicators">
          <table className={table.table} aria-label="Indicators">
            <thead>
              <tr>
                <th scope="col">Indicator</th>
                <th scope="col" className={styles.middle}>
                  Category
                </th>
                <th scope="col" className={styles.wide}>
                  Workload
                </th>
                <th scope="col" className={styles.wide}>
                  Looks at
                </th>
                <th scope="col" className={styles.middle}>
                  Low / medium / high
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((indicator) => (
                <IndicatorRow key={indicator.id} indicator={indicator} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Page>
  );
}

function fits(indicator: Indicator, text: string, category: string): boolean {
  if (category && indicator.category !== category) return false;
  const words = `${indicator.title} ${indicator.name} ${indicator.description} ${indicator.workload}`.toLowerCase();
  return words.includes(text.trim().toLowerCase());
}

function IndicatorRow({ indicator }: { indicator: Indicator }) {
  return (
    <tr>
      <th scope="row">
        <strong>
          <RecordText text={indicator.title} />
        </strong>{' '}
        <span className={styles.code}>{indicator.name}</span>
        <span className={styles.words}>
          <RecordText text={indicator.description} />
        </span>
        <span className={styles.narrow}>
          <CategoryName category={indicator.category} />
          <AllLevels indicator={indicator} />
        </span>
      </th>
      <td className={styles.middle}>
        <CategoryName category={indicator.category} />
      </td>
      <td className={styles.wide}>
        <RecordText text={indicator.workload} />
      </td>
      <td className={styles.wide}>{INTRUSION_WORD[indicator.intrusion]}</td>
      <td className={`${styles.levels} ${styles.middle}`}>
        <AllLevels indicator={indicator} />
      </td>
    </tr>
  );
}

function AllLevels({ indicator }: { indicator: Indicator }) {
  return DIMENSIONS.filter((dimension) => differs(indicator, dimension)).map((dimension) => (
    <div key={dimension}>
      {levelsInWords(indicator.levels[dimension])}
      {dimension !== 'all' && ` ${dimension}`}
    </div>
  ));
}

// A row of thresholds that only repeats the first one says nothing.
function differs(indicator: Indicator, dimension: (typeof DIMENSIONS)[number]): boolean {
  return dimension === 'all' || levelsInWords(indicator.levels[dimension]) !== levelsInWords(indicator.levels.all);
}

function levelsInWords(levels: Schemas['Levels']): string {
  return `${levels.low.toLocaleString()} / ${levels.medium.toLocaleString()} / ${levels.high.toLocaleString()}`;
}
