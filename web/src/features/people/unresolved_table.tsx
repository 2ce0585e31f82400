import { Button, Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { PersonName } from '../alerts/person';
import { useMay } from '../session/session';
import { useDecideOwner } from './people_calls';
import { ReasonDialog } from './reason_dialog';

type Account = Schemas['UnresolvedAccount'];

export function UnresolvedTable({ accounts }: { accounts: readonly Account[] }) {
  const mayDecide = useMay('people.decide');
  const [deciding, setDeciding] = useState<Account | null>(null);
  return (
    <>
      <TableFrame label="Accounts to decide">
        <table className={table.table} aria-label="Accounts to decide">
          <thead>
            <tr>
              <th scope="col">Until decided a person of its own</th>
              <th scope="col">Decision</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((one) => (
              <tr key={one.account}>
                <th scope="row">
                  <Link to={`/people/${one.person_id}`}>
                    <PersonName person={one.person} />
                  </Link>
                </th>
                <td>
                  {mayDecide ? (
                    <Button size="small" onClick={() => setDeciding(one)}>
                      Decide
                    </Button>
                  ) : (
                    'Waits'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {deciding && <DecideDialog account={deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

const PERSON_ID = /(?:^|\/people\/)([0-9a-f]{32})$/;

function DecideDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const decide = useDecideOwner(account.account);
  const [address, setAddress] = useState('');
  const typed = address.trim();
  const person = typed === '' ? account.person_id : (PERSON_ID.exec(typed)?.[1] ?? '');
  return (
    <ReasonDialog
      title="Whose account is this?"
      act="Decide"
      lead="Both are assessed anew with this decision. Imports of directories do not change it."
      failed="Nothing was decided"
      error={decide.error}
      ready={person !== ''}
      isPending={decide.isPending}
      onSubmit={(reason) => decide.mutate({ person, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field
        label="Address of the owner's page here"
        hint="Empty: it is somebody of its own."
        validationMessage={person === '' ? 'That is no address of a page of a person.' : undefined}
      >
        <Input value={address} autoComplete="off" onChange={(_, data) => setAddress(data.value)} />
      </Field>
    </ReasonDialog>
  );
}
