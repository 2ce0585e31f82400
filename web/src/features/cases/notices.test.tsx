import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { PERSON, ROW, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import CasePage from './case_page';

const CASE: Schemas['Case'] = {
  id: '0f',
  number: 7,
  person: PERSON,
  title: 'Files to a stick',
  state: 'open',
  owner: 'ada',
  opened_by: 'ada',
  opened_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-05T08:00:00Z',
  erased_on: null,
  links: 0,
  reason: 'more files than ever',
  closing: null,
  contributors: [],
  alerts: [{ alert: { ...ROW, status: 'confirmed' }, added_by: 'ada', added_at: '2026-03-04T08:00:00Z' }],
  counts: { notes: 0, tasks: 0, open_tasks: 0, evidence: 0, notices: 1 },
  alerts_seen: 'a'.repeat(32),
  is_member: true,
  is_owner: true,
};
const CLOSED: Schemas['Case'] = {
  ...CASE,
  state: 'closed',
  closing: { resolution: 'benign', action: 'none', text: 'fine', by: 'ada', at: '2026-03-06T08:00:00Z' },
};
const NOTICE: Schemas['CaseNotice'] = {
  number: 1,
  at: '2026-03-05T09:00:00Z',
  viewer: 'ben',
  template: 'reminder',
  title: 'A reminder',
  subject: 'Files',
  text: 'Hello <img src=x onerror=alert(1)>\u202E,\n\nplease.',
  state: 'failed',
  attempts: 3,
  settled: '2026-03-05T10:00:00Z',
  answer: '550 no such mailbox ...',
  reminds: null,
  reminders: null,
};
const TEMPLATES = { mail: true, templates: [{ id: 'reminder', title: 'A reminder', language: 'en' }] };
const PREVIEW = { subject: 'Files', text: 'Hello Anon-7K2M,\n\nplease.', named: false, has_address: true };
const MAY: Schemas['Permission'][] = ['cases.view', 'cases.work', 'cases.close', 'notices.send'];

function show(answers: Answers = {}, one = CASE, permissions = MAY, tab = 'notices') {
  const served = serve({
    'GET /cases/0f': one,
    'GET /cases/0f/notices': { notices: [NOTICE] },
    'GET /notice-templates': TEMPLATES,
    'GET /cases/0f/notices/preview': PREVIEW,
    'GET /case-viewers': { viewers: [] },
    ...answers,
  });
  renderAt(
    `/cases/0f?tab=${tab}`,
    <Routes>
      <Route path="/cases/:caseId" element={<CasePage />} />
    </Routes>,
    { ...SESSION, permissions },
  );
  return served;
}

async function choose() {
  const buttons = await screen.findAllByRole('button', { name: 'Send a notice…' });
  await userEvent.click(buttons[buttons.length - 1] as HTMLElement);
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByRole('option', { name: 'A reminder (en)' });
  await userEvent.selectOptions(within(dialog).getByRole('combobox'), 'reminder');
  return dialog;
}

it('tells what became of each, and shows its text as text', async () => {
  show();
  const notice = await screen.findByTestId('notice');
  expect(within(notice).getByTestId('notice-state')).toHaveTextContent(/^Not delivered.*tried 3 times: 550 no such/);
  expect(notice).toHaveTextContent('Hello <img src=x onerror=alert(1)>');
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByRole('tab', { name: 'Notices (1)' })).toBeInTheDocument();
});

