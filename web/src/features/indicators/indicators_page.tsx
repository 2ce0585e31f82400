import { Input, Select } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { CATEGORIES, CATEGORY_LOOK, CategoryName } from '../../shared/category/category';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDay } from '../../shared/time/format';
import { Exclusions } from './exclusions';
import { useCoverage, useIndicators, type Coverage, type Health, type Indicator } from './indicator_calls';
import styles from './indicators.module.css';
import { TryRecord } from './try_record';
import {
  fedInWords,
  hitsInWords,
  INTRUSION_WORD,
  isOnSomewhere,
  narrowingInWords,
  SEEN_FILTERS,
  stateInWords,
} from './words';

const DIMENSIONS = ['all', 'sensitive', 'priority', 'unallowed'] as const;

type Filter = { text: string; category: string; workload: string; state: string; seen: string };

export default function IndicatorsPage() {
  const { data, error, isPending, refetch } = useIndicators();
  const coverage = useCoverage();
  const [parameters, setParameters] = useSearchParams();
  const filter: Filter = {
    text: parameters.get('text') ?? '',
    category: parameters.get('category') ?? '',
    workload: parameters.get('workload') ?? '',
    state: parameters.get('state') ?? '',
    seen: parameters.get('seen') ?? '',
  };
  const set = (name: keyof Filter, value: string) => {
    const changed = new URLSearchParams(parameters);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setParameters(changed, { replace: true });
  };
  const all = data?.indicators ?? [];
  const health = new Map(coverage.data?.indicators.map((one) => [one.name, one]));
  const shown = all.filter((one) => fits(one, filter) && isSeen(health.get(one.name), filter.seen));

  return (
    <Page
      title="Indicators"
      lead="Named kinds of risky activity. Thresholds are activities a day; a policy may set its own. Switches are on the page Intake."
      actions={data && <span aria-live="polite">{`${shown.length} of ${all.length}`}</span>}
    >
      <Filters filter={filter} indicators={all} set={set} />
      {coverage.data && <Seen coverage={coverage.data} />}
      {coverage.error && (
        <Failed error={coverage.error} what="what can be seen here" retry={() => void coverage.refetch()} />
      )}
      {data && (
        <details className={styles.try}>
          <summary>Try a record</summary>
          <TryRecord indicator="" />
        </details>
      )}
      {isPending && <Loading what="indicators" rows={12} />}
      {error && <Failed error={error} what="the indicators" retry={() => void refetch()} />}
      {data && shown.length === 0 && <Empty title="No indicator matches" />}
      {shown.length > 0 && <IndicatorTable indicators={shown} health={health} coverage={coverage.data} />}
      {data && <Exclusions />}
    </Page>
  );
}

type FiltersProps = {
  filter: Filter;
  indicators: readonly Indicator[];
  set: (name: keyof Filter, value: string) => void;
};

function Filters({ filter, indicators, set }: FiltersProps) {
  const workloads = [...new Set(indicators.map((one) => one.workload))].sort();
  return (
    <div className={styles.filters}>
      <Input
        type="search"
        aria-label="Find an indicator"
        placeholder="Find an indicator"
        contentBefore={<SearchRegular />}
        value={filter.text}
        onChange={(_, { value }) => set('text', value)}
      />
      <Select aria-label="Category" value={filter.category} onChange={(_, { value }) => set('category', value)}>
        <option value="">All categories</option>
        {CATEGORIES.map((one) => (
          <option key={one} value={one}>
            {CATEGORY_LOOK[one].word}
          </option>
        ))}
      </Select>
      <Select aria-label="Workload" value={filter.workload} onChange={(_, { value }) => set('workload', value)}>
        <option value="">All workloads</option>
        {workloads.map((one) => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ')}
          </option>
        ))}
      </Select>
      <Select aria-label="On or off" value={filter.state} onChange={(_, { value }) => set('state', value)}>
        <option value="">On or off</option>
        <option value="on">On somewhere</option>
        <option value="off">Off everywhere</option>
      </Select>
      <Select aria-label="Seen here" value={filter.seen} onChange={(_, { value }) => set('seen', value)}>
        <option value="">Seen here or not</option>
        {Object.entries(SEEN_FILTERS).map(([name, { word }]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </Select>
    </div>
  );
}

function fits(indicator: Indicator, { text, category, workload, state }: Filter): boolean {
  if (category && indicator.category !== category) return false;
  if (workload && indicator.workload !== workload) return false;
  if (state && isOnSomewhere(indicator.state) !== (state === 'on')) return false;
  const { title, name, description, operations, techniques, variant_of, only, except } = indicator;
  const narrowed = variant_of ? ['variant', variant_of, ...only, ...except] : [];
  const words = [title, name, description, indicator.workload, ...operations, ...techniques, ...narrowed]
    .join(' ')
    .toLowerCase();
  return words.includes(text.trim().toLowerCase());
}

// Before anything is known of it, it is of no filter.
function isSeen(health: Health | undefined, filter: string): boolean {
  if (!filter) return true;
  return health !== undefined && (SEEN_FILTERS[filter]?.fits(health) ?? true);
}

function Seen({ coverage }: { coverage: Coverage }) {
  if (!coverage.counted_since)
    return <p className={styles.note}>No record has come yet, so that nothing can be said about what is seen here.</p>;
  const count = (name: string) => coverage.indicators.filter((one) => SEEN_FILTERS[name]?.fits(one)).length;
  const silent = count('silent');
  return (
    <p className={styles.note}>
      {`${count('blind')} of ${coverage.indicators.length} cannot be seen here: no record of what they look at has come since ${localDay(coverage.counted_since.slice(0, 10))}. `}
      {silent > 0 && `Of ${silent} the source is silent. `}
      What feeds an indicator is on its own page; how sources are is on the page <Link to="/sources">Sources</Link>.
    </p>
  );
}

type TableProps = {
  indicators: readonly Indicator[];
  health: ReadonlyMap<string, Health>;
  coverage: Coverage | undefined;
};

function IndicatorTable({ indicators, health, coverage }: TableProps) {
  return (
    <TableFrame label="Indicators">
      <table className={table.table} aria-label="Indicators">
        <thead>
          <tr>
            <th scope="col" className={styles.first}>
              Indicator
            </th>
            <th scope="col">State</th>
            <th scope="col">Seen here</th>
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
          {indicators.map((indicator) => (
            <IndicatorRow
              key={indicator.id}
              indicator={indicator}
              health={health.get(indicator.name)}
              coverage={coverage}
            />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

type RowProps = { indicator: Indicator; health: Health | undefined; coverage: Coverage | undefined };

function IndicatorRow({ indicator, health, coverage }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <Link to={`/indicators/${encodeURIComponent(indicator.name)}`} className={styles.title}>
          <RecordText text={indicator.title} />
        </Link>{' '}
        <span className={styles.code}>{indicator.name}</span>
        <span className={styles.words}>
          <RecordText text={indicator.description} />
        </span>
        {indicator.variant_of && (
          <span className={styles.words}>
            Variant of <code className={styles.code}>{indicator.variant_of}</code>: {narrowingInWords(indicator)}
          </span>
        )}
        <span className={styles.narrow}>
          <CategoryName category={indicator.category} />
          <AllLevels indicator={indicator} />
        </span>
      </th>
      <td>{stateInWords(indicator.state)}</td>
      <td>
        {health && (
          <>
            {fedInWords(health)}
            <span className={styles.words}>{coverage && hitsInWords(health, coverage)}</span>
          </>
        )}
      </td>
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
