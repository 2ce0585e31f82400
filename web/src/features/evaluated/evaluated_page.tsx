import { Button, Field, Select } from '@fluentui/react-components';
import { ArrowDownloadRegular, PrintRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { download } from '../../shared/api/download';
import { Page } from '../../shared/page/page';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import { Timestamp } from '../../shared/time/timestamp';
import { localTime } from '../../shared/time/format';
import { ChangesView } from './changes_view';
import { Attestations } from './attestations';
import { DocumentView } from './document_view';
import { useEvaluated, type Evaluated, type TextLanguage } from './evaluated_calls';
import styles from './evaluated.module.css';

const NUMBER = /^[1-9]\d{0,8}$/;

// The number of a version as the address has it; null for none.
export function versionIn(text: string | null): number | null {
  return text !== null && NUMBER.test(text) ? Number(text) : null;
}

// What everybody who is watched may know, in every version there was.
export default function EvaluatedPage() {
  const [parameters, setParameters] = useSearchParams();
  const language: TextLanguage = parameters.get('language') === 'de' ? 'de' : 'en';
  const version = versionIn(parameters.get('version'));
  const since = versionIn(parameters.get('since'));
  const { data, error, isPending, refetch } = useEvaluated(version, language);
  const show = (changes: Record<string, string>) => {
    const next = new URLSearchParams(parameters);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParameters(next, { replace: true });
  };
  return (
    <Page
      title={data?.title ?? 'What is evaluated here'}
      lead="Made from what Candor is set to do, for the people it watches. Each change is a version; nobody is in it."
    >
      {isPending && <Loading what="what is evaluated" rows={10} />}
      {error && <Failed error={error} what="what is evaluated" retry={() => void refetch()} />}
      {data && !error && (
        <>
          <Choices evaluated={data} since={since} show={show} />
          <Proof evaluated={data} />
          {since !== null && since !== data.number && (
            <ChangesView from={since} to={data.number} language={data.language} />
          )}
          <DocumentView blocks={data.blocks} language={data.language} />
          <Attestations />
        </>
      )}
    </Page>
  );
}

type ChoicesProps = { evaluated: Evaluated; since: number | null; show: (changes: Record<string, string>) => void };

function Choices({ evaluated, since, show }: ChoicesProps) {
  const { language, number, versions } = evaluated;
  const newest = versions[0]?.number ?? number;
  const name = (one: Evaluated['versions'][number]) => `${one.number} · ${localTime(one.since)}`;
  return (
    <div className={styles.choices} role="group" aria-label="What is shown">
      <Field label="Language">
        <Select value={language} onChange={(_, { value }) => show({ language: value })}>
          <option value="en">English</option>
          <option value="de">Deutsch</option>
        </Select>
      </Field>
      <Field label="Version">
        <Select
          value={String(number)}
          onChange={(_, { value }) => show({ version: value === String(newest) ? '' : value })}
        >
          {versions.map((one) => (
            <option key={one.number} value={one.number}>
              {name(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Changes since">
        <Select value={since === null ? '' : String(since)} onChange={(_, { value }) => show({ since: value })}>
          <option value="">Not shown</option>
          {versions
            .filter((one) => one.number < number)
            .map((one) => (
              <option key={one.number} value={one.number}>
                {name(one)}
              </option>
            ))}
        </Select>
      </Field>
      <Files evaluated={evaluated} />
    </div>
  );
}

function Files({ evaluated: { number, language } }: { evaluated: Evaluated }) {
  const keep = useMutation({
    mutationFn: ({ path, parameters, name }: { path: string; parameters: Record<string, string>; name: string }) =>
      download(path, parameters, name),
  });
  const path = `/evaluated/${number}`;
  const files: { label: string; path: string; parameters: Record<string, string>; name: string }[] = [
    { label: 'PDF', path: `${path}/pdf`, parameters: { language }, name: `candor-evaluated-${number}.pdf` },
    { label: 'HTML', path: `${path}/html`, parameters: { language }, name: `candor-evaluated-${number}.html` },
    { label: 'Signed', path: `${path}/statement`, parameters: {}, name: `candor-evaluated-${number}.json` },
  ];
  return (
    <>
      {files.map(({ label, ...file }) => (
        <Button key={label} icon={<ArrowDownloadRegular />} disabled={keep.isPending} onClick={() => keep.mutate(file)}>
          {label}
        </Button>
      ))}
      <Button icon={<PrintRegular />} onClick={() => window.print()}>
        Print
      </Button>
      {keep.error && <ActFailed error={keep.error} title="The file was not made" />}
    </>
  );
}

function Proof({ evaluated }: { evaluated: Evaluated }) {
  return (
    <div className={styles.proof}>
      <p>
        Version {evaluated.number}, in force since <Timestamp at={evaluated.since} />, SHA-256 {evaluated.sha256}
      </p>
      <p>
        Signed with the key {evaluated.public_key}. To check the signed file: candor docs evaluated verify FILE --key
        KEY
      </p>
      <p>
        {evaluated.public ? (
          <>
            Everybody reads the newest version without an account at <a href="/evaluated">/evaluated</a>.
          </>
        ) : (
          'Only those who are signed in read it here: the setting “evaluated.public” is off.'
        )}
      </p>
    </div>
  );
}
