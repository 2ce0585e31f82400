import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import FirstStepsPage from './first_steps_page';
import { STEPS, type Step } from './words';

const IDS = Object.keys(STEPS) as Step['id'][];

function steps(more: Partial<Record<Step['id'], Partial<Step>>> = {}, state: Step['state'] = 'done'): Step[] {
  return IDS.map((id) => ({ id, state, count: 1, wanting: 0, last: null, ...more[id] }));
}

it('says what is there, what is missing and what wants a look, each with its place', async () => {
  serve({
    'GET /first-steps': {
      steps: steps({
        people: { count: 1204, last: '2026-03-02T08:00:00Z' },
        sources: { state: 'look', count: 3, wanting: 1 },
        backup: { state: 'open', count: 0 },
      }),
    },
  });
  renderAt('/first-steps', <FirstStepsPage />);
  expect(await screen.findByText(/10 of 12 done, 1 open, 1 to look at/)).toBeInTheDocument();
  const people = screen.getByRole('listitem', { name: 'Who belongs to the organisation' });
  expect(people).toHaveTextContent(/1,204 people are known\. Last: /);
  expect(within(people).getByRole('link', { name: 'People' })).toHaveAttribute('href', '/people');
  expect(within(people).queryByText(/candor people import/)).toBeNull();
  const sources = screen.getByRole('listitem', { name: 'Records come in' });
  expect(sources).toHaveTextContent('Look at it');
  expect(sources).toHaveTextContent('3 sources, 1 silent.');
  const backup = screen.getByRole('listitem', { name: 'A backup that was put back' });
  expect(backup).toHaveTextContent('No backup was tried yet.');
  expect(within(backup).getByText(/candor backup make FILE/)).toBeInTheDocument();
});

it('says that everything is in place, and what is open in words of its own', async () => {
  let shown = steps();
  serve({ 'GET /first-steps': () => ({ steps: shown }) });
  const { unmount } = renderAt('/first-steps', <FirstStepsPage />);
  expect(await screen.findByText(/Everything is in place/)).toBeInTheDocument();
  unmount();
  shown = steps({}, 'open');
  renderAt('/first-steps', <FirstStepsPage />);
  expect(await screen.findByText(/0 of 12 done, 12 open\./)).toBeInTheDocument();
  const said = screen.getAllByRole('listitem').map((item) => item.textContent);
  expect(new Set(said).size).toBe(12);
});

it('says what failed', async () => {
  serve({ 'GET /first-steps': new Refusal(503, 'store.unavailable', 'the record database is away') });
  renderAt('/first-steps', <FirstStepsPage />);
  expect(await screen.findByText(/the record database is away/)).toBeInTheDocument();
});
