import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import type { Schemas } from '../../shared/api/client';
import { FittedLevels } from './fitted_levels';

const FITTED: Schemas['FittedLevels'] = {
  state: 'done',
  from: '2026-02-02',
  to: '2026-03-01',
  message: null,
  fitted: {
    yaml: 'id: leaks\nfitted: {}\n',
    changed: [
      {
        indicator: 'usb_copy',
        title: 'Copy to USB',
        dimension: 'all',
        now: { low: 5, medium: 10, high: 20 },
        fitted: { low: 30, medium: 60, high: 1200 },
      },
    ],
  },
};

it('shows shipped and fitted levels beside each other, and tries them', async () => {
  serve({ 'GET /policies/leaks/fitted': FITTED });
  const tried = vi.fn();
  renderAt('/policies/leaks', <FittedLevels policyId="leaks" onTry={tried} />);
  expect(
    await screen.findByRole('row', { name: /Copy to USB all 5 \/ 10 \/ 20 30 \/ 60 \/ 1,200/ }),
  ).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try them on the past' }));
  expect(tried).toHaveBeenCalledWith('id: leaks\nfitted: {}\n');
});

it('says why there is nothing', async () => {
  let answer: unknown = { ...FITTED, state: 'off', from: null, to: null, fitted: null };
  serve({ 'GET /policies/leaks/fitted': () => answer });
  const shown = renderAt('/policies/leaks', <FittedLevels policyId="leaks" onTry={() => undefined} />);
  expect(await screen.findByText('Analytics are switched off')).toBeInTheDocument();
  shown.unmount();
  answer = { ...FITTED, fitted: { yaml: '', changed: [] } };
  const empty = renderAt('/policies/leaks', <FittedLevels policyId="leaks" onTry={() => undefined} />);
  expect(await screen.findByText('No level would change')).toBeInTheDocument();
  empty.unmount();
  answer = new Refusal(500, 'store.corrupt', 'the store is damaged');
  renderAt('/policies/leaks', <FittedLevels policyId="leaks" onTry={() => undefined} />);
  expect(await screen.findByText(/the store is damaged/)).toBeInTheDocument();
});
