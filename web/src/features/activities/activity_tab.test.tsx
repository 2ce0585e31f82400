import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { activity, ALERT, BUBBLES, FIELDS, SESSION } from '../../../test/samples';
import { Cut, serve, type Answers } from '../../../test/server';
import { ActivityTab } from './activity_tab';

// There is no canvas in jsdom; the drawing itself is looked at in e2e/.
vi.mock('./chart_canvas', () => ({ default: () => <div>drawing</div> }));

// What lies over the page is not always taken for visible where nothing is laid out; e2e/ reaches it as a person does.
const LAID_OVER = { hidden: true };

beforeEach(() => window.localStorage.clear());

const answers: Answers = {
  'GET /alerts/A-1/activity-chart': { from: '2025-12-04', to: '2026-03-04', months: 3, bubbles: BUBBLES },
  'GET /activity-fields': FIELDS,
  'GET /indicators': { indicators: [] },
  'GET /alerts/A-1/activities': ({ url }: { url: URL }) =>
    url.searchParams.has('cursor')
      ? { activities: [activity(2, { 'file.name': 'second.xlsx' })], columns: [], next_cursor: null }
      : {
          activities: [activity(1, { 'file.name': 'invoice\u202Efdp.exe', 'file.size': 12_345 })],
          columns: [],
          next_cursor: 'more',
        },
};

describe('the chart', () => {
  it('goes by keys through the bubbles, says each in words, and filters the explorer', async () => {
    serve(answers);
    renderAt('/alerts/A-1?tab=activity', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    const chart = await screen.findByRole('listbox');
    chart.focus();
    // It starts at the strongest.
    expect(within(chart).getByRole('option')).toHaveTextContent(
      /Download from SharePoint, Collection, score 80\.00, 120 activities, adds 50\.33 points/,
    );
    await user.keyboard('{ArrowLeft}');
    expect(within(chart).getByRole('option')).toHaveTextContent(/Copy to removable media.*not counted/);
    expect(within(chart).getByRole('option')).toHaveAttribute('aria-posinset', '1');
    await user.keyboard('{Enter}');
    const address = screen.getByTestId('address');
    expect(address).toHaveTextContent('tab=activity');
    expect(address).toHaveTextContent('indicator=copy_to_usb&from=2026-03-02&to=2026-03-02');
    expect(address).toHaveTextContent('scope=matched');
  });

  it('is a table as well', async () => {
    serve(answers);
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('switch', { name: 'As a table' }));
    const table = screen.getByRole('table', { name: 'Activity by day' });
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    await user.click(within(table).getByRole('button', { name: /Copy to removable media/ }));
    expect(screen.getByTestId('address')).toHaveTextContent('indicator=copy_to_usb');
  });

  it('hides and shows categories', async () => {
    serve(answers);
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Collection', pressed: true }));
    await user.click(screen.getByRole('switch', { name: 'As a table' }));
    expect(screen.getByRole('table', { name: 'Activity by day' })).not.toHaveTextContent('Download from SharePoint');
  });

  it('asks for the months chosen', async () => {
    const { calls } = serve(answers);
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    await userEvent.click(await screen.findByRole('button', { name: '6 months' }));
    expect(calls).toContain('GET /alerts/A-1/activity-chart?months=6');
  });
});

describe('the explorer', () => {
  it('shows hidden characters of a file name', async () => {
    serve(answers);
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const table = await screen.findByTestId('explorer');
    expect(table).toHaveTextContent('invoiceU+202Efdp.exe');
    expect(table).toHaveTextContent('12.3 KB');
  });

  it('loads more at the cursor', async () => {
    const { calls } = serve(answers);
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Load more' }));
    expect(await screen.findByText('second.xlsx')).toBeInTheDocument();
    expect(calls.at(-1)).toContain('cursor=more');
    expect(screen.queryByRole('button', { name: 'Load more' })).not.toBeInTheDocument();
  });

  it('remembers the columns', async () => {
    const { calls } = serve(answers);
    const { unmount } = renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Columns' }));
    await user.click(await screen.findByRole('checkbox', { name: 'source.ip', ...LAID_OVER }));
    await waitFor(() => expect(calls.at(-1)).toContain('columns=file.name%2Cfile.size%2Csource.ip'));
    unmount();
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    expect(await screen.findByRole('columnheader', { name: 'source.ip' })).toBeInTheDocument();
  });

  it('shows every field of one activity, and gives the focus back', async () => {
    const one = activity(1, {}).id;
    serve({
      ...answers,
      [`GET /alerts/A-1/activities/${one}`]: activity(1, { 'user.id': 'Anon-7K2M-9QXD-H4TB', 'host.name': 'LT-4711' }),
    });
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    const open = await screen.findByRole('button', { name: 'FileDownloaded' });
    await user.click(open);
    expect(await screen.findByText('host.name')).toBeInTheDocument();
    expect(screen.getByText('LT-4711')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Close', ...LAID_OVER }));
    await waitFor(() => expect(open).toHaveFocus());
  });

  it('says when an export is not complete', async () => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
    serve({ ...answers, 'GET /alerts/A-1/activities.csv': new Cut(5) });
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Export CSV' }));
    expect(await screen.findByText('The file is not complete')).toBeInTheDocument();
  });

  it('shows the raw record only when asked, and not to those who may not', async () => {
    const one = `GET /alerts/A-1/activities/${activity(1, {}).id}/raw`;
    const { calls } = serve({
      ...answers,
      [one]: { activity: '', source: 'm365_audit', record: '{"Id":12345678901234567890}' },
    });
    const { unmount } = renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'FileDownloaded' }));
    expect(calls).not.toContain(one);
    await user.click(await screen.findByRole('button', { name: 'Show the raw record', ...LAID_OVER }));
    expect(await screen.findByTestId('raw-record')).toHaveTextContent('"Id": 12345678901234567890');
    expect(calls).toContain(one);
    unmount();
    renderAt('/alerts/A-1', <ActivityTab alert={ALERT} />, { ...SESSION, permissions: ['alerts.read'] });
    await user.click(await screen.findByRole('button', { name: 'FileDownloaded' }));
    expect(screen.queryByRole('button', { name: 'Show the raw record' })).not.toBeInTheDocument();
  });
});
