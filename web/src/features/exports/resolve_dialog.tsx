import { Field, Input } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { PersonName } from '../alerts/person';
import { ReasonDialog } from '../people/reason_dialog';

type Asked = { number: string; pseudonym: string; reason: string };

export function useResolve() {
  return useMutation({
    mutationFn: ({ number, ...body }: Asked) =>
      answerOf(api.POST('/exports/{number}/resolve', { params: { path: { number }, header: REQUEST_HEADER }, body })),
  });
}

export function ResolveDialog({ resolve, onClose }: { resolve: ReturnType<typeof useResolve>; onClose: () => void }) {
  const [number, setNumber] = useState('');
  const [pseudonym, setPseudonym] = useState('');
  return (
    <ReasonDialog
      title="Find whom an export means"
      act="Find"
      lead="For files with pseudonyms of their own. You learn the usual pseudonym; the name is shown as everywhere. That you asked, and about whom, is kept in the audit log."
      failed="Nobody was found"
      error={resolve.error}
      ready={/^[1-9]\d{0,8}$/.test(number.trim()) && pseudonym.trim() !== ''}
      isPending={resolve.isPending}
      onSubmit={(reason) =>
        resolve.mutate({ number: number.trim(), pseudonym: pseudonym.trim(), reason }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Field label="Number of the export" required hint="As the name of the file has it: …-export-12.csv">
        <Input value={number} inputMode="numeric" maxLength={9} onChange={(_, data) => setNumber(data.value)} />
      </Field>
      <Field label="Pseudonym in that file" required>
        <Input
          value={pseudonym}
          maxLength={40}
          autoComplete="off"
          placeholder="Anon-XXXX-XXXX-XXXX"
          onChange={(_, data) => setPseudonym(data.value)}
        />
      </Field>
    </ReasonDialog>
  );
}

export function Resolved({ found }: { found: Schemas['ResolvedPseudonym'] }) {
  return (
    <p role="status">
      In export {found.export.number}, made for “<RecordText text={found.export.recipient} />” on{' '}
      <Timestamp at={found.export.made_at} />, that is{' '}
      <Link to={`/people/${found.person_id}`}>
        <PersonName person={found.person} />
      </Link>
      .
    </p>
  );
}
