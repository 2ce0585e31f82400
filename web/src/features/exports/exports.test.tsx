import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { PERSON } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import PeoplePage from '../people/people_page';
import { ExportFile } from './export_file';

const FILE = { path: '/audit.csv', parameters: { action: ['alert.viewed'] }, name: 'audit.csv' };

beforeEach(() => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
});

describe('a file people are in', () => {
  it('is saved with the usual pseudonyms by one press', async () => {
    const asked: string[] = [];
    serve({
      'GET /audit.csv': ({ url }: { url: URL }) => {
        asked.push(url.searchParams.toString());
        return null;
      },
    });
    renderAt('/', <ExportFile file={FILE} act="Export CSV" />);
    await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }));
    await waitFor(() => expect(asked).toEqual(['action=alert.viewed']));
  });

  it('is saved for somebody with pseudonyms of its own', async () => {
    const asked: string[] = [];
    serve({
      'GET /audit.csv': ({ url }: { url: URL }) => {
        asked.push(url.searchParams.toString());
        return null;
      },
    });
    renderAt('/', <ExportFile file={FILE} act="Export CSV" />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Export CSV: for whom' }));
    await user.click(await screen.findByRole('menuitem', { name: 'With pseudonyms of its own…' }));
    const act = await screen.findByRole('button', { name: 'Make the file', hidden: true });
    expect(act).toBeDisabled();
    await user.type(screen.getByLabelText(/Who gets it/), '  ab ');
    expect(act).toBeDisabled();
    await user.type(screen.getByLabelText(/Who gets it/), 'c');
    await user.click(act);
    await waitFor(() => expect(screen.queryByLabelText(/Who gets it/)).not.toBeInTheDocument());
    expect(asked).toEqual(['action=alert.viewed&pseudonyms=own&recipient=ab+c']);
  });

  it('asks for whom where the organisation wants that of every file, and says what failed', async () => {
    serve({
      'GET /audit.csv': ({ url }: { url: URL }) =>
        url.searchParams.has('recipient')
          ? new Refusal(400, 'exports.bad_recipient', 'say who gets it')
          : new Refusal(400, 'exports.recipient_missing', 'needs a recipient'),
    });
    renderAt('/', <ExportFile file={FILE} act="Export CSV" />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Export CSV' }));
    await user.type(await screen.findByLabelText(/Who gets it/), 'Works council');
    await user.click(screen.getByRole('button', { name: 'Make the file', hidden: true }));
    expect(await screen.findByText(/say who gets it/)).toBeInTheDocument();
  });
});

it('finds whom a pseudonym of an export means, with a reason', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /people': { total: 0, people: [] },
    'POST /exports/12/resolve': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return {
        person_id: 'a'.repeat(32),
        person: PERSON,
        export: {
          number: 12,
          made_at: '2026-05-27T10:00:00Z',
          made_by: 'ivy',
          what: 'activities',
          recipient: '<b>Outside</b> counsel',
        },
      };
    },
  });
  renderAt('/people?view=known', <PeoplePage />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Pseudonym of an export' }));
  const find = screen.getByRole('button', { name: 'Find' });
  await user.type(screen.getByLabelText(/Pseudonym in that file/), ' Anon-0000-1111-2222 ');
  await user.type(screen.getByLabelText(/Reason/), 'counsel asks who that is');
  for (const bad of ['0', 'abc', '1.5']) {
    await user.clear(screen.getByLabelText(/Number of the export/));
    await user.type(screen.getByLabelText(/Number of the export/), bad);
    expect(find).toBeDisabled();
  }
  await user.clear(screen.getByLabelText(/Number of the export/));
  await user.type(screen.getByLabelText(/Number of the export/), '12');
  await user.click(find);
  expect(await screen.findByText(/Outside/)).toHaveTextContent('<b>Outside</b> counsel');
  expect(bodies).toEqual([{ pseudonym: 'Anon-0000-1111-2222', reason: 'counsel asks who that is' }]);
});
