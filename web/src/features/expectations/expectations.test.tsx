import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ALERT, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { AlertExpectations } from './alert_expectations';
import ExpectationsPage from './expectations_page';
import { EXPECTATION } from './sample';

const OFFICER = { ...SESSION, user: 'olga', permissions: ['policies.read', 'policies.approve'] } as typeof SESSION;

it('tells what waits and what has ended, and hides nothing that is hidden in a text', async () => {
  serve({
    'GET /expectations': {
      expectations: [
        EXPECTATION,
        { ...EXPECTATION, number: 6, state: 'ended', because: 'gone \u202Egpj', person: null, policy_id: 'p' },
      ],
    },
  });
  renderAt('/expectations', <ExpectationsPage />);
  expect(await screen.findByText('1 waits for a second person, 1 has ended.')).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByText('One person')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Approve' })).not.toBeInTheDocument();
});

it('lets a second person approve, with a reason, and nobody approve their own', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /expectations': { expectations: [EXPECTATION, { ...EXPECTATION, number: 8, created_by: 'olga' }] },
    'POST /expectations/7/approve': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return { ...EXPECTATION, state: 'holds' };
    },
  });
  renderAt('/expectations', <ExpectationsPage />, OFFICER);
  const user = userEvent.setup();
  expect(await screen.findAllByRole('button', { name: 'Approve' })).toHaveLength(1);
  expect(screen.getByText('Somebody else must approve it.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Approve' }));
  await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'asked the head of sales');
  await user.click(screen.getAllByRole('button', { name: 'Approve' }).at(-1) as HTMLElement);
  await screen.findByText('Expectations');
  expect(bodies).toEqual([{ reason: 'asked the head of sales' }]);
});

it('shows the effect before it is asked for, and forgets it when something changes', async () => {
  const bodies: unknown[] = [];
  serve({
    'GET /alerts/A-1/expectations': { expectations: [] },
    'POST /alerts/A-1/expectations/preview': {
      score_now: 87.25,
      score_then: 40.1,
      left_out: [{ indicator: EXPECTATION.indicators[0], day: null, count: 30, reason: 'expected' }],
    },
    'POST /alerts/A-1/expectations': ({ body }: { body: unknown }) => {
      bodies.push(body);
      return EXPECTATION;
    },
  });
  renderAt('/', <AlertExpectations alert={ALERT} />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Expected because…' }));
  expect(screen.getByRole('button', { name: 'Ask for it' })).toBeDisabled();
  await user.type(screen.getByRole('textbox', { name: /Which/ }), 'partner.example');
  await user.click(screen.getByRole('button', { name: 'Show what it would change' }));
  expect(await screen.findByRole('status')).toHaveTextContent('from 87.25 to 40.10. Left out: Mail to somebody');
  await user.type(screen.getByRole('textbox', { name: /Which/ }), 's');
  expect(screen.queryByText(/would fall/)).not.toBeInTheDocument();
  await user.type(screen.getByRole('textbox', { name: /Because/ }), 'a common tender');
  await user.click(screen.getByRole('button', { name: 'Ask for it' }));
  expect(bodies).toEqual([
    {
      policy_id: '',
      indicators: 'sharepoint_download',
      towards: 'domain',
      destinations: 'partner.examples',
      from: '2026-03-01',
      until: '2026-04-03',
      because: 'a common tender',
      owner: 'ada',
    },
  ]);
});

it('says why it was not stored', async () => {
  serve({
    'GET /alerts/A-1/expectations': { expectations: [{ ...EXPECTATION, state: 'holds' }] },
    'POST /alerts/A-1/expectations': new Refusal(400, 'expectations.bad', 'one of the destinations is no domain'),
  });
  renderAt('/', <AlertExpectations alert={ALERT} />);
  const user = userEvent.setup();
  expect(await screen.findByRole('button', { name: 'Withdraw' })).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Expected because…' }));
  await user.type(screen.getByRole('textbox', { name: /Which/ }), 'nonsense');
  await user.type(screen.getByRole('textbox', { name: /Because/ }), 'a common tender');
  await user.click(screen.getByRole('button', { name: 'Ask for it' }));
  expect(await screen.findByText(/one of the destinations is no domain/)).toBeInTheDocument();
});
