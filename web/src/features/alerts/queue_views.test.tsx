import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ROW } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import { QueuePage } from './queue_page';

const MINE: Schemas['QueueView'] = {
  id: 'a'.repeat(32),
  name: 'High <b>ones</b>',
  owner: 'ada',
  is_mine: true,
  may_delete: true,
  sharing: 'private',
  query: 'severity=high&rows=alerts',
  columns: ['policy', 'id'],
  changed_at: '2026-03-05T08:00:00Z',
};
const THEIRS: Schemas['QueueView'] = {
  ...MINE,
  id: 'b'.repeat(32),
  name: 'Closed',
  owner: 'ben',
  is_mine: false,
  may_delete: false,
  sharing: 'shared',
  query: 'view=closed',
  columns: ['policy', 'status'],
};
const page = {
  alerts: [ROW],
  total: 1,
  matching: 1,
  as_of: '2026-03-05T08:00:00Z',
  page: 1,
  limit: 50,
  needs_review: { high: 1, medium: 0, low: 0 },
  held: 0,
};

function serving(views: Partial<Schemas['QueueViews']> = {}, more: Answers = {}) {
  return serve({
    'GET /alerts': page,
    'GET /policies': { policies: [] },
    'GET /queue-views': { views: [MINE, THEIRS], columns: [], opens_with: '', ...views },
    ...more,
  });
}
const heads = async () =>
  (await screen.findAllByRole('columnheader')).map((one) => one.textContent?.replace(/[▼▲]/, ''));
// Laid over the page by a menu that has just closed: whether assistive technology may see it is tested in e2e.
const LAID_OVER = { hidden: true };
const openMenu = async () => {
  const user = userEvent.setup();
  // Comes by itself, after the page.
  await user.click(await screen.findByRole('button', { name: /^View/ }, { timeout: 10_000 }));
  return user;
};

describe('saved views of the queue', () => {
  it('are listed and opened with their filter and columns', async () => {
    const { calls } = serving();
    renderAt('/alerts', <QueuePage />);
    const user = await openMenu();
    expect(await screen.findByRole('group', { name: 'Shared by others' })).toHaveTextContent('Closedben');
    await user.click(screen.getByRole('menuitemradio', { name: /High <b>ones<\/b>/ }));
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(`/alerts?severity=high&rows=alerts&saved=${MINE.id}`),
    );
    await waitFor(async () => expect(await heads()).toEqual(['', 'Policy', 'Alert']));
    expect(calls).toContain('GET /alerts?sort=-score&page=1&limit=50&status=needs_review&held=false&severity=high');
    expect(screen.getByRole('button', { name: 'View: High <b>ones</b>' })).toBeInTheDocument();
  });

  it('say that they were changed', async () => {
    serving();
    renderAt(`/alerts?severity=low&rows=alerts&saved=${MINE.id}`, <QueuePage />);
    expect(await screen.findByRole('button', { name: 'View: High <b>ones</b>, changed' })).toBeInTheDocument();
  });

  it('open the queue where one is chosen, once, and not over a link', async () => {
    const { calls } = serving({ opens_with: THEIRS.id });
    const { unmount } = renderAt('/alerts', <QueuePage />);
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(`/alerts?view=closed&saved=${THEIRS.id}`),
    );
    expect(await heads()).toEqual(['', 'Policy', 'Status']);
    expect(calls.filter((one) => one.includes('status=needs_review'))).toEqual([]);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'The usual queue' }));
    await waitFor(() => expect(screen.getByTestId('address').textContent).toBe('/alerts'));
    unmount();
    renderAt('/alerts?view=all', <QueuePage />);
    await screen.findAllByRole('row');
    expect(screen.getByTestId('address').textContent).toBe('/alerts?view=all');
  });

  it('do not keep the queue shut when they cannot be had', async () => {
    serving({}, { 'GET /queue-views': new Refusal(500, 'store.failed', 'broken') });
    renderAt('/alerts?view=all', <QueuePage />);
    expect(await heads()).toEqual(['', 'Severity', 'Score', 'Policy', 'Person', 'Activity', 'Updated', 'Status']);
  });

  it('are saved under a name, without a text that may name somebody', async () => {
    const bodies: unknown[] = [];
    const added = { ...MINE, id: 'c'.repeat(32), name: 'Low', query: 'severity=low' };
    serving(
      {},
      {
        'POST /queue-views': ({ body }: { body: unknown }) => {
          bodies.push(body);
          return added;
        },
        'PUT /queue-choice': ({ body }: { body: unknown }) => {
          bodies.push(body);
          return null;
        },
      },
    );
    renderAt('/alerts?severity=low&text=mallory&page=3', <QueuePage />);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Save as a new view…' }));
    const dialog = await screen.findByRole('dialog', LAID_OVER);
    expect(dialog).toHaveTextContent('only a whole pseudonym is kept');
    expect(within(dialog).getByRole('button', { name: 'Save', ...LAID_OVER })).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/Name/), ' Low ');
    await user.click(within(dialog).getByLabelText('Everybody who may read alerts'));
    await user.click(within(dialog).getByLabelText('The queue opens with it for me'));
    await user.click(within(dialog).getByRole('button', { name: 'Save', ...LAID_OVER }));
    await waitFor(() => expect(screen.queryByRole('dialog', LAID_OVER)).not.toBeInTheDocument());
    expect(bodies).toEqual([
      {
        name: 'Low',
        sharing: 'shared',
        query: 'severity=low',
        columns: 'severity,score,policy,person,activity,updated,status',
      },
      { columns: '', opens_with: added.id },
    ]);
  });

  it('are overwritten, and say why they are not', async () => {
    serving({}, { [`PUT /queue-views/${MINE.id}`]: new Refusal(409, 'queue_views.name_taken', 'has that name') });
    renderAt(`/alerts?severity=low&saved=${MINE.id}`, <QueuePage />);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Change this view…' }));
    const dialog = await screen.findByRole('dialog', LAID_OVER);
    expect(within(dialog).getByLabelText(/Name/)).toHaveValue('High <b>ones</b>');
    await user.click(within(dialog).getByRole('button', { name: 'Save', ...LAID_OVER }));
    expect(await within(dialog).findByText(/has that name/)).toBeInTheDocument();
  });

  it('are deleted by who may', async () => {
    const { calls } = serving({}, { [`DELETE /queue-views/${MINE.id}`]: null });
    const { unmount } = renderAt(`/alerts?saved=${MINE.id}`, <QueuePage />);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Delete this view…' }));
    await user.click(
      within(await screen.findByRole('dialog', LAID_OVER)).getByRole('button', { name: 'Delete', ...LAID_OVER }),
    );
    await waitFor(() => expect(screen.getByTestId('address').textContent).toBe('/alerts'));
    expect(calls).toContain(`DELETE /queue-views/${MINE.id}`);
    unmount();
    renderAt(`/alerts?view=closed&saved=${THEIRS.id}`, <QueuePage />);
    await openMenu();
    await screen.findByRole('menuitem', { name: 'Columns…' });
    expect(screen.queryByRole('menuitem', { name: /Delete|Change/ })).not.toBeInTheDocument();
  });
});

