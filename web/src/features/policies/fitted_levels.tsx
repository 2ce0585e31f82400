import { Button } from '@fluentui/react-components';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { localDays } from '../../shared/time/format';
import { useFitted } from './policy_calls';

type Props = { policyId: string; onTry: (yaml: string) => void };

// Levels from the organisation's own days beside those that count. Taking them is a new version: tried on the past first.
export function FittedLevels({ policyId, onTry }: Props) {
  const { data, error, isPending, refetch } = useFitted(policyId);
  return (
    <section aria-labelledby="policy-fitted">
      <h2 id="policy-fitted">Levels of the organisation’s own days</h2>
      <p>
        Thresholds that few days reach here, in place of the shipped ones: from what ten people or more did, none of
        them most of it. Nothing changes until a version with them is asked for; try it on the past first.
      </p>
      {isPending && <Loading what="the levels" rows={4} />}
      {error && <Failed error={error} what="the levels" retry={() => void refetch()} />}
      {data && !error && <Told fitted={data} onTry={onTry} />}
    </section>
  );
}

function Told({ fitted, onTry }: { fitted: Schemas['FittedLevels']; onTry: (yaml: string) => void }) {
  switch (fitted.state) {
    case 'off':
      return (
        <Empty title="Analytics are switched off">
          Levels are counted from what everybody does, also people no policy looks at. The organisation switches it on
          under <Link to="/settings#settings-privacy">Settings</Link>.
        </Empty>
      );
    case 'running':
      return <Loading what="the levels: they are being counted" rows={4} />;
    case 'failed':
      return <Empty title="It could not be counted">{fitted.message}</Empty>;
    case 'done':
      return <Levels fitted={fitted} onTry={onTry} />;
  }
}

function Levels({ fitted, onTry }: { fitted: Schemas['FittedLevels']; onTry: (yaml: string) => void }) {
  const result = fitted.fitted;
  const days = fitted.from && fitted.to ? localDays(fitted.from, fitted.to) : '';
  if (result === null || result.changed.length === 0)
    return (
      <Empty title="No level would change">{`From ${days}: too little to tell, or the policy says its own.`}</Empty>
    );
  return (
    <>
      <TableFrame label="Fitted levels">
        <table className={table.table} aria-label="Fitted levels">
          <thead>
            <tr>
              <th scope="col">Indicator</th>
              <th scope="col">Counts</th>
              <th scope="col">Low / medium / high now</th>
              <th scope="col">{`Fitted, ${days}`}</th>
            </tr>
          </thead>
          <tbody>
            {result.changed.map((one) => (
              <tr key={`${one.indicator} ${one.dimension}`}>
                <th scope="row">
                  <Link to={`/indicators/${encodeURIComponent(one.indicator)}`}>
                    <RecordText text={one.title} />
                  </Link>
                </th>
                <td>{one.dimension}</td>
                <td>{inWords(one.now)}</td>
                <td>{inWords(one.fitted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <Button appearance="primary" onClick={() => onTry(result.yaml)}>
        Try them on the past
      </Button>
    </>
  );
}

function inWords({ low, medium, high }: Schemas['Levels']): string {
  return `${low.toLocaleString()} / ${medium.toLocaleString()} / ${high.toLocaleString()}`;
}
