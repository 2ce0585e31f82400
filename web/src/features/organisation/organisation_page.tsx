import { Input, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { Link, useSearchParams } from 'react-router';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { JudgementTable } from './judgement_table';
import { FactTable } from './fact_table';
import styles from './organisation.module.css';
import { useOrganisation, type Organisation, type Section } from './organisation_calls';
import { STATE_WORD } from './words';

export default function OrganisationPage() {
  const [parameters, setParameters] = useSearchParams();
  const at = parameters.get('at') ?? '';
  const section = parameters.get('section') ?? '';
  const { data, error, isPending, refetch } = useOrganisation(at, section);
  const setDay = (day: string) => {
    const changed = new URLSearchParams(parameters);
    if (day) changed.set('at', day);
    else changed.delete('at');
    setParameters(changed, { replace: true });
  };
  return (
    <Page
      title="Organisation"
      lead="What Candor was told about the organisation, as it holds on the chosen day: its domains, labels, sites, devices and more. Add or correct facts with the lists of Settings, or candor organisation import."
      actions={
        <Input
          type="date"
          aria-label="As of day"
          value={at || (data?.at ?? '')}
          onChange={(_, value) => setDay(value.value)}
        />
      }
    >
      {isPending && <Loading what="the organisation" rows={10} />}
      {error && <Failed error={error} what="the organisation" retry={() => void refetch()} />}
      {data && !error && <World world={data} section={section} />}
    </Page>
  );
}

function World({ world, section }: { world: Organisation; section: string }) {
  const said = world.sections.filter((one) => one.facts.length > 0);
  const silent = world.sections.filter((one) => one.facts.length === 0);
  return (
    <>
      {world.pending && (
        <MessageBar intent="warning">
          <MessageBarBody>
            Facts were imported since the start: records are read by them from the next start on.
          </MessageBarBody>
        </MessageBar>
      )}
      {!section && (
        <section className={styles.part} aria-labelledby="judgements">
          <h2 id="judgements" className={styles.heading}>
            Indicators that lack a fact
          </h2>
          <p className={styles.note}>
            An indicator that needs a fact nobody has told Candor says so here. It does not guess.
          </p>
          {world.judgements.length === 0 ? (
            <Empty title="Every indicator has the facts it needs" />
          ) : (
            <JudgementTable judgements={world.judgements} sections={world.sections} />
          )}
        </section>
      )}
      {world.faults.length > 0 && <Faults world={world} />}
      {said.map((one) => (
        <SectionPart key={one.section} section={one} alone={section !== ''} />
      ))}
      {silent.length > 0 && <Silent sections={silent} />}
    </>
  );
}

function SectionPart({ section, alone }: { section: Section; alone: boolean }) {
  const id = `section-${section.section}`;
  const more = section.total - section.facts.length;
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {section.title} <span className={styles.state}>{STATE_WORD[section.state]}</span>
      </h2>
      {section.assumption && <p className={styles.note}>On this day: {section.assumption}.</p>}
      <FactTable section={section} />
      {more > 0 && (
        <p className={styles.note}>
          {more.toLocaleString()} more.{' '}
          {!alone && <Link to={`/organisation?section=${section.section}`}>Show this section alone</Link>}
        </p>
      )}
      {alone && (
        <p className={styles.note}>
          <Link to="/organisation">All sections</Link>
        </p>
      )}
    </section>
  );
}

function Silent({ sections }: { sections: readonly Section[] }) {
  return (
    <section className={styles.part} aria-labelledby="silent">
      <h2 id="silent" className={styles.heading}>
        Not told yet
      </h2>
      <ul className={styles.list}>
        {sections.map((one) => (
          <li key={one.section}>
            <strong>{one.title}</strong>: {one.assumption ?? STATE_WORD[one.state].toLowerCase()}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Faults({ world }: { world: Organisation }) {
  return (
    <section className={styles.part} aria-labelledby="faults">
      <h2 id="faults" className={styles.heading}>
        Faults in these facts ({world.total_faults.toLocaleString()})
      </h2>
      <ul className={styles.list}>
        {world.faults.map((fault) => (
          <li key={`${fault.said_in} ${fault.id}`}>
            <code className={styles.code}>{fault.said_in}</code> {fault.message}
            {fault.hint && <span className={styles.note}>; {fault.hint}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
