import { Button } from '@fluentui/react-components';
import { Link, useParams } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { usePack } from './pack_calls';
import styles from './packs.module.css';

export default function PackPage() {
  const { packId = '' } = useParams();
  const { data, error, isPending, refetch } = usePack(packId);
  return (
    <Page title={data?.title ?? 'Pack'} lead={data?.about} actions={<Link to="/packs">All packs</Link>}>
      {isPending && <Loading what="the pack" rows={8} />}
      {error && <Failed error={error} what="this pack" retry={() => void refetch()} />}
      {data && <Contents pack={data} />}
    </Page>
  );
}

function Contents({ pack }: { pack: Schemas['Pack'] }) {
  return (
    <>
      <p>
        <strong>A starting point, no legal advice.</strong> To be checked by: <RecordText text={pack.checked_by} />
      </p>
      <Policies title="Policies it takes" policies={pack.policies} />
      <Policies title="Limits, where another pack takes them" policies={pack.limits} />
      {pack.switches.length > 0 && (
        <Part title="Indicators">
          {pack.switches.map((one, index) => (
            <li key={index}>
              {one.on ? 'On' : 'Off'} {one.country === '' ? 'everywhere' : `in ${one.country}`}:{' '}
              <RecordText text={one.reason} />
              <details>
                <summary>Which ({one.indicators.length})</summary>
                <p className={styles.words}>{one.indicators.join(', ')}</p>
              </details>
            </li>
          ))}
        </Part>
      )}
      {pack.retention && (
        <Part title="Kept at most">
          <li>
            Raw records {pack.retention.raw_days} days, activities {pack.retention.activity_days} days.{' '}
            <RecordText text={pack.retention.reason} />
          </li>
        </Part>
      )}
      {pack.agree.length > 0 && (
        <Part title="To agree to before">
          {pack.agree.map((one, index) => (
            <li key={index}>
              {one.with}: <RecordText text={one.what} /> <span className={styles.words}>{one.source}</span>
            </li>
          ))}
        </Part>
      )}
      {pack.law.length > 0 && (
        <Part title="Law and rules">
          {pack.law.map((one, index) => (
            <li key={index}>
              <RecordText text={one.says} /> <span className={styles.words}>{one.source}</span>
            </li>
          ))}
        </Part>
      )}
      {pack.texts.length > 0 && (
        <section className={styles.section} aria-label="Texts">
          <h2>Texts to start from</h2>
          {pack.texts.map((one) => (
            <details key={one.name}>
              <summary>{one.title}</summary>
              <pre className={styles.text}>{one.text}</pre>
              <Button size="small" onClick={() => save(`${one.name}.txt`, one.text)}>
                Save as a file
              </Button>
            </details>
          ))}
        </section>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <ul className={styles.list}>{children}</ul>
    </section>
  );
}

function Policies({ title, policies }: { title: string; policies: Schemas['PackPolicy'][] }) {
  if (policies.length === 0) return null;
  return (
    <Part title={title}>
      {policies.map((one) => (
        <li key={one.file}>
          {one.policy}
          {one.volume && `, ${one.volume} alerts`}
          {one.enabled === false && ', not enabled'}
          {one.not_in.length > 0 && `, scores nobody in ${one.not_in.join(', ')}`}
          {one.reason && (
            <span className={styles.words}>
              <RecordText text={one.reason} />
            </span>
          )}
        </li>
      ))}
    </Part>
  );
}

function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
