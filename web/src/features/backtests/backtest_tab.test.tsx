import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import { BacktestTab } from './backtest_tab';
import { stepInWords, stepOf } from './steps';

vi.mock('./steps_canvas', () => ({ default: () => null }));

const step = (cut: number, alerts: number, lost: number, gone: number): Schemas['BacktestStep'] => ({
  cut,
  alerts,
  alerts_a_day: alerts / 90,
  people: alerts,
  confirmed_lost: lost,
  dismissed_gone: gone,
});

const DONE: Schemas['Backtest'] = {
  id: '7',
  policy_id: 'data-leaks',
  state: 'done',
  done: 300,
  total: 300,
  failure: null,
  started_at: '2026-05-27T12:00:00Z',
  ended_at: '2026-05-27T12:00:09Z',
  days: 90,
  from: '2026-02-27',
  to: '2026-05-27',
  draft: { name: 'Data leaks', version: 'a', purpose: '', edited: true, cut: 34 },
  live_cut: 34,
  diagnostics: [],
  result: {
    people: 300,
    new: 2,
    gone: 1,
    changed: 3,
    same: 40,
    confirmed: 5,
    dismissed: 50,
    steps: [step(15, 90, 0, 0), step(34, 45, 0, 10), step(67, 18, 1, 46)],
    indicators: [{ name: 'usb_copy', title: 'Copy to USB', confirmed: 4, dismissed: 12, precision_percent: 25 }],
    not_kept: 0,
  },
};
const RUNNING: Schemas['Backtest'] = { ...DONE, state: 'running', done: 120, ended_at: null, result: null };
const ONE = 'GET /policies/data-leaks/backtests';
const START = 'POST /policies/data-leaks/backtests';
const PEOPLE = 'POST /policies/data-leaks/backtests/7/people';

const show = (session = SESSION) =>
  renderAt(
    '/policies/data-leaks',
    <BacktestTab policyId="data-leaks" yaml={'id: data-leaks\nname: Leaks\n'} />,
    session,
  );

it('says that nothing was tried, tries, shows how far it is, and cancels', async () => {
  let newest: Schemas['Backtest'] | null = null;
  const { calls } = serve({
    [ONE]: () => ({ busy: newest?.state === 'running', newest }),
    [START]: ({ body }: { body: unknown }) => {
      expect(body).toEqual({ days: 30 });
      return (newest = RUNNING);
    },
    'DELETE /policies/data-leaks/backtests/7': () => {
      newest = { ...RUNNING, state: 'cancelled' };
      return null;
    },
  });
  show();
  expect(await screen.findByTestId('nothing-tried')).toBeInTheDocument();
  await userEvent.selectOptions(screen.getByLabelText('Days of the past'), '30');
  await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
  expect(await screen.findByText('120 of 300 people')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Try it' })).toBeDisabled();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Cancelled; there is no result.')).toBeInTheDocument();
  expect(calls).toContain('DELETE /policies/data-leaks/backtests/7');
});

it('moves the cut along the steps at once, with nothing asked of the server', async () => {
  const { calls } = serve({ [ONE]: { busy: false, newest: DONE } });
  show();
  const sentence = await screen.findByTestId('cut-sentence');
  expect(sentence).toHaveTextContent('From 34 points: 0.50 alerts a day (45 in all) of 45 people');
  const asked = calls.length;
  fireEvent.change(screen.getByRole('slider', { name: /Alerts from/ }), { target: { value: '2' } });
  expect(sentence).toHaveTextContent('1 confirmed would be lost, 46 dismissed would go.');
  const rows = within(screen.getByRole('table', { name: 'Steps' })).getAllByRole('row');
  expect(rows[3]).toHaveAttribute('aria-current', 'true');
  expect(calls.length).toBe(asked);
  await userEvent.click(screen.getByRole('button', { name: 'Back to 34 points' }));
  expect(sentence).toHaveTextContent('From 34 points');
  expect(screen.getByRole('row', { name: /Copy to USB 4 12 25 %/ })).toBeInTheDocument();
});

