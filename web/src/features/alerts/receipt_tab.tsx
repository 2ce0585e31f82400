import { IndicatorTitle } from '../../shared/category/category';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, CalendarDays, Timestamp } from '../../shared/time/timestamp';
import type { Alert } from './alert_calls';
import { Receipt } from './receipt';
import styles from './receipt.module.css';

// Everything the score rests on: its parts, why the person was in scope, and what did not count.
export function ReceiptTab({ alert }: { alert: Alert }) {
  return (
    <>
      <Receipt receipt={alert.receipt} />
      <Scope triggers={alert.triggers} />
      <ExpectedAndLeftOut expected={alert.receipt.left_out.filter((one) => one.expectation > 0)} />
      <LeftOut leftOut={alert.receipt.left_out.filter((one) => one.expectation === 0)} />
    </>
  );
}

function Scope({ triggers }: { triggers: Alert['triggers'] }) {
  return (
    <section aria-labelledby="scope-title">
      <h2 id="scope-title">Why the person was in scope</h2>
      <p className={styles.lead}>Only activity on days inside a window counts.</p>
      {triggers.length === 0 ? (
        <p className={styles.none}>No trigger covers the assessed day.</p>
      ) : (
        <TableFrame label="Why the person was in scope">
          <table className={table.table} aria-labelledby="scope-title">
            <thead>
              <tr>
                <th scope="col">Trigger</th>
                <th scope="col">When</th>
                <th scope="col">Window</th>
              </tr>
            </thead>
            <tbody>
              {triggers.map((trigger) => (
                <tr key={`${trigger.trigger} ${trigger.at}`}>
                  <th scope="row">
                    <RecordText text={trigger.text} />
                  </th>
                  <td className={table.nowrap}>
                    <Timestamp at={trigger.at} />
                  </td>
                  <td className={table.nowrap}>
                    <CalendarDays from={trigger.from} to={trigger.to} />
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

// What somebody said is expected: never folded away, because it hides what a person did.
function ExpectedAndLeftOut({ expected }: { expected: Alert['receipt']['left_out'] }) {
  if (expected.length === 0) return null;
  return (
    <section aria-labelledby="left-out-expected">
      <h2 id="left-out-expected">What was expected, and did not count</h2>
      <LeftOutTable label="What was expected, and did not count" items={expected} />
    </section>
  );
}

function LeftOut({ leftOut }: { leftOut: Alert['receipt']['left_out'] }) {
  if (leftOut.length === 0) {
    return (
      <section>
        <h2>What was left out</h2>
        <p className={styles.none}>Nothing: all that was seen in the window counts.</p>
      </section>
    );
  }
  return (
    <details className={styles.leftOut} open={leftOut.length <= 8}>
      <summary>
        <h2>What was left out, and why ({leftOut.length})</h2>
      </summary>
      <LeftOutTable label="What was left out" items={leftOut} />
    </details>
  );
}

function LeftOutTable({ label, items }: { label: string; items: Alert['receipt']['left_out'] }) {
  return (
    <TableFrame label={label}>
      <table className={table.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Day</th>
            <th scope="col" className={table.number}>
              Count
            </th>
            <th scope="col">Why it did not count</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row">
                {item.indicator ? <IndicatorTitle indicator={item.indicator} /> : <RecordText text={item.id} />}
              </th>
              <td className={table.nowrap}>{item.day && <CalendarDay day={item.day} />}</td>
              <td className={table.number}>{item.count.toLocaleString()}</td>
              <td>
                <RecordText text={item.reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
