import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { serve } from '../../../test/server';
import { HolderBanner } from './holder_banner';
import StatusPage from './status_page';
import type { Status } from './status_calls';

const STATUS: Status = {
  version: '1.2.3',
  data: 'real',
  process: 'beside',
  holder_away: null,
  activities: 1200,
  superseded: 0,
  accounts: 40,
  alerts: 7,
  policies: 3,
  indicators: 90,
  first_activity: '2026-01-01T00:00:00Z',
  last_activity: '2026-02-01T00:00:00Z',
  bytes: 120_000,
  fill: { state: 'idle', phase: '', done: 0, total: 0, message: '' },
};
const AWAY: Status = {
  ...STATUS,
  holder_away: 'the Candor process that holds the timelines cannot be asked: start it',
  activities: null,
  superseded: null,
  accounts: null,
  indicators: null,
  first_activity: null,
  last_activity: null,
  bytes: null,
};

it('says what cannot be opened and why, until the holder is back', async () => {
  let status = AWAY;
  serve({ 'GET /status': () => status });
  const { unmount } = renderAt('/alerts', <HolderBanner />);
  expect(await screen.findByText(/cannot be asked: start it/)).toBeInTheDocument();
  unmount();
  status = STATUS;
  renderAt('/alerts', <HolderBanner />);
  await waitFor(() => expect(screen.queryByText(/cannot be asked/)).toBeNull());
});

it('shows which process answers, and what is not known while the holder is away', async () => {
  serve({ 'GET /status': STATUS });
  const { unmount } = renderAt('/status', <StatusPage />);
  expect(await screen.findByText('beside the holder of the timelines')).toBeInTheDocument();
  expect(screen.getByText('1,200')).toBeInTheDocument();
  unmount();
  serve({ 'GET /status': AWAY });
  renderAt('/status', <StatusPage />);
  expect(await screen.findByText('7')).toBeInTheDocument();
  expect(screen.getAllByText('not known now')).toHaveLength(6);
  expect(screen.queryByText('none yet')).toBeNull();
});
