import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Session } from '../session/session';
import type { ViewerChange, ViewerAccount, Viewers } from './viewer_calls';
import ViewersPage from './viewers_page';
import { onlyNarrows } from './words';

const WAITING: ViewerChange = {
  number: 4,
  user: 'ivy',
  role: 'analyst',
  role_before: 'analyst',
  units: [],
  before: ['france'],
  reviews: [],
  reviews_before: [],
  asked_by: 'root',
  reason: 'heads the \u202E team now',
  asked_at: '2026-03-04T08:00:00Z',
  decision: 'waits',
  decided_by: null,
  decided_reason: null,
  decided_at: null,
};

function viewer(user: string, more: Partial<ViewerAccount> = {}): ViewerAccount {
  return {
    user,
    role: 'analyst',
    last_sign_in: null,
    of_provider: false,
    known_person: true,
    units: [],
    reviews: [],
    waiting: null,
    ...more,
  };
}

const VIEWERS: Viewers = {
  second_person: true,
  units_understood: true,
  may_change: true,
  roles: ['admin', 'analyst', 'auditor'],
  viewers: [
    viewer('ada', { role: 'admin', last_sign_in: '2026-03-04T07:00:00Z' }),
    viewer('ivy', { units: ['france'], waiting: WAITING, known_person: false }),
    viewer('ben', { units: ['germany', 'gone'], role: '', of_provider: true }),
  ],
  units: [
    { id: 'france', name: 'France', description: '', rule: 'country: FR', people: null },
    { id: 'germany', name: 'Germany', description: 'Head office', rule: 'country: DE', people: 120 },
  ],
  groups: [],
  changes: [WAITING, { ...WAITING, number: 3, units: ['france'], before: [], decision: 'not_needed', reason: 'moved' }],
};

const who = (user: string): Session => ({ ...SESSION, user, permissions: ['viewers.write'] });
const show = (viewers: Viewers, user = 'ada', more = {}) => {
  serve({ 'GET /viewers': viewers, ...more });
  renderAt('/viewers', <ViewersPage />, who(user));
};

it('shows whom each viewer sees, and few people as few', async () => {
  show(VIEWERS);
  expect(await screen.findByRole('row', { name: /^ivy/ })).toHaveTextContent(/analystFranceNever/);
  expect(screen.getByRole('row', { name: /^ben/ })).toHaveTextContent(/NoneGermany, gone/);
  expect(screen.getByRole('row', { name: /^ada/ })).toHaveTextContent('Everybody');
  expect(screen.getByRole('row', { name: /^France/ })).toHaveTextContent('country: FRFewer than 10');
  expect(screen.getByRole('row', { name: /^GermanyHead office/ })).toHaveTextContent('country: DE120');
  expect(screen.getByText('A change waits for a second person.')).toBeInTheDocument();
  expect(screen.getAllByTitle('Hidden character U+202E').length).toBeGreaterThan(0);
  const history = within(screen.getByRole('table', { name: 'Changes' })).getAllByRole('row');
  expect(history[2]).toHaveTextContent(/3 · ivyanalyst: FranceBefore: analyst: Everybody.*Held at once/);
  expect(within(screen.getByRole('row', { name: /^ada/ })).queryByRole('button')).not.toBeInTheDocument();
});

