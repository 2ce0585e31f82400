import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { Timestamp } from '../../shared/time/timestamp';
import { useViewers, type PriorityGroup, type Unit, type Viewers } from './viewer_calls';
import { ViewerTable } from './viewer_table';
import styles from './viewers.module.css';
import { DECISION_WORD, peopleInWords, entitlementsInWords } from './words';

// Who looks, with which role, and at whom: the units viewers are limited to, and the priority groups they review.
export default function ViewersPage() {
  const { data, error, isPending, refetch } = useViewers();
  return (
    <Page
      title="Viewers"
      lead="Who may sign in, and which people each of them may see at all. A role says what a viewer may do; a viewer who is limited to units finds nobody else, in no queue, page, search, export or mail; people in a priority group are found by its reviewers only."
    >
      {isPending && <Loading what="the viewers" rows={8} />}
      {error && <Failed error={error} what="the viewers" retry={() => void refetch()} />}
      {data && !error && <Everything viewers={data} />}
    </Page>
  );
}

function Everything({ viewers }: { viewers: Viewers }) {
  const waiting = viewers.viewers.filter((one) => one.waiting !== null).length;
  return (
    <>
      {waiting > 0 && (
        <MessageBar intent="warning">
          <MessageBarBody>
            {waiting === 1 ? 'A change waits' : `${waiting} changes wait`} for a second person.
          </MessageBarBody>
        </MessageBar>
      )}
      {!viewers.may_change && (
        <MessageBar>
          <MessageBarBody>
            You are limited to units yourself: what others see is changed by somebody who sees everybody.
          </MessageBarBody>
        </MessageBar>
      )}
      {!viewers.units_understood && (
        <MessageBar intent="error">
          <MessageBarBody>
            units.yml was not understood; candor content check says where. Nobody is in a unit with a fault, and
            priority groups of before that are not listed below hide their people still.
          </MessageBarBody>
        </MessageBar>
      )}
      <ViewerTable viewers={viewers} />
      <section className={styles.part} aria-labelledby="units">
        <h2 id="units">Units</h2>
        <p>
          Parts of the organisation, as units.yml says by what the directory tells of people today. Who is not told of
          is in none.
        </p>
        <UnitTable units={viewers.units} />
      </section>
      <section className={styles.part} aria-labelledby="priority-groups">
        <h2 id="priority-groups">Priority groups</h2>
        <p>People whom only the reviewers of the group see, whatever the role of others.</p>
        <GroupTable groups={viewers.groups} />
      </section>
      <History viewers={viewers} />
    </>
  );
}

function UnitTable({ units }: { units: readonly Unit[] }) {
  if (units.length === 0) {
    return <Empty title="There are no units">The file units.yml of the content names them.</Empty>;
  }
  return (
    <TableFrame label="Units">
      <table className={table.table} aria-label="Units">
        <thead>
          <tr>
            <th scope="col">Unit</th>
            <th scope="col">Who is in it</th>
            <th scope="col">People today</th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={unit.id}>
              <th scope="row">
                <RecordText text={unit.name} />
                {unit.description && (
                  <span className={styles.words}>
                    <RecordText text={unit.description} />
                  </span>
                )}
              </th>
              <td>
                <RecordText text={unit.rule} />
              </td>
              <td>{peopleInWords(unit.people)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function GroupTable({ groups }: { groups: readonly PriorityGroup[] }) {
  if (groups.length === 0) {
    return <Empty title="There are no priority groups">The file units.yml of the content names them.</Empty>;
  }
  return (
    <TableFrame label="Priority groups">
      <table className={table.table} aria-label="Priority groups">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Who is in it</th>
            <th scope="col">People today</th>
            <th scope="col">Reviewed by</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">
                <RecordText text={group.name} />
                {group.description && (
                  <span className={styles.words}>
                    <RecordText text={group.description} />
                  </span>
                )}
              </th>
              <td>
                <RecordText text={group.rule} />
              </td>
              <td>{group.counted ? peopleInWords(group.people) : 'Told to its reviewers'}</td>
              <td>
                {group.reviewers.length === 0 ? (
                  <strong>Nobody: no viewer sees these people</strong>
                ) : (
                  <RecordText text={group.reviewers.join(', ')} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function History({ viewers }: { viewers: Viewers }) {
  return (
    <section className={styles.part} aria-labelledby="viewer-changes">
      <h2 id="viewer-changes">History</h2>
      {viewers.changes.length === 0 && (
        <Empty title="Nothing was changed yet">
          Every request for a change is kept here, with who decided and why.
        </Empty>
      )}
      {viewers.changes.length > 0 && (
        <TableFrame label="Changes">
          <table className={table.table} aria-label="Changes">
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">May do and see</th>
                <th scope="col">Asked for</th>
                <th scope="col">Decision</th>
              </tr>
            </thead>
            <tbody>
              {viewers.changes.map((change) => (
                <tr key={change.number}>
                  <th scope="row">
                    {change.number} · <RecordText text={change.user} />
                  </th>
                  <td>
                    <RecordText text={entitlementsInWords(change, viewers)} />
                    <span className={styles.words}>
                      Before:{' '}
                      <RecordText
                        text={entitlementsInWords(
                          { role: change.role_before, units: change.before, reviews: change.reviews_before },
                          viewers,
                        )}
                      />
                    </span>
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
