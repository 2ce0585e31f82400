import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { ActFailed, Empty, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import { RecordText } from '../../shared/text/record_text';
import { CalendarDay, Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { useAddTask, useCaseTasks, useFinishTask, type Case, type CaseTask } from './case_calls';
import styles from './cases.module.css';
import { MembersOnly } from './members_only';

const LONGEST_TASK = 1000;

export function CaseTasksTab({ one }: { one: Case }) {
  if (!one.is_member) return <MembersOnly one={one} what="tasks" />;
  return <Tasks one={one} />;
}

function Tasks({ one }: { one: Case }) {
  const mayWork = useMay('cases.work') && one.state === 'open';
  const { data, error, isPending, refetch } = useCaseTasks(one.id);
  const finish = useFinishTask(one.id);
  return (
    <>
      {mayWork && <TaskForm one={one} />}
      {isPending && <Loading what="tasks" rows={3} />}
      {error && <Failed error={error} what="the tasks" retry={() => void refetch()} />}
      {data?.tasks.length === 0 && !error && <Empty title="No task yet">What is still to do goes here.</Empty>}
      {finish.error && <ActFailed title="The task is not done" error={finish.error} />}
      {data && data.tasks.length > 0 && !error && (
        <TableFrame label="Tasks">
          <table className={table.table} aria-label="Tasks">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">Due</th>
                <th scope="col">For</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {data.tasks.map((task) => (
                <tr key={task.number}>
                  <th scope="row">
                    {task.number}: <RecordText text={task.text} />
                  </th>
                  <td>{task.due && <CalendarDay day={task.due} />}</td>
                  <td>{task.assigned_to}</td>
                  <td>
                    <TaskState
                      task={task}
                      onDone={mayWork && !finish.isPending ? () => finish.mutate(task.number) : null}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  );
}

function TaskState({ task, onDone }: { task: CaseTask; onDone: (() => void) | null }) {
  if (task.done_at !== null) {
    return (
      <>
        Done by {task.done_by}, <Timestamp at={task.done_at} />
      </>
    );
  }
  if (onDone === null) return <>Open</>;
  return (
    <Button size="small" onClick={onDone} aria-label={`Task ${task.number} is done`}>
      Done
    </Button>
  );
}

function TaskForm({ one }: { one: Case }) {
  const add = useAddTask(one.id);
  const [text, setText] = useState('');
  const [due, setDue] = useState('');
  const [assigned, setAssigned] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { text: text.trim(), ...(due ? { due } : {}), ...(assigned ? { assigned_to: assigned } : {}) },
      {
        onSuccess: () => {
          setText('');
          setDue('');
          setAssigned('');
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field label="Task">
        <Input value={text} maxLength={LONGEST_TASK} onChange={(_, data) => setText(data.value)} />
      </Field>
      <div className={styles.pair}>
        <Field label="Due">
          <Input type="date" value={due} onChange={(_, data) => setDue(data.value)} />
        </Field>
        <Field label="For">
          <Select value={assigned} onChange={(_, { value }) => setAssigned(value)}>
            <option value="">Nobody in particular</option>
            {[one.owner, ...one.contributors.map((other) => other.user)].map((user) => (
              <option key={user} value={user}>
                {user}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {add.error && <ActFailed title="The task was not added" error={add.error} />}
      <div>
        <Button type="submit" appearance="primary" disabled={text.trim() === '' || add.isPending}>
          Add task
        </Button>
      </div>
    </form>
  );
}