it('limits a viewer at once, with a reason', async () => {
  let sent: unknown;
  show(VIEWERS, 'ada', {
    'POST /viewers/ben/changes': ({ body }: { body: unknown }) => {
      sent = body;
      return { ...WAITING, decision: 'not_needed' };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Change what ben may do and see' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Reason/), 'works in Lyon only');
  expect(dialog.getByRole('button', { name: 'Change' })).toBeDisabled();
  await userEvent.click(dialog.getByRole('checkbox', { name: 'gone (no longer there: nobody)' }));
  expect(dialog.getByText(/It holds from/)).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('button', { name: 'Change' }));
  await expect.poll(() => sent).toEqual({ units: 'germany', reason: 'works in Lyon only' });
});

it('says before it is asked that showing more waits, and why it was refused', async () => {
  show(VIEWERS, 'ada', {
    'POST /viewers/ben/changes': () => new Refusal(403, 'access.limited_viewer', 'whoever is limited does not decide'),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Change what ben may do and see' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.click(dialog.getByRole('checkbox', { name: 'France (fewer than 10 people)' }));
  expect(dialog.getByText(/waits until a second person approves/)).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText(/Reason/), 'works in Lyon, too');
  await userEvent.click(dialog.getByRole('button', { name: 'Ask' }));
  expect(await dialog.findByText(/whoever is limited does not decide/)).toBeInTheDocument();
});

it('lets a second person approve what was looked at, and nobody their own', async () => {
  let sent: unknown;
  show(VIEWERS, 'ada', {
    'POST /viewer-changes/4/approve': ({ body }: { body: unknown }) => {
      sent = body;
      return { ...WAITING, decision: 'agreed' };
    },
  });
  const row = within(await screen.findByRole('row', { name: /^ivy/ }));
  await userEvent.click(row.getByRole('button', { name: 'Approve' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Reason/), 'she heads the team');
  await userEvent.click(dialog.getByRole('button', { name: 'Approve' }));
  await expect.poll(() => sent).toEqual({ reason: 'she heads the team' });
});

it('offers whoever asked to take it back, and the viewer concerned nothing', async () => {
  show(VIEWERS, 'root');
  const asked = within(await screen.findByRole('row', { name: /^ivy/ }));
  expect(asked.getByRole('button', { name: 'Take back' })).toBeInTheDocument();
  expect(asked.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
});

it('offers nothing to somebody who is limited', async () => {
  show({ ...VIEWERS, may_change: false }, 'ivy');
  expect(await screen.findByText(/You are limited to units yourself/)).toBeInTheDocument();
  const names = screen.queryAllByRole('button').map((one) => one.textContent);
  expect(names).not.toContain('Approve');
  expect(names).not.toContain('Change…');
});

it('knows that none is everybody', () => {
  expect(onlyNarrows({ units: [], reviews: [] }, { units: ['a'], reviews: [] })).toBe(true);
  expect(onlyNarrows({ units: ['a', 'b'], reviews: [] }, { units: ['a'], reviews: [] })).toBe(true);
  expect(onlyNarrows({ units: ['a'], reviews: [] }, { units: ['b'], reviews: [] })).toBe(false);
  expect(onlyNarrows({ units: ['a'], reviews: [] }, { units: [], reviews: [] })).toBe(false);
  expect(onlyNarrows({ units: [], reviews: [] }, { units: [], reviews: [] })).toBe(true);
  expect(onlyNarrows({ units: [], reviews: [] }, { units: ['a'], reviews: ['board'] })).toBe(false);
});

it('says what to do where there are no units, and what failed', async () => {
  show({ ...VIEWERS, units: [], changes: [] });
  expect(await screen.findByText('There are no units')).toBeInTheDocument();
  expect(screen.getByText('Nothing was changed yet')).toBeInTheDocument();
});

const WITH_GROUPS: Viewers = {
  ...VIEWERS,
  viewers: [viewer('ada'), viewer('ivy', { units: ['france'], reviews: ['board'] }), viewer('ben')],
  groups: [
    {
      id: 'board',
      name: 'Board \u202E',
      description: '',
      rule: 'groups: Board',
      people: 12,
      counted: true,
      reviewers: ['ivy'],
    },
    { id: 'deals', name: 'Deals', description: '', rule: 'groups: Deals', people: null, counted: false, reviewers: [] },
  ],
  changes: [],
};

it('shows who reviews a priority group, and one that nobody reviews', async () => {
  show(WITH_GROUPS);
  expect(await screen.findByRole('row', { name: /^Board/ })).toHaveTextContent(/groups: Board12ivy$/);
  expect(screen.getByRole('row', { name: /^Deals/ })).toHaveTextContent(/Told to its reviewersNobody: no viewer sees/);
  expect(screen.getByRole('row', { name: /^ivy/ })).toHaveTextContent(/France, and reviews Board/);
  expect(screen.getByRole('row', { name: /^ben/ })).toHaveTextContent('Everybody but priority groups');
});

it('lets a viewer review a group, which waits, without touching the units', async () => {
  let sent: unknown;
  show(WITH_GROUPS, 'ada', {
    'POST /viewers/ivy/changes': ({ body }: { body: unknown }) => {
      sent = body;
      return WAITING;
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Change what ivy may do and see' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Change' })).toBeDisabled();
  await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Deals' }));
  expect(within(dialog).getByText(/waits until a second person approves/)).toBeInTheDocument();
  await userEvent.type(within(dialog).getByLabelText(/Reason/), 'covers for the holidays');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Ask' }));
  await expect.poll(() => sent).toEqual({ reviews: 'board,deals', reason: 'covers for the holidays' });
});

it('gives a role and units as one change', async () => {
  let sent: unknown;
  show(VIEWERS, 'ada', {
    'POST /viewers/ivy/changes': ({ body }: { body: unknown }) => {
      sent = body;
      return WAITING;
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Change what ivy may do and see' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.selectOptions(within(dialog).getByLabelText('Role'), 'auditor');
  await userEvent.click(within(dialog).getByRole('checkbox', { name: /Germany/ }));
  expect(within(dialog).getByText(/waits until a second person approves/)).toBeInTheDocument();
  await userEvent.type(within(dialog).getByLabelText(/Reason/), 'moved to internal audit');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Ask' }));
  await expect
    .poll(() => sent)
    .toEqual({ role: 'auditor', units: 'france,germany', reason: 'moved to internal audit' });
});

it('does not offer a role to who comes by the identity provider', async () => {
  show(VIEWERS);
  await userEvent.click(await screen.findByRole('button', { name: 'Change what ben may do and see' }));
  expect(within(await screen.findByRole('dialog')).queryByLabelText('Role')).not.toBeInTheDocument();
});

it('says that the file of units was not understood', async () => {
  show({ ...VIEWERS, units_understood: false });
  expect(await screen.findByText(/units\.yml was not understood/)).toBeInTheDocument();
});
