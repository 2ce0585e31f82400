import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import type { Session } from '../session/session';
import { StartScoring } from './scoring_ask';
import type { PersonScoring, ScoringRequest } from './scoring_calls';

const SCORING: PersonScoring = {
  person_id: 'p1',
  second_person: true,
  most_days: 90,
  policies: [{ id: 'data-leaks', name: 'Data leaks' }],
  starts: [],
  requests: [],
};
const REQUEST = { decision: 'waits' } as ScoringRequest;
const who = (...permissions: Session['permissions']): Session => ({ ...SESSION, permissions });
const IVY = who('people.read', 'people.decide');

async function fill() {
  await userEvent.click(screen.getByRole('button', { name: 'Start scoring…' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText(/Reason/), 'named by the head of research');
  return dialog;
}

it('asks from a case, and says that it waits', async () => {
  let sent: unknown;
  serve({
    'GET /cases/c1/scoring': SCORING,
    'POST /cases/c1/scoring': ({ body }: { body: unknown }) => {
      sent = body;
      return REQUEST;
    },
  });
  renderAt('/cases/c1', <StartScoring from={{ caseId: 'c1' }} />, IVY);
  const dialog = await fill();
  await userEvent.clear(within(dialog).getByLabelText(/^Days/));
  expect(within(dialog).getByRole('button', { name: 'Ask' })).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText(/^Days/), '14');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Ask' }));
  expect(await screen.findByTestId('scoring-asked')).toHaveTextContent('waits for a second person');
  expect(sent).toEqual({ policy: 'data-leaks', days: 14, reason: 'named by the head of research' });
});

it('begins at once over invented people, from an alert', async () => {
  serve({
    'GET /alerts/a1/scoring': { ...SCORING, second_person: false },
    'POST /alerts/a1/scoring': { ...REQUEST, decision: 'not_needed' },
  });
  renderAt('/alerts/a1/person', <StartScoring from={{ alertId: 'a1' }} />, IVY);
  const dialog = await fill();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Start' }));
  expect(await screen.findByTestId('scoring-asked')).toHaveTextContent('Scoring has begun');
});

it('keeps what was typed when it is refused, and is not there for who may not', async () => {
  serve({
    'GET /cases/c1/scoring': SCORING,
    'POST /cases/c1/scoring': new Refusal(409, 'cases.not_member', 'you are not in the case'),
  });
  const { unmount } = renderAt('/cases/c1', <StartScoring from={{ caseId: 'c1' }} />, IVY);
  const dialog = await fill();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Ask' }));
  expect(await within(dialog).findByText(/cases\.not_member/)).toBeInTheDocument();
  expect(within(dialog).getByLabelText(/Reason/)).toHaveValue('named by the head of research');
  unmount();
  renderAt('/cases/c1', <StartScoring from={{ caseId: 'c1' }} />, who('people.read'));
  await waitFor(() => expect(screen.queryByRole('button')).not.toBeInTheDocument());
});