it('shows the faults of a draft at their lines', async () => {
  const fault = {
    line: 2,
    column: 7,
    severity: 'error',
    id: 'policy.bad',
    message: 'no such category',
    hint: 'did you mean `access`?',
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    const body =
      request.method === 'POST'
        ? { id: 'policy.faulty', message: 'the draft has errors', diagnostics: [fault] }
        : { busy: false, newest: null };
    return new Response(JSON.stringify(body), {
      status: request.method === 'POST' ? 422 : 200,
      headers: { 'Content-Type': 'application/json' },
    });
  });
  show();
  await userEvent.click(await screen.findByRole('switch', { name: 'Edit a draft' }));
  const text = screen.getByLabelText<HTMLTextAreaElement>('Draft');
  await userEvent.type(text, 'more: 1');
  await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
  expect(await screen.findByText('The draft has errors')).toBeInTheDocument();
  const faults = screen.getByTestId('draft-faults');
  expect(faults).toHaveTextContent('no such category (did you mean `access`?)');
  await userEvent.click(within(faults).getByRole('button', { name: 'Line 2' }));
  expect(text).toHaveFocus();
  expect(text.value.slice(text.selectionStart, text.selectionEnd)).toBe('Leaks');
  await userEvent.click(screen.getByRole('button', { name: 'Back to the policy in force' }));
  expect(text).toHaveValue('id: data-leaks\nname: Leaks\n');
});

it('shows people only with a reason, by pseudonym, with receipts in words', async () => {
  const assessment: Schemas['BacktestAssessment'] = {
    day: '2026-05-20',
    score: 41.5,
    severity: 'medium',
    parts: [{ text: '25 x Copy to USB, above the high level (20)', indicator: null, points: 41.5 }],
  };
  const given: unknown[] = [];
  const { calls } = serve({
    [ONE]: { busy: false, newest: DONE },
    [PEOPLE]: ({ body }: { body: unknown }) => {
      given.push(body);
      const alert = { person: PERSON, change: 'new', decided: null, draft: assessment, live: null };
      return { total: 1, page: 1, limit: 50, alerts: [alert] };
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Show who…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Show' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/^Reason/), 'tuning with the council');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Show' }));
  // A dialog that was closed leaves the page hidden from assistive technology in jsdom; browsers are tested in e2e.
  const table = await screen.findByRole('table', { name: 'Alerts of the back-test', hidden: true });
  expect(table).toHaveTextContent('Anon-7K2M-9QXD-H4TB');
  expect(table).toHaveTextContent('25 x Copy to USB, above the high level (20)');
  expect(given).toEqual([{ reason: 'tuning with the council' }]);
  expect(calls.at(-1)).toContain('change=new&change=gone&change=changed');
});

it('shows numbers only to those who may not read alerts', async () => {
  serve({ [ONE]: { busy: false, newest: DONE } });
  show({ ...SESSION, permissions: ['policies.read', 'audit.read'] });
  expect(await screen.findByTestId('backtest-changes')).toHaveTextContent('New alerts2');
  expect(screen.queryByRole('button', { name: 'Show who…' })).toBeNull();
});

it('says why it could not be tried, and why a run failed', async () => {
  serve({
    [ONE]: { busy: true, newest: { ...RUNNING, state: 'failed', failure: 'the disk is gone (store.unavailable)' } },
    [START]: new Refusal(409, 'backtest.busy', 'another back-test is running'),
  });
  show();
  expect(await screen.findByText(/the disk is gone/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
  await waitFor(() => expect(screen.getByText(/another back-test is running/)).toBeInTheDocument());
});

it('finds the step of a cut and says it in words', () => {
  const steps = DONE.result?.steps ?? [];
  expect(stepOf(steps, 34)).toBe(1);
  expect(stepOf(steps, 40)).toBe(1);
  expect(stepOf(steps, 1)).toBe(0);
  expect(stepInWords(step(34, 1, 0, 0))).toContain('of 1 person;');
});
