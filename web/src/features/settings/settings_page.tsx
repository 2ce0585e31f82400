import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useLists } from '../lists/list_calls';
import { TakeUp } from '../lists/take_up';
import { Elsewhere } from './elsewhere';
import { SettingTable } from './setting_table';
import { useSettings, type Settings } from './setting_calls';
import styles from './settings.module.css';
import { DECISION_WORD, SECTIONS, titleOf, wantedInWords } from './words';

// Everything the organisation sets, wherever it is set.
export default function SettingsPage() {
  const { data, error, isPending, refetch } = useSettings();
  return (
    <Page
      title="Settings"
      lead="What the organisation sets: the value that holds, where it comes from and since when. What may be changed while Candor runs is changed here, with a reason; the rest is in files."
    >
      {isPending && <Loading what="the settings" rows={10} />}
      {error && <Failed error={error} what="the settings" retry={() => void refetch()} />}
      {data && !error && <Everything settings={data} />}
    </Page>
  );
}

function Everything({ settings }: { settings: Settings }) {
  const lists = useLists();
  const waiting = settings.settings.filter((one) => one.waiting !== null).length;
  return (
    <>
      {lists.data && <TakeUp pending={lists.data.pending} here={lists.data.takes_up} />}
      {waiting > 0 && (
        <MessageBar intent="warning">
          <MessageBarBody>
            {waiting === 1 ? 'A change waits' : `${waiting} changes wait`} for a second person.
          </MessageBarBody>
        </MessageBar>
      )}
      <nav aria-label="Sections" className={styles.sections}>
        {SECTIONS.map(({ id, title }) => (
          <a key={id} href={`#settings-${id}`}>
            {title}
          </a>
        ))}
        <a href="#settings-history">History</a>
      </nav>
      {SECTIONS.map((section) => {
        const rows = section.settings.flatMap((name) => settings.settings.filter((one) => one.name === name));
        return (
          <section key={section.id} className={styles.part} aria-labelledby={`settings-${section.id}`}>
            <h2 id={`settings-${section.id}`}>{section.title}</h2>
            <p>{section.about}</p>
            {rows.length > 0 && (
              <SettingTable
                label={section.title}
                file={settings.file}
                secondPerson={settings.second_person}
                settings={rows}
              />
            )}
            <Elsewhere section={section.id} />
          </section>
        );
      })}
      <History settings={settings} />
    </>
  );
}

function History({ settings }: { settings: Settings }) {
  return (
    <section className={styles.part} aria-labelledby="settings-history">
      <h2 id="settings-history">History</h2>
      {settings.changes.length === 0 && (
        <Empty title="Nothing was changed yet">
          Every request for a change is kept here, with who decided and why.
        </Empty>
      )}
      {settings.changes.length > 0 && (
        <TableFrame label="Changes">
          <table className={table.table} aria-label="Changes">
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">To</th>
                <th scope="col">Asked for</th>
                <th scope="col">Decision</th>
              </tr>
            </thead>
            <tbody>
              {settings.changes.map((change) => (
                <tr key={change.number}>
                  <th scope="row">
                    {change.number} · {titleOf(change.setting)}
                  </th>
                  <td>
                    <RecordText
                      text={wantedInWords(
                        settings.settings.find(({ name }) => name === change.setting),
                        change,
                      )}
                    />
                  </td>
                  <td>
                    <RecordText text={change.asked_by} />, <Timestamp at={change.asked_at} />
                    <span className={styles.words}>
                      <RecordText text={change.reason} />
                    </span>
                  </td>
                  <td>
                    {DECISION_WORD[change.decision]}
                    {change.decided_by && (
                      <span className={styles.words}>
                        <RecordText text={change.decided_by} />
                        {change.decided_reason && (
                          <>
                            : <RecordText text={change.decided_reason} />
                          </>
                        )}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}
