import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useNow } from '../../shared/time/use_now';
import styles from './account.module.css';
import { useOwnTokens, useRevokeToken, type Token } from './account_calls';
import { MadeToken } from './made_token';
import { TokenDialog } from './token_dialog';

// With which programs ask in one's name.
export function TokensSection() {
  const { data, error, refetch } = useOwnTokens();
  const revoke = useRevokeToken();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const now = useNow(60_000);
  return (
    <section className={styles.part} aria-labelledby="tokens-title">
      <div className={styles.head}>
        <h2 id="tokens-title">Tokens</h2>
        <Button onClick={() => setMaking(true)}>New token…</Button>
      </div>
      <p>
        With a token a program asks the HTTP interface in your name. It never may do more than you may at that moment.
      </p>
      {made && <MadeToken token={made} onKept={() => setMade(null)} />}
      {error && <Failed error={error} what="your tokens" retry={() => void refetch()} />}
      {!data && !error && <Loading what="your tokens" rows={2} />}
      {revoke.error && <ActFailed title="The token was not revoked" error={revoke.error} />}
      {data && data.tokens.length === 0 && <p className={styles.none}>You have none.</p>}
      {data && data.tokens.length > 0 && (
        <TableFrame label="Tokens">
          <table className={table.table} aria-label="Tokens">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">May</th>
                <th scope="col">Last use</th>
                <th scope="col">Expires</th>
                <th scope="col">
                  <span className={styles.onlyRead}>Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.tokens.map((token) => (
                <TokenRow
                  key={token.id}
                  token={token}
                  now={now}
                  busy={revoke.isPending}
                  onRevoke={() => revoke.mutate(token.id)}
                />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {making && (
        <TokenDialog
          onMade={(token) => {
            setMaking(false);
            setMade(token);
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </section>
  );
}

type RowProps = { token: Token; now: number; busy: boolean; onRevoke: () => void };

function TokenRow({ token, now, busy, onRevoke }: RowProps) {
  const isOver = Date.parse(token.expires) <= now;
  return (
    <tr>
      <th scope="row">
        <RecordText text={token.name} />
      </th>
      <td>{token.permissions.join(', ')}</td>
      <td className={table.nowrap}>{token.last_use ? <Timestamp at={token.last_use} /> : 'Never'}</td>
      <td className={table.nowrap}>
        <Timestamp at={token.expires} />
      </td>
      <td className={styles.rowAct}>
        {token.revoked ? (
          'Revoked'
        ) : isOver ? (
          'Expired'
        ) : (
          <Button size="small" disabled={busy} aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
