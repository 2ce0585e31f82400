import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { ROW, SESSION, STATUS } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import { QueuePage } from './queue_page';

const second: Schemas['AlertRow'] = {
  ...ROW,
  id: 'A-2',
  severity: 'low',
  score: 20.5,
  person: { pseudonym: 'Anon-AAAA-BBBB-CCCC', name: null, lifted_until: null },
};
const page: Schemas['AlertPage'] = {
  alerts: [ROW, second],
  total: 120,
  matching: 130,
  as_of: '2026-03-05T08:00:00Z',
  page: 1,
  limit: 50,
  needs_review: { high: 3, medium: 4, low: 5 },
  held: 0,
};
const policies = { policies: [] };

describe('the queue', () => {
  it('shows severity in words, the score, the policy, the pseudonym, the days and the status', async () => {
    serve({ 'GET /alerts': page, 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />);
    const row = (await screen.findAllByRole('row'))[1];
    if (!row) throw new Error('no row');
    expect(within(row).getByText('High')).toBeInTheDocument();
    expect(row).toHaveTextContent('87.25');
    expect(row).toHaveTextContent('Data leaks');
    expect(row).toHaveTextContent('Anon-7K2M-9QXD-H4TB');
    expect(row).toHaveTextContent('Needs review');
    expect(screen.getByTestId('count-high')).toHaveTextContent('3');
    expect(screen.getByTestId('count-low')).toHaveTextContent('5');
  });

  it('shows what else there is about the person of a row', async () => {
    const other = { id: 'A-3', severity: 'low' as const, score: 21, policy: { id: 'p', name: 'Slow leaks' } };
    const more = {
      total: 12,
      alerts: [
        { ...other, status: 'needs_review' as const },
        { ...other, id: 'A-4', status: 'dismissed' as const },
      ],
    };
    serve({ 'GET /alerts': { ...page, alerts: [{ ...ROW, more }, second] }, 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />);
    const list = await screen.findByRole('list', { name: 'Further alerts of this person' });
    expect(within(list).getAllByRole('listitem')[0]).toHaveTextContent('Slow leaks low, 21.00');
    expect(within(list).getAllByRole('listitem')[1]).toHaveTextContent('Slow leaks low, 21.00, dismissed');
    expect(within(list).getAllByRole('listitem')[2]).toHaveTextContent('10 more');
    expect(within(list).getAllByRole('link')[1]).toHaveAttribute('href', '/alerts/A-4');
  });

  it('gives one row an alert when asked to', async () => {
    const { calls } = serve({ 'GET /alerts': page, 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />);
    await screen.findAllByRole('row');
    expect(calls).toContain('GET /alerts?sort=-score&page=1&limit=50&by_person=true&status=needs_review&held=false');
    await userEvent.click(screen.getByRole('switch', { name: 'One row a person' }));
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts?rows=alerts');
    expect(calls).toContain('GET /alerts?sort=-score&page=1&limit=50&status=needs_review&held=false');
  });

  it('asks for what the address says', async () => {
    const { calls } = serve({ 'GET /alerts': page, 'GET /policies': policies });
    renderAt('/alerts?view=all&severity=high&sort=last_day&rows=alerts&page=2', <QueuePage />);
    await screen.findAllByRole('row');
    expect(calls).toContain('GET /alerts?sort=last_day&page=2&limit=50&severity=high');
  });

  it('puts sort, page and severity into the address', async () => {
    serve({ 'GET /alerts': page, 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Next page' }));
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts?page=2');
    await user.click(screen.getByRole('button', { name: /^Updated/ }));
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts?sort=-updated');
    await user.click(screen.getByRole('button', { name: /^High/ }));
    expect(screen.getByTestId('address')).toHaveTextContent('severity=high');
    expect(screen.getByRole('columnheader', { name: /Updated/ })).toHaveAttribute('aria-sort', 'descending');
  });

  it('goes from row to row by arrow keys, and opens by Enter', async () => {
    serve({ 'GET /alerts': page, 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />);
    const user = userEvent.setup();
    const links = await screen.findAllByRole('link', { name: 'Data leaks' });
    links[0]?.focus();
    await user.keyboard('{ArrowDown}');
    expect(links[1]).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    expect(links[1]).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(screen.getByTestId('address')).toHaveTextContent('/alerts/A-2');
  });

  it('says that records are still being read in, and asks again by itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const headers: (string | null)[] = [];
    const fill = { state: 'running', phase: 'Assessing', done: 3, total: 10, message: '' };
    serve({
      'GET /alerts': ({ headers: sent }: { headers: Headers }) => {
        headers.push(sent.get('X-Candor-Automatic'));
        return page;
      },
      'GET /policies': policies,
      'GET /status': { ...STATUS, fill },
    });
    renderAt('/alerts', <QueuePage />);
    expect(await screen.findByText('3 of 10 (30 %)')).toBeInTheDocument();
    const link = (await screen.findAllByRole('link', { name: 'Data leaks' }))[1];
    link?.focus();
    await act(() => vi.advanceTimersByTimeAsync(11_000));
    expect(headers).toEqual([null, '1', '1']);
    expect(link).toHaveFocus();
    vi.useRealTimers();
  });

  it('says that nothing waits, and that nothing matches', async () => {
    serve({ 'GET /alerts': { ...page, alerts: [], total: 0 }, 'GET /policies': policies });
    const { unmount } = renderAt('/alerts', <QueuePage />);
    expect(await screen.findByRole('heading', { name: 'Nothing needs review' })).toBeInTheDocument();
    unmount();
    renderAt('/alerts?severity=low', <QueuePage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the filter' }));
    expect(screen.getByTestId('address')).toHaveTextContent(/^\/alerts$/);
  });

  it('says when it is not allowed, and does not offer to try again', async () => {
    serve({ 'GET /alerts': new Refusal(403, 'access.not_allowed', 'no'), 'GET /policies': policies });
    renderAt('/alerts', <QueuePage />, { ...SESSION, permissions: [] });
    expect(await screen.findByRole('heading', { name: 'You may not see the alerts' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it('shows why it failed, and tries again', async () => {
    let broken = true;
    serve({
      'GET /alerts': () => (broken ? new Refusal(400, 'api.bad_sort', 'The sort is not known.') : page),
      'GET /policies': policies,
    });
    renderAt('/alerts', <QueuePage />);
    expect(await screen.findByText(/The sort is not known\. \(api\.bad_sort\)/)).toBeInTheDocument();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.getByRole('table', { name: 'Alerts' })).toBeInTheDocument());
  });
});