describe('columns of the queue', () => {
  it('are chosen and ordered by keys, and kept for the viewer', async () => {
    const bodies: unknown[] = [];
    serving(
      {},
      {
        'PUT /queue-choice': ({ body }: { body: unknown }) => {
          bodies.push(body);
          return null;
        },
      },
    );
    renderAt('/alerts', <QueuePage />);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Columns…' }));
    const dialog = await screen.findByRole('dialog', LAID_OVER);
    expect(within(dialog).getByLabelText('Policy')).toBeDisabled();
    for (const label of ['Updated', 'Status', 'Activity', 'Opened']) {
      within(dialog).getByLabelText(label).focus();
      await user.keyboard(' ');
    }
    const up = within(dialog).getByRole('button', { name: 'Move Opened to the left', ...LAID_OVER });
    up.focus();
    await user.keyboard('{Enter}');
    expect(up).toHaveFocus();
    await user.keyboard('{Enter}');
    await user.click(within(dialog).getByRole('button', { name: 'Move Severity to the left', ...LAID_OVER }));
    await user.click(within(dialog).getByRole('button', { name: 'Use these', ...LAID_OVER }));
    await waitFor(() => expect(bodies).toEqual([{ columns: 'severity,score,opened,policy,person', opens_with: '' }]));
  });

  it('are those the viewer chose, and those of a view of their own are kept in it', async () => {
    const bodies: unknown[] = [];
    serving(
      { columns: ['policy', 'score'] },
      {
        [`PUT /queue-views/${MINE.id}`]: ({ body }: { body: unknown }) => {
          bodies.push(body);
          return MINE;
        },
      },
    );
    const { unmount } = renderAt('/alerts', <QueuePage />);
    expect(await heads()).toEqual(['', 'Policy', 'Score']);
    unmount();
    renderAt(`/alerts?severity=low&saved=${MINE.id}`, <QueuePage />);
    const user = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Columns…' }));
    const dialog = await screen.findByRole('dialog', LAID_OVER);
    await user.click(within(dialog).getByRole('button', { name: 'The usual ones', ...LAID_OVER }));
    await user.click(within(dialog).getByRole('button', { name: 'Use these', ...LAID_OVER }));
    await waitFor(() =>
      expect(bodies).toEqual([
        {
          name: MINE.name,
          sharing: 'private',
          query: MINE.query,
          columns: 'severity,score,policy,person,activity,updated,status',
        },
      ]),
    );
  });
});
