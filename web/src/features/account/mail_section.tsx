import { Button, Field, Input } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import styles from './account.module.css';
import { useOwnMail, useSetOwnMail, type OwnMail } from './account_calls';

// Where mail of Candor goes.
export function MailSection() {
  const { data, error, refetch } = useOwnMail();
  return (
    <section className={styles.part} aria-labelledby="mail-title">
      <h2 id="mail-title">Mail</h2>
      {error && <Failed error={error} what="your mail address" retry={() => void refetch()} />}
      {!data && !error && <Loading what="your mail address" rows={2} />}
      {data && <MailForm key={data.address} own={data} />}
    </section>
  );
}

function MailForm({ own }: { own: OwnMail }) {
  const set = useSetOwnMail();
  const [address, setAddress] = useState(own.address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(address.trim());
  };
  const domains = own.domains.length === 0 ? 'none yet' : own.domains.join(', ');
  return (
    <form onSubmit={submit} className={styles.form}>
      <p>
        Notifications and tests of notices go there. {!own.mail && 'Candor has no mail server yet: nothing is sent.'}
      </p>
      <Field
        label="Mail address"
        hint={`In one of these domains: ${domains}. Empty: your user name, where it is an address.`}
      >
        <Input type="email" value={address} maxLength={254} onChange={(_, data) => setAddress(data.value)} />
      </Field>
      {set.error && <ActFailed title="The address was not taken" error={set.error} />}
      <div>
        <Button type="submit" disabled={address.trim() === own.address || set.isPending}>
          Save the address
        </Button>
      </div>
    </form>
  );
}
