import { Button, Field, Input } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { download } from '../../shared/api/download';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDays, Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { useAttest, useAttestations, type Attestation } from './attestation_calls';
import styles from './evaluated.module.css';

// Signed statements of what was evaluated on some days, for people who have no access to Candor.
export function Attestations() {
  return useMay('settings.read') ? <Shown /> : null;
}

function Shown() {
  const { data, error, isPending, refetch } = useAttestations();
  return (
    <section className={styles.attestations} aria-labelledby="attestations">
      <h2 id="attestations">Attestations</h2>
      <p>
        A signed statement of what was on, off, evaluated, looked at and removed in a country on some days. The signed
        file is what counts; the PDF file is for reading and says how the other is checked.
      </p>
      <NewAttestation />
      {isPending && <Loading what="the attestations" rows={2} />}
      {error && <Failed error={error} what="the attestations" retry={() => void refetch()} />}
      {data && data.attestations.length === 0 && (
        <Empty title="No attestation yet">Whatever is made here or by candor attest is kept.</Empty>
      )}
      {data && data.attestations.length > 0 && <List attestations={data.attestations} />}
    </section>
  );
}

function NewAttestation() {
  const [country, setCountry] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const attest = useAttest();
  const ready = /^[A-Z]{2}$/.test(country) && from !== '' && to !== '' && !attest.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) attest.mutate({ country, from, to });
  };
  return (
    <form className={styles.choices} onSubmit={submit} aria-label="New attestation">
      <Field label="Country" hint="Two letters">
        <Input
          value={country}
          maxLength={2}
          size="medium"
          onChange={(_, { value }) => setCountry(value.toUpperCase())}
        />
      </Field>
      <Field label="First day">
        <Input type="date" value={from} onChange={(_, { value }) => setFrom(value)} />
      </Field>
      <Field label="Last day">
        <Input type="date" value={to} onChange={(_, { value }) => setTo(value)} />
      </Field>
      <Button type="submit" appearance="primary" disabled={!ready}>
        Attest
      </Button>
      {attest.isPending && <p role="status">Everything that is stored is counted: that may take minutes.</p>}
      {attest.error && <ActFailed error={attest.error} title="Nothing was attested" />}
    </form>
  );
}

function List({ attestations }: { attestations: readonly Attestation[] }) {
  const keep = useMutation({
    mutationFn: ({ path, name, language }: { path: string; name: string; language?: string }) =>
      download(path, { language }, name),
  });
  const files = (one: Attestation) => [
    { label: 'Signed', path: `/attestations/${one.number}`, name: `candor-attestation-${one.number}.json` },
    {
      label: 'PDF, English',
      path: `/attestations/${one.number}/pdf`,
      name: `candor-attestation-${one.number}.pdf`,
      language: 'en',
    },
    {
      label: 'PDF, Deutsch',
      path: `/attestations/${one.number}/pdf`,
      name: `candor-attestation-${one.number}.pdf`,
      language: 'de',
    },
  ];
  return (
    <>
      {keep.error && <ActFailed error={keep.error} title="The file was not made" />}
      <TableFrame label="Attestations">
        <table className={table.table} aria-label="Attestations">
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Country</th>
              <th scope="col">Days</th>
              <th scope="col">Made</th>
              <th scope="col">Files</th>
            </tr>
          </thead>
          <tbody>
            {attestations.map((one) => (
              <tr key={one.number}>
                <th scope="row">{one.number}</th>
                <td>{one.country}</td>
                <td>
                  <CalendarDays from={one.from} to={one.to} />
                </td>
                <td>
                  <Timestamp at={one.made_at} />, <RecordText text={one.made_by} />
                </td>
                <td>
                  {files(one).map(({ label, ...file }) => (
                    <Button
                      key={label}
                      size="small"
                      appearance="subtle"
                      icon={<ArrowDownloadRegular />}
                      disabled={keep.isPending}
                      aria-label={`${label}, attestation ${one.number}`}
                      onClick={() => keep.mutate(file)}
                    >
                      {label}
                    </Button>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
