import { Button, Field } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { download } from '../../shared/api/download';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { useCaseEvidence, useUpload, type Case, type CaseEvidence } from './case_calls';
import styles from './cases.module.css';
import { MembersOnly } from './members_only';
import { sizeInWords } from './words';

export function CaseEvidenceTab({ one }: { one: Case }) {
  if (!one.is_member) return <MembersOnly one={one} what="files" />;
  return <Evidence one={one} />;
}

function Evidence({ one }: { one: Case }) {
  const mayWork = useMay('cases.work') && one.state === 'open';
  const { data, error, isPending, refetch } = useCaseEvidence(one.id);
  const save = useMutation({
    mutationFn: (number: number) =>
      download(`/cases/${encodeURIComponent(one.id)}/evidence/${number}/file`, {}, `case-${one.number}-${number}.bin`),
  });
  return (
    <>
      {mayWork && <UploadForm one={one} />}
      {isPending && <Loading what="evidence" rows={3} />}
      {error && <Failed error={error} what="the evidence" retry={() => void refetch()} />}
      {save.error && <ActFailed title="Nothing was saved" error={save.error} />}
      {data?.evidence.length === 0 && !error && (
        <Empty title="No file yet">Files are kept sealed, each with its SHA-256.</Empty>
      )}
      {data && data.evidence.length > 0 && !error && (
        <Files files={data.evidence} onSave={(number) => save.mutate(number)} />
      )}
    </>
  );
}

function Files({ files, onSave }: { files: readonly CaseEvidence[]; onSave: (number: number) => void }) {
  return (
    <TableFrame label="Evidence">
      <table className={table.table} aria-label="Evidence">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className={table.number}>
              Size
            </th>
            <th scope="col">SHA-256</th>
            <th scope="col" className={styles.wide}>
              Added
            </th>
            <th scope="col">Keep</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={file.number}>
              <th scope="row">
                {file.number}: <RecordText text={file.name} />
              </th>
              <td className={table.number}>{sizeInWords(file.size)}</td>
              <td className={styles.hash}>{file.sha256}</td>
              <td className={styles.wide}>
                <Timestamp at={file.at} /> by {file.viewer}
              </td>
              <td>
                <Button
                  size="small"
                  icon={<ArrowDownloadRegular />}
                  onClick={() => onSave(file.number)}
                  aria-label={`Save file ${file.number}`}
                >
                  Save
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function UploadForm({ one }: { one: Case }) {
  const upload = useUpload(one.id);
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    upload.mutate(file, {
      onSuccess: () => {
        setFile(null);
        if (input.current) input.current.value = '';
      },
    });
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field
        label="File"
        hint="At most 25 MiB. Kept sealed and never changed; only ever given out to be saved, never opened here."
      >
        {}
        {(field) => (
          <input
            {...field}
            ref={input}
            type="file"
            className={styles.file}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      {upload.error && <ActFailed title="The file was not added" error={upload.error} />}
      <div>
        <Button type="submit" appearance="primary" disabled={!file || upload.isPending}>
          {upload.isPending ? 'Adding…' : 'Add file'}
        </Button>
      </div>
    </form>
  );
}
