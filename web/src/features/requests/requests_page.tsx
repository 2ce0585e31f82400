import { Select } from '@fluentui/react-components';
import { useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { Pager } from '../../shared/table/pager';
import { useMay } from '../session/session';
import { ROWS_A_PAGE, useRequests, type RequestFilter } from './request_calls';
import { RequestTable } from './request_table';
import styles from './requests.module.css';
import { KIND_WORD, KINDS, STATE_WORD, STATES } from './words';

// What the list shows, as the address has it. Whatever is not understood is left out.
export function requestFilterOf(parameters: URLSearchParams): RequestFilter & { page: number } {
  const kind = KINDS.find((one) => one === parameters.get('kind'));
  const state = STATES.find((one) => one === parameters.get('state'));
  const page = Number(parameters.get('page') ?? '1');
  return {
    ...(kind && { kind }),
    ...(state && { state }),
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  };
}

export default function RequestsPage() {
  const [parameters, setParameters] = useSearchParams();
  const { page, ...filter } = requestFilterOf(parameters);
  const { data, error, isPending, refetch } = useRequests(filter, page);
  const decides = useMay('requests.approve');
  const show = (name: string, value: string) => {
    const next = new URLSearchParams(parameters);
    if (name !== 'page') next.delete('page');
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next);
  };
  const isFiltered = filter.kind !== undefined || filter.state !== undefined;
  return (
    <Page
      title="Requests"
      lead={
        decides
          ? 'Looks that show more of a person than an alert does. Nobody decides on what they asked for.'
          : 'What you asked for, and what was asked for in your cases.'
      }
    >
      <div className={styles.filters} role="group" aria-label="Filter">
        <Select aria-label="Kind" value={filter.kind ?? ''} onChange={(_, { value }) => show('kind', value)}>
          <option value="">All kinds</option>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {KIND_WORD[one]}
            </option>
          ))}
        </Select>
        <Select aria-label="State" value={filter.state ?? ''} onChange={(_, { value }) => show('state', value)}>
          <option value="">All states</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {STATE_WORD[one]}
            </option>
          ))}
        </Select>
      </div>
      {isPending && <Loading what="requests" rows={4} />}
      {error && <Failed error={error} what="the requests" retry={() => void refetch()} />}
      {data?.total === 0 && !error && (
        <Empty title={isFiltered ? 'No request fits' : 'Nothing was asked for'}>
          {isFiltered
            ? 'Choose another kind or state.'
            : 'Ask at an alert, in a case or on the page of a person, with Ask for more.'}
        </Empty>
      )}
      {data && data.total > 0 && !error && (
        <>
          {data.waiting > 0 && (
            <p role="status">
              {data.waiting.toLocaleString()} {data.waiting === 1 ? 'waits' : 'wait'} for a decision.
            </p>
          )}
          <RequestTable rows={data.requests} />
          <Pager
            page={page}
            limit={ROWS_A_PAGE}
            total={data.total}
            what="requests"
            onPage={(next) => show('page', String(next))}
          />
        </>
      )}
    </Page>
  );
}
