import { Page } from '../../shared/page/page';
import { Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import styles from './intake.module.css';
import { useIntake, type Intake } from './intake_calls';
import { Retention } from './retention';
import { Switches } from './switches';

export default function IntakePage() {
  const { data, error, isPending, refetch } = useIntake();
  return (
    <Page
      title="Intake and switches"
      lead="What is never stored, what may be looked at in what is, and how long it is kept. Rules are files; a count is all that is left of a record they drop."
    >
      {isPending && <Loading what="the intake rules" />}
      {error && <Failed error={error} what="the intake rules" retry={() => void refetch()} />}
      {data && !error && <Rules intake={data} />}
      <Switches />
      <Retention />
    </Page>
  );
}

function Rules({ intake }: { intake: Intake }) {
  const rows = [
    ...intake.rules.map((rule) => ({ ...rule, effect: effectInWords(rule) })),
    ...intake.parties.map((party) => ({
      ...party,
      effect: `Protected party, ${counted(party.entries, 'entry', 'entries')}: nothing that names it`,
    })),
  ];
  return (
    <section aria-labelledby="never-stored" className={styles.part}>
      <h2 id="never-stored">Never stored</h2>
      {rows.length === 0 && <p>No rules and no protected parties: everything a source gives is stored.</p>}
      {rows.length > 0 && (
        <TableFrame label="Never stored">
          <table className={table.table} aria-label="Never stored">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">What</th>
                <th scope="col">Records dropped</th>
                <th scope="col">Stored without fields</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <th scope="row">
                    <strong>{row.name}</strong>
                    <span className={styles.words}>
                      <RecordText text={row.reason} />
                    </span>
                  </th>
                  <td>{row.effect}</td>
                  <td>{sumOf(intake, row.name, 'dropped').toLocaleString()}</td>
                  <td>{sumOf(intake, row.name, 'changed').toLocaleString()}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className={styles.words}>Version of the rules: {intake.version}</p>
    </section>
  );
}

function effectInWords(rule: Intake['rules'][number]): string {
  if (rule.whole_record) return 'Nothing of the record';
  const parts = [];
  if (rule.dropped_fields) parts.push(`${counted(rule.dropped_fields, 'field', 'fields')} dropped`);
  if (rule.masked_fields) parts.push(`${counted(rule.masked_fields, 'field', 'fields')} masked`);
  return parts.join(', ');
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

function sumOf(intake: Intake, rule: string, what: 'dropped' | 'changed'): number {
  return intake.days.filter((day) => day.rule === rule).reduce((sum, day) => sum + day[what], 0);
}