it('is read before it is sent, and sent once', async () => {
  const sent: unknown[] = [];
  show({
    'POST /cases/0f/notices': ({ body }: { body: unknown }) => {
      sent.push(body);
      return { notices: [NOTICE, { ...NOTICE, number: 2, state: 'waiting', attempts: 0, answer: '' }] };
    },
  });
  const dialog = await choose();
  expect(await within(dialog).findByText('Hello Anon-7K2M,')).toBeInTheDocument();
  expect(within(dialog).getByText(/Here with the pseudonym/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(sent).toEqual([{ template: 'reminder' }]);
});

it('goes to oneself first, where wanted', async () => {
  const { calls } = show({ 'POST /cases/0f/notices/test': { address: 'ada@example.com' } });
  const dialog = await choose();
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Send a test to me' }));
  expect(await within(dialog).findByText(/On its way to ada@example.com/)).toBeInTheDocument();
  expect(calls).not.toContain('POST /cases/0f/notices');
});

it('says why it cannot be sent', async () => {
  show({
    'POST /cases/0f/notices': new Refusal(409, 'cases.notice_repeated', 'this notice went less than a minute ago'),
    'POST /cases/0f/notices/test': new Refusal(409, 'access.no_mail_address', 'name your mail address first'),
  });
  const dialog = await choose();
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Send a test to me' }));
  expect(await within(dialog).findByText(/name your mail address first/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Send' }));
  expect(await within(dialog).findByText(/less than a minute ago/)).toBeInTheDocument();
});

it('is not sent without an address, or without a mail server', async () => {
  show({
    'GET /notice-templates': { ...TEMPLATES, mail: false },
    'GET /cases/0f/notices/preview': { ...PREVIEW, has_address: false },
  });
  const dialog = await choose();
  expect(await within(dialog).findByText(/Nothing tells an address/)).toBeInTheDocument();
  expect(within(dialog).getByText(/has no mail server/)).toBeInTheDocument();
  expect(within(dialog).getByRole('button', { name: 'Send' })).toBeDisabled();
});

it('is offered once the case is closed', async () => {
  show({}, CLOSED, MAY, 'overview');
  const resolution = await screen.findByTestId('resolution');
  expect(within(resolution).getByRole('button', { name: 'Send a notice…' })).toBeInTheDocument();
});

it('is for members who may', async () => {
  show({}, { ...CASE, is_member: false });
  expect(await screen.findByText("The case's notices are for those who work on it")).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Send a notice…' })).not.toBeInTheDocument();
});

it('is only shown to who may not send', async () => {
  show({}, CASE, ['cases.view', 'cases.work']);
  await screen.findByTestId('notice');
  expect(screen.queryByRole('button', { name: 'Send a notice…' })).not.toBeInTheDocument();
});

const REMINDED = {
  ...NOTICE,
  reminders: {
    next: '2026-03-12',
    every_days: 7,
    most: 3,
    sent: 1,
    ended_at: null,
    ended_by: null,
    end: null,
  },
};

it('is reminded as chosen when it is sent', async () => {
  const sent: unknown[] = [];
  show({
    'POST /cases/0f/notices': ({ body }: { body: unknown }) => {
      sent.push(body);
      return { notices: [REMINDED] };
    },
  });
  const dialog = await choose();
  await userEvent.click(await within(dialog).findByRole('checkbox', { name: /Remind while/ }));
  expect(within(dialog).getByRole('button', { name: 'Send' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/First reminder on/), '2026-03-12');
  await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'How often' }), '7');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toEqual([{ template: 'reminder', remind_on: '2026-03-12', remind_every_days: 7, remind_most: 3 }]);
});

it('waits for an answer until somebody marks it', async () => {
  const { calls } = show({
    'GET /cases/0f/notices': { notices: [REMINDED, { ...NOTICE, number: 2, reminds: 1 }] },
    'POST /cases/0f/notices/1/answered': { notices: [REMINDED] },
  });
  const state = await screen.findByTestId('notice-reminders');
  expect(state).toHaveTextContent(/Waits for an answer; next reminder on .* then every 7 days \(1 of 3 went\)/);
  expect(screen.getByText(/Reminder of 1/)).toBeInTheDocument();
  await userEvent.click(within(state).getByRole('button', { name: 'Mark as answered' }));
  await waitFor(() => expect(calls).toContain('POST /cases/0f/notices/1/answered'));
});

it('says who marked it as answered', async () => {
  const reminders = {
    ...REMINDED.reminders,
    next: null,
    end: 'answered' as const,
    ended_by: 'ada',
    ended_at: '2026-03-09T08:00:00Z',
  };
  show({ 'GET /cases/0f/notices': { notices: [{ ...NOTICE, reminders }] } });
  const state = await screen.findByTestId('notice-reminders');
  expect(state).toHaveTextContent(/^Answered, says ada/);
  expect(within(state).queryByRole('button')).not.toBeInTheDocument();
});

it('offers no reminder from a closed case', async () => {
  show({}, CLOSED, MAY, 'notices');
  const dialog = await choose();
  await within(dialog).findByText('Hello Anon-7K2M,');
  expect(within(dialog).queryByRole('checkbox', { name: /Remind while/ })).not.toBeInTheDocument();
});
