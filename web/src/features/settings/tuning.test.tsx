import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { serve } from '../../../test/server';
import { PolicyTuning } from './tuning';
import { tunedText } from './tuning_calls';

const YAML = '# Ours.\nid: leaks\nname: Leaks\nwindows: {look_back_days: 60}\ntriggers: []\n';
const POLICIES = ['leaks', 'theft'].map((id) => ({
  id,
  name: id,
  windows: { volume: 'default', look_back_days: 60, activation_days: 30, evidence_days: 90 },
})) as unknown as Parameters<typeof PolicyTuning>[0]['policies'];

it('changes the volume of those that are chosen, one version each', async () => {
  const sent: unknown[] = [];
  serve({
    'GET /policies/leaks': { id: 'leaks', name: 'Leaks', yaml: YAML, waiting: null },
    'POST /policies': ({ body }: { body: unknown }) => {
      sent.push(body);
      return {
        diagnostics: [],
        change: { policy: 'leaks', changes: true, waits: true, widens: ['alerts from a lower score on'], lacks: [] },
      };
    },
  });
  renderAt('/settings', <PolicyTuning kind="volume" policies={POLICIES} />, {
    ...SESSION,
    permissions: ['policies.read', 'policies.write'],
  });
  await userEvent.click(screen.getByRole('button', { name: 'Change the volume…' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.selectOptions(dialog.getByLabelText('Alert volume'), 'more');
  await userEvent.click(dialog.getByLabelText('theft'));
  await userEvent.type(dialog.getByLabelText(/Reason/), 'we see too little');
  await userEvent.click(dialog.getByRole('button', { name: 'Ask' }));
  await screen.findByText('alerts from a lower score on');
  expect(document.body).toHaveTextContent('Leaks: waits for a second person: alerts from a lower score on');
  expect(sent).toEqual([{ yaml: `${YAML}volume: more\n`, reason: 'we see too little' }]);
});

it('leaves alone what is not asked for', async () => {
  expect(await tunedText(YAML, { activation_days: 14 })).toBe(
    YAML.replace('{look_back_days: 60}', '{look_back_days: 60, activation_days: 14}'),
  );
  expect(await tunedText(`${YAML}volume: more\n`, { volume: 'default' })).toBe(YAML);
});

it('offers nothing to who may not', () => {
  serve({});
  renderAt('/settings', <PolicyTuning kind="timeframes" policies={POLICIES} />, { ...SESSION, permissions: [] });
  expect(screen.getByRole('table', { name: 'Timeframes of policies' })).toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
