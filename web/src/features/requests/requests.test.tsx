import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { AskForMore } from './ask_for_more';
import ReportPage from './report_page';
import type { Asking, LookRequest } from './request_calls';
import RequestsPage, { requestFilterOf } from './requests_page';

const REQUEST: LookRequest = {
  number: 4,
  kind: 'activity_report',
  state: 'waits',
  person: { pseudonym: 'Anon-7K2M-9QXD-H4TB', name: null, lifted_until: null },
  alert_id: null,
  case_id: null,
  policy: null,
  from: '2026-01-01',
  until: '2026-03-01',
  reason: 'a partner says files were offered',
  milder: 'no alert is about that time',
  start: null,
  asked_by: 'ina',
  asked_at: '2026-03-02T08:00:00Z',
  decided_by: '',
  decided_at: null,
  decided_reason: '',
  open_until: null,
  withdrawn_by: '',
  withdrawn_at: null,
  withdrawn_reason: '',
  may_decide: false,
  may_read: false,
  is_mine: true,
};
const list = (...requests: LookRequest[]) => ({ requests, total: requests.length, waiting: 1, page: 1, limit: 50 });
const may = (...permissions: string[]) => ({ ...SESSION, user: 'app', permissions }) as typeof SESSION;

it('lets whoever decides agree with a reason, and whoever asked only take it back', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /requests': list(
      { ...REQUEST, may_decide: true, is_mine: false, reason: 'offered \u202Egpj' },
      { ...REQUEST, number: 5 },
    ),
    'POST /requests/4/approve': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return { ...REQUEST, state: 'approved' };
    },
  });
  renderAt('/requests', <RequestsPage />, may('requests.read', 'requests.approve'));
  const user = userEvent.setup();
  expect(await screen.findByText('1 waits for a decision.')).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getAllByRole('button', { name: 'Agree' })).toHaveLength(1);
  expect(screen.getAllByRole('button', { name: 'Withdraw' })).toHaveLength(1);
  expect(screen.getByText('Somebody else must agree.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Agree' }));
  await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'asked the head of legal');
  await user.click(screen.getAllByRole('button', { name: 'Agree' }).at(-1) as HTMLElement);
  await screen.findByText('Requests');
  expect(bodies).toEqual([{ reason: 'asked the head of legal' }]);
});

it('says what a policy asks for and links to a report that can be read', async () => {
  serve({
    'GET /requests': list(
      { ...REQUEST, state: 'approved', may_read: true, open_until: '2026-03-20', decided_by: 'app' },
      {
        ...REQUEST,
        number: 5,
        kind: 'screen_evidence',
        policy: { id: 'screen-evidence', name: 'Screen evidence' },
        asked_by: null,
        alert_id: 'A-1',
        is_mine: false,
      },
    ),
  });
  renderAt('/requests', <RequestsPage />, may('requests.read'));
  expect(await screen.findByRole('link', { name: 'Read the report' })).toHaveAttribute('href', '/requests/4');
  expect(screen.getByRole('link', { name: 'The alert' })).toHaveAttribute('href', '/alerts/A-1');
  expect(screen.getByText(/asked by the policy/)).toBeInTheDocument();
  expect(screen.getByText('Screen evidence')).toBeInTheDocument();
});

it('saves the sheet of a search for content, which is asked for in a case only', async () => {
  serve({
    'GET /requests': list({ ...REQUEST, kind: 'content', state: 'approved', may_read: true }),
    'GET /requests/4/content-sheet': () => new Refusal(409, 'requests.not_open', 'request 4 is ended: ask for it anew'),
  });
  const { unmount } = renderAt('/requests', <RequestsPage />, may('requests.read'));
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Save the sheet' }));
  expect(screen.getByRole('rowheader', { name: /Content of files and messages/ })).toBeInTheDocument();
  expect(await screen.findByText(/ask for it anew/)).toBeInTheDocument();
  unmount();

  const offered = async (asking: Asking) => {
    const shown = renderAt('/', <AskForMore asking={asking} />, may('requests.write'));
    await user.click(screen.getByRole('button', { name: 'Ask for more…' }));
    const all = screen.getAllByRole('option').map((one) => one.textContent);
    shown.unmount();
    return all;
  };
  expect(await offered({ caseId: 'c1' })).toContain('Content of files and messages');
  expect(await offered({ personId: 'p1' })).not.toContain('Content of files and messages');
});

it('tells an empty list from one that a filter empties, and why it cannot be shown', async () => {
  serve({ 'GET /requests': list() });
  const { unmount } = renderAt('/requests', <RequestsPage />, may('requests.read'));
  expect(await screen.findByText('Nothing was asked for')).toBeInTheDocument();
  unmount();
  renderAt('/requests?state=ended', <RequestsPage />, may('requests.read'));
  expect(await screen.findByText('No request fits')).toBeInTheDocument();
  expect(requestFilterOf(new URLSearchParams('state=lost&kind=x&page=0'))).toEqual({ page: 1 });
});

it('asks with days, reason and why less is not enough', async () => {
  const bodies: Record<string, unknown>[] = [];
  serve({
    'POST /people/p1/requests': ({ body }: { body: unknown }) => {
      bodies.push(body as Record<string, unknown>);
      return new Refusal(400, 'requests.bad', 'a recording takes at most 30 days');
    },
  });
  renderAt('/', <AskForMore asking={{ personId: 'p1' }} />, may('requests.write'));
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Ask for more…' }));
  expect(screen.getByRole('button', { name: 'Ask' })).toBeDisabled();
  await user.selectOptions(screen.getByRole('combobox', { name: 'What' }), 'screen_evidence');
  await user.type(screen.getByRole('textbox', { name: /shows less/ }), 'the records show no content');
  await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'copies drawings each night');
  await user.click(screen.getByRole('button', { name: 'Ask' }));
  expect(await screen.findByText(/at most 30 days/)).toBeInTheDocument();
  expect(bodies[0]).toMatchObject({ kind: 'screen_evidence', milder: 'the records show no content' });
});

it('is not offered to who may not ask', () => {
  renderAt('/', <AskForMore asking={{ personId: 'p1' }} />, may('requests.read'));
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('shows a report by day and its activities, and why one cannot be read', async () => {
  const indicator = { name: 'usb_copy', title: 'Copy to removable media', category: 'exfiltration' };
  serve({
    'GET /requests/4/report': {
      number: 4,
      person: REQUEST.person,
      from: '2026-01-01',
      until: '2026-03-01',
      open_until: '2026-03-20',
      insights: [
        {
          day: '2026-02-03',
          indicator,
          count: 12,
          bytes: 0,
          first: '2026-02-03T08:00:00Z',
          last: '2026-02-03T09:00:00Z',
        },
      ],
    },
    'GET /activity-fields': { fields: [] },
    'GET /requests/4/activities': { activities: [], columns: [], next_cursor: null },
    'GET /requests/5/report': new Refusal(409, 'requests.not_open', 'request 5 is ended: ask for a report anew'),
  });
  const page = (
    <Routes>
      <Route path="requests/:number" element={<ReportPage />} />
    </Routes>
  );
  const { unmount } = renderAt('/requests/4', page, may('requests.read'));
  expect(await screen.findByRole('heading', { name: 'Report 4' })).toBeInTheDocument();
  expect(screen.getByRole('rowheader', { name: /Copy to removable media/ })).toBeInTheDocument();
  expect(await screen.findByText('No activity here')).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: 'Counted in this alert' })).not.toBeInTheDocument();
  unmount();
  renderAt('/requests/5', page, may('requests.read'));
  expect(await screen.findByText(/ask for a report anew/)).toBeInTheDocument();
});
