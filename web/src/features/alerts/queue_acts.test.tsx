import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ROW, SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import { QueuePage } from './queue_page';

type Sent = { id: string; act: string; alerts?: string; shown?: number; as_of: string; reason?: string; to?: string };

const rows: Schemas['AlertRow'][] = ['A-1', 'A-2', 'A-3', 'A-4'].map((id, at) => ({
  ...ROW,
  id,
  person: { ...ROW.person, pseudonym: `Anon-000${at}` },
}));
const page: Schemas['AlertPage'] = {
  alerts: rows,
  total: 60,
  matching: 75,
  as_of: '2026-03-05T08:00:00Z',
  page: 1,
  limit: 50,
  needs_review: { high: 3, medium: 4, low: 5 },
  held: 0,
};
const outcome = (sent: Sent, done: number, why: Schemas['QueueActOutcome']['why'] = []) => ({
  id: sent.id,
  act: sent.act,
  at: '2026-03-05T08:00:01Z',
  total: done + why.length,
  done,
  refused: why.reduce((sum, one) => sum + one.alerts, 0),
  undone: 0,
  ended: true,
  why,
});

function show(answers: Answers = {}) {
  const sent: Sent[] = [];
  const searches: string[] = [];
  serve({
    'GET /alerts': page,
    'GET /policies': { policies: [] },
    'GET /assignees': { assignees: ['ada', 'ben'] },
    'POST /queue-acts': ({ body, url }: { body: Sent; url: URL }) => {
      sent.push(body);
      searches.push(url.search);
      return outcome(body, body.shown ?? (body.alerts ?? '').split(' ').length);
    },
    ...answers,
  });
  const { unmount } = renderAt('/alerts?rows=alerts', <QueuePage />);
  return { sent, searches, unmount, user: userEvent.setup() };
}
const boxes = () => screen.findAllByRole('checkbox', { name: /^Select Anon/ });
const chosen = async () => (await screen.findByTestId('selected')).textContent;

describe('acts on many alerts', () => {
  it('takes rows, ranges and the page, by mouse', async () => {
    const { user } = show();
    const all = await boxes();
    await user.click(all[0] as HTMLElement);
    expect(await chosen()).toContain('1 alert selected');
    await user.keyboard('{Shift>}');
    await user.click(all[2] as HTMLElement);
    await user.keyboard('{/Shift}');
    expect(await chosen()).toContain('3 alerts selected');
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts?rows=alerts');
    await user.click(screen.getByRole('checkbox', { name: 'Select all on this page' }));
    expect(await chosen()).toContain('4 alerts selected');
    await user.click(screen.getByRole('button', { name: 'Clear selection' }));
    for (const box of await boxes()) expect(box).not.toBeChecked();
  });

  it('takes rows and ranges by keys alone', async () => {
    const { user } = show();
    const links = await screen.findAllByRole('link', { name: 'Data leaks' });
    links[1]?.focus();
    await user.keyboard('x');
    expect(await chosen()).toContain('1 alert selected');
    await user.keyboard('{ArrowDown}{ArrowDown}{Shift>}X{/Shift}');
    expect(await chosen()).toContain('3 alerts selected');
    await user.keyboard('x');
    expect(await chosen()).toContain('2 alerts selected');
    expect(links[3]).toHaveFocus();
  });

  it('dismisses what is selected as it was shown, and takes it back', async () => {
    const undone: string[] = [];
    const { sent, user } = show();
    await user.click((await boxes())[1] as HTMLElement);
    await user.click(await screen.findByRole('button', { name: 'Dismiss…' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('Dismiss 1 alert')).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Dismiss' })).toBeDisabled();
    await user.click(within(dialog).getByRole('radio', { name: 'The activity is expected of this person' }));
    await user.click(within(dialog).getByRole('button', { name: 'Dismiss' }));
    expect(await screen.findByText(/Dismissed 1 alert\./)).toBeInTheDocument();
    expect(sent).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        act: 'dismiss',
        as_of: page.as_of,
        reason: 'expected',
        alerts: 'A-2',
      },
    ]);
    expect(screen.queryByTestId('selected')).not.toBeInTheDocument();
    serve({
      'GET /alerts': page,
      [`POST /queue-acts/${sent[0]?.id}/undo`]: () => {
        undone.push('yes');
        return { ...outcome(sent[0] as Sent, 1), undone: 0, why: [{ error: 'alerts.told', alerts: 1 }] };
      },
    });
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText(/Undone for 0 of 1 alert\..*1 told to a webhook already/)).toBeInTheDocument();
    expect(undone).toEqual(['yes']);
    expect(screen.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });

  it('takes all that match, with their number, and says what was left', async () => {
    const { sent, searches, user } = show({
      'POST /queue-acts': ({ body, url }: { body: Sent; url: URL }) => {
        sent.push(body);
        searches.push(url.search);
        return outcome(body, 72, [
          { error: 'alerts.changed', alerts: 2 },
          { error: 'alerts.new_kind', alerts: 1 },
        ]);
      },
    });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all on this page' }));
    await user.click(await screen.findByRole('button', { name: 'Select all 75 that match' }));
    expect(await chosen()).toContain('75 alerts selected, on all pages');
    await user.click(screen.getByRole('button', { name: 'Assign…' }));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByRole('option', { name: 'ben' });
    await user.selectOptions(within(dialog).getByLabelText('To'), 'ben');
    await user.click(within(dialog).getByRole('button', { name: 'Assign' }));
    expect(await screen.findByText(/Assigned 72 alerts\. Left as they are: 2 changed since/)).toHaveTextContent(
      '1 alerts.new_kind',
    );
    expect(sent[0]).toMatchObject({ act: 'assign', to: 'ben', shown: 75 });
    expect(sent[0]).not.toHaveProperty('alerts');
    expect(searches).toEqual(['?status=needs_review&held=false']);
  });

  it('says that nothing was changed, and keeps what is selected', async () => {
    const { user } = show({
      'POST /queue-acts': new Refusal(409, 'alerts.count_differs', 'The filter finds 90 alerts now.'),
    });
    await user.click((await boxes())[0] as HTMLElement);
    await user.click(await screen.findByRole('button', { name: 'Confirm…' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText(/The filter finds 90 alerts now/)).toBeInTheDocument();
    expect(await chosen()).toContain('1 alert selected');
  });

  it('begins anew with another filter, and is not there for who may not decide', async () => {
    const { user, unmount } = show();
    await user.click((await boxes())[0] as HTMLElement);
    expect(await chosen()).toContain('1 alert');
    await user.click(screen.getByRole('button', { name: /^High/ }));
    await waitFor(() => expect(screen.queryByTestId('selected')).not.toBeInTheDocument());
    unmount();
    serve({ 'GET /alerts': page, 'GET /policies': { policies: [] } });
    renderAt('/alerts', <QueuePage />, { ...SESSION, permissions: ['alerts.read'] });
    const tables = await screen.findAllByRole('table', { name: 'Alerts' });
    expect(within(tables.at(-1) as HTMLElement).queryAllByRole('checkbox')).toEqual([]);
  });
});
