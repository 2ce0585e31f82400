import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { PERSON, SESSION } from '../../../test/samples';
import { serve, type Answers } from '../../../test/server';
import { CaseLinks } from './case_links';

const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe';
const OTHER: Schemas['CaseRow'] = {
  id: '1f',
  number: 8,
  person: PERSON,
  title: HOSTILE,
  state: 'closed',
  owner: 'ben',
  opened_by: 'ben',
  opened_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-05T08:00:00Z',
  erased_on: null,
  links: 1,
};
const CASE: Schemas['Case'] = {
  ...OTHER,
  id: '0f',
  number: 7,
  state: 'open',
  owner: 'ada',
  reason: 'more files than ever',
  closing: null,
  contributors: [],
  alerts: [],
  counts: { notes: 0, tasks: 0, open_tasks: 0, evidence: 0, notices: 0 },
  alerts_seen: 'a'.repeat(32),
  is_member: true,
  is_owner: true,
};
const LINK: Schemas['CaseLink'] = {
  id: 'c0',
  kind: 'follow_up',
  made_here: false,
  other: OTHER,
  reason: HOSTILE,
  linked_by: 'ada',
  linked_at: '2026-03-06T08:00:00Z',
  unlinked_by: null,
  unlinked_at: null,
  unlinked_reason: null,
};
const APART = {
  ...LINK,
  id: 'c1',
  kind: 'colluding' as const,
  unlinked_by: 'ben',
  unlinked_at: '2026-03-07T08:00:00Z',
  unlinked_reason: 'was another address',
};

function show(links: Schemas['CaseLinks'], answers: Answers = {}, one = CASE) {
  const served = serve({ 'GET /cases/0f/links': links, ...answers });
  renderAt('/cases/0f', <CaseLinks one={one} />, { ...SESSION, permissions: ['cases.view', 'cases.work'] });
  return served;
}

it('shows what a link says, as text, and what was taken apart', async () => {
  show({ links: [LINK, APART], hidden: 0 });
  const rows = within(await screen.findByRole('table', { name: 'Linked cases' })).getAllByRole('row');
  expect(rows[1]).toHaveTextContent('Followed up by');
  expect(rows[1]).toHaveTextContent('<script>alert(1)</script> U+202Efdp.exe');
  for (const link of screen.getAllByRole('link', { name: 'Case 8' })) expect(link).toHaveAttribute('href', '/cases/1f');
  expect(rows[2]).toHaveTextContent(/Acted together.*Taken apart by ben.*was another address/);
  expect(screen.getAllByRole('button', { name: /Take apart/ })).toHaveLength(1);
  expect(document.querySelector('script')).toBeNull();
});

it('says of others that they are there, and no more', async () => {
  show({ links: [], hidden: 1 }, {}, { ...CASE, is_member: false });
  expect(await screen.findByText('To one that you do not work on.')).toBeInTheDocument();
  expect(screen.queryByRole('table')).not.toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('links to one of the cases the viewer works on, with a reason', async () => {
  const bodies: unknown[] = [];
  const { calls } = show(
    { links: [], hidden: 0 },
    {
      'GET /cases': { cases: [CASE, OTHER, { ...OTHER, id: '2f', number: 9, erased_on: '2026-04-01' }], total: 3 },
      'POST /cases/0f/links': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { links: [LINK], hidden: 0 };
      },
    },
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Link to a case…' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByRole('option', { name: /^8: / });
  expect(within(dialog).queryByRole('option', { name: /^[79]: / })).not.toBeInTheDocument();
  await userEvent.selectOptions(within(dialog).getByLabelText(/^Case/), '1f');
  await userEvent.selectOptions(within(dialog).getByLabelText(/^What they have/), 'colluding');
  expect(within(dialog).getByRole('button', { name: 'Link' })).toBeDisabled();
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'both sent it to one place');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Link' }));
  await waitFor(() =>
    expect(bodies).toEqual([{ case_id: '1f', kind: 'colluding', reason: 'both sent it to one place' }]),
  );
  expect(calls).toContain(`GET /cases?member=${SESSION.user}&page=1&limit=50`);
});

it('takes apart with a reason', async () => {
  const bodies: unknown[] = [];
  show(
    { links: [LINK], hidden: 2 },
    {
      'POST /cases/0f/links/c0/unlink': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { links: [], hidden: 2 };
      },
    },
  );
  expect(await screen.findByText('To 2 more that you do not work on.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Take apart from case 8' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Reason' }), 'it was another address');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Take apart' }));
  await waitFor(() => expect(bodies).toEqual([{ reason: 'it was another address' }]));
});
