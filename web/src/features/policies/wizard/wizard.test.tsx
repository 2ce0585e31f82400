import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { renderAt } from '../../../../test/render';
import { SESSION } from '../../../../test/samples';
import { serve } from '../../../../test/server';
import NewPolicyPage from '../new_policy_page';

const YAML = `# Ours.
id: leaks
name: Leaks
triggers:
  - {id: out, indicators: exfiltration_triggers}
indicators:
  - {name: usb_copy}
`;
const TEMPLATES = {
  templates: [{ id: 'leaks', name: 'Leaks', description: 'What leaves.', yaml: YAML }],
  purposes: [{ word: 'prevent_sabotage', meaning: 'keep content from being destroyed' }],
  legal_bases: [{ word: 'works_agreement', meaning: 'a works agreement' }],
  sequences: [{ name: 'packed', title: 'Packed, then out' }],
};
const SERVED = {
  'GET /policies/templates': TEMPLATES,
  'GET /policies': { policies: [], order: 'o' },
  'GET /indicators': { indicators: [] },
};
const VIEWER = { ...SESSION, permissions: ['policies.read' as const, 'policies.write' as const] };

beforeEach(() => window.localStorage.clear());

const step = async (name: string) =>
  within(await screen.findByRole('navigation', { name: 'Steps' })).getByRole('button', {
    name: new RegExp(`^${name}`),
  });

it('writes the same file as one would by hand, and keeps it when the page is left', async () => {
  serve(SERVED);
  const { unmount } = renderAt('/policies/new?template=leaks', <NewPolicyPage />, VIEWER);
  const name = await screen.findByLabelText(/^Name/);
  await userEvent.clear(name);
  expect(await screen.findByText('A policy needs a name')).toBeInTheDocument();
  await userEvent.type(name, 'Leaks of ours');
  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Purpose' }), 'prevent_sabotage');
  await userEvent.type(screen.getByRole('textbox', { name: 'Countries' }), 'de at');
  await userEvent.click(await step('Thresholds and volume'));
  await userEvent.click(screen.getByRole('radio', { name: /^Fewer/ }));
  await userEvent.click(screen.getByRole('tab', { name: 'As a file' }));
  const written =
    YAML.replace('name: Leaks', 'name: Leaks of ours') +
    'lawful_start:\n  purpose: prevent_sabotage\n  countries: [DE, AT]\nvolume: fewer\n';
  expect(screen.getByRole('textbox', { name: 'The policy as a file' })).toHaveValue(written);
  unmount();
  renderAt('/policies/new?template=leaks', <NewPolicyPage />, VIEWER);
  expect(await screen.findByText(/What you typed before is here again/)).toBeInTheDocument();
  expect(await screen.findByLabelText(/^Name/)).toHaveValue('Leaks of ours');
  await userEvent.click(screen.getByRole('button', { name: 'Start over' }));
  expect(screen.getByLabelText(/^Name/)).toHaveValue('Leaks');
});

it('says at the field what the server says, and what would wait', async () => {
  let answer: unknown = {
    diagnostics: [
      { id: 'policy.unknown', severity: 'error', line: 7, column: 4, message: 'no such indicator', hint: 'usb_copies' },
    ],
    change: null,
  };
  let sent: unknown;
  serve({
    ...SERVED,
    'POST /policies/check': () => answer,
    'POST /policies': ({ body }: { body: unknown }) => {
      sent = body;
      return {
        diagnostics: [],
        change: { policy: 'leaks', changes: true, waits: true, widens: ['it is new'], lacks: [] },
      };
    },
  });
  renderAt('/policies/new?template=leaks&step=ask', <NewPolicyPage />, VIEWER);
  const faults = await screen.findByRole('list', { name: 'Faults' });
  expect(faults).toHaveTextContent('Line 7: no such indicator (usb_copies)');
  expect(await step('Indicators and sequences')).toHaveTextContent('1 to correct');
  await userEvent.click(within(faults).getByRole('button', { name: 'Indicators and sequences' }));
  answer = {
    diagnostics: [],
    change: { policy: 'leaks', changes: true, waits: true, widens: ['it is new'], lacks: [] },
  };
  await userEvent.type(await screen.findByLabelText('Weight of usb_copy'), '0.5');
  await userEvent.click(await step('Check, try and ask'));
  expect(await screen.findByText('It would wait for a second person.')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^Why/), 'agreed with the council');
  await userEvent.click(screen.getByRole('button', { name: 'Ask for it' }));
  expect(await screen.findByText('Stored. It waits for a second person.')).toBeInTheDocument();
  expect(sent).toEqual({
    yaml: YAML.replace('{name: usb_copy}', '{name: usb_copy, weight: 0.5}'),
    reason: 'agreed with the council',
  });
  expect(window.localStorage).toHaveLength(0);
});

it('adds conditions, triggers and indicators with the keyboard', async () => {
  serve(SERVED);
  renderAt('/policies/new?template=leaks&step=scope', <NewPolicyPage />, VIEWER);
  await userEvent.click(await screen.findByRole('radio', { name: /^Only people/ }));
  expect(await screen.findByText('Name an attribute and at least one value')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText('Any of these values'), 'Board{enter}Finance');
  await userEvent.click(await step('Triggers'));
  (await screen.findByRole('button', { name: 'Add a fact' })).focus();
  await userEvent.keyboard('{Enter}');
  await userEvent.click(await step('Indicators and sequences'));
  await userEvent.selectOptions(await screen.findByLabelText('Another sequence'), 'packed');
  await userEvent.click(screen.getAllByRole('button', { name: 'Add' })[1] as HTMLElement);
  await userEvent.click(screen.getByRole('tab', { name: 'As a file' }));
  const file = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'The policy as a file' }).value;
  expect(file).toContain('where: [{groups: [Board, Finance]}]');
  expect(file).toContain('fact: resignation');
  expect(file).toContain('sequences: [{name: packed}]');
  expect(file.startsWith('# Ours.\n')).toBe(true);
});
