import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { serve } from '../../../test/server';
import { QueueNeighbours } from './queue_neighbours';

const beside = { previous: 'A-1', next: 'A-3', place: 52, total: 120 };
const queue = new URLSearchParams({ queue: 'view=all&sort=last_day&rows=alerts' });

describe('along the queue', () => {
  it('asks for what stands beside the alert in the queue one came from', async () => {
    const { calls } = serve({ 'GET /alerts/A-2/neighbours': beside });
    renderAt(`/alerts/A-2?${queue}`, <QueueNeighbours alertId="A-2" />);
    expect(await screen.findByTestId('place')).toHaveTextContent('52 of 120');
    expect(calls).toEqual(['GET /alerts/A-2/neighbours?sort=last_day']);
    expect(screen.getByRole('link', { name: 'Alerts' })).toHaveAttribute(
      'href',
      '/alerts?view=all&sort=last_day&rows=alerts&page=2',
    );
  });

  it('goes on by keys and buttons, and carries the queue along', async () => {
    serve({ 'GET /alerts/A-2/neighbours': beside });
    renderAt(`/alerts/A-2?${queue}`, <QueueNeighbours alertId="A-2" />);
    const user = userEvent.setup();
    await screen.findByTestId('place');
    await user.keyboard('j');
    expect(screen.getByTestId('address')).toHaveTextContent(`/alerts/A-3?${queue}`);
    await user.click(screen.getByRole('button', { name: /^Previous/ }));
    expect(screen.getByTestId('address')).toHaveTextContent(`/alerts/A-1?${queue}`);
  });

  it('lets those alone who type, and ends at the ends', async () => {
    serve({ 'GET /alerts/A-2/neighbours': { ...beside, next: null, place: null, total: 1 } });
    renderAt(
      '/alerts/A-2',
      <>
        <QueueNeighbours alertId="A-2" />
        <textarea aria-label="Note" />
      </>,
    );
    const user = userEvent.setup();
    expect(await screen.findByTestId('place')).toHaveTextContent('No longer among the 1');
    expect(screen.getByRole('button', { name: /^Next/ })).toBeDisabled();
    await user.keyboard('j');
    await user.type(screen.getByRole('textbox', { name: 'Note' }), 'k');
    expect(screen.getByTestId('address')).toHaveTextContent(/^\/alerts\/A-2$/);
    await user.tab({ shift: true });
    (document.activeElement as HTMLElement).blur();
    await user.keyboard('k');
    await waitFor(() => expect(screen.getByTestId('address')).toHaveTextContent(/^\/alerts\/A-1$/));
  });
});
