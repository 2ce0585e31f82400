import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../../shared/api/client';
import { renderAt } from '../../../test/render';
import { SESSION } from '../../../test/samples';
import { Refusal, serve, type Answers } from '../../../test/server';
import EvaluatedPage, { versionIn } from './evaluated_page';

const COUNCIL: Schemas['Permission'][] = ['policies.read', 'reports.read', 'settings.read'];

function block(kind: 'heading' | 'paragraph' | 'points' | 'table', more: object) {
  return { kind, level: 0, text: '', cells: [], rows: [], ...more };
}

const VERSIONS = [
  { number: 2, since: '2026-05-02T08:00:00Z', sha256: 'b'.repeat(64) },
  { number: 1, since: '2026-05-01T08:00:00Z', sha256: 'a'.repeat(64) },
];
const EVALUATED = {
  ...VERSIONS[0],
  public_key: 'c'.repeat(64),
  public: false,
  language: 'en',
  title: 'What is evaluated here',
  blocks: [
    block('heading', { level: 1, text: 'Sources' }),
    block('paragraph', { text: 'Logs <img src=x onerror=alert(1)>\u202E' }),
    block('points', { cells: ['first point', 'second point'] }),
    block('table', { cells: ['source', 'read since'], rows: [['m365_audit', '2026-01-01']] }),
    block('table', { rows: [['Agreement', 'BV 7']] }),
  ],
  versions: VERSIONS,
};
const GERMAN = { ...EVALUATED, language: 'de', title: 'Was hier ausgewertet wird' };
const CHANGES = {
  from: 1,
  to: 2,
  changes: [
    { section: 'Sources', added: false, text: 'm365_audit; read since: 2025-01-01' },
    { section: 'Sources', added: true, text: 'm365_audit; read since: 2026-01-01' },
  ],
};
const ATTESTED = {
  public_key: 'c'.repeat(64),
  attestations: [
    {
      number: 4,
      country: 'DE',
      from: '2026-04-01',
      to: '2026-04-30',
      made_at: '2026-05-01T08:00:00Z',
      made_by: 'root\u202E',
    },
  ],
};

function show(answers: Answers = {}, address = '/evaluated-here', permissions = COUNCIL) {
  const served = serve({
    'GET /evaluated': ({ url }: { url: URL }) => (url.searchParams.get('language') === 'de' ? GERMAN : EVALUATED),
    'GET /evaluated/1': { ...EVALUATED, ...VERSIONS[1] },
    'GET /evaluated/2/changes': CHANGES,
    'GET /attestations': ATTESTED,
    ...answers,
  });
  renderAt(address, <EvaluatedPage />, { ...SESSION, permissions });
  return served;
}

it('shows the text with its structure, as text', async () => {
  show();
  const article = await screen.findByRole('article');
  expect(within(article).getByRole('heading', { name: 'Sources', level: 2 })).toBeInTheDocument();
  expect(article).toHaveTextContent('Logs <img src=x onerror=alert(1)>');
  expect(document.querySelector('img')).toBeNull();
  expect(within(article).getByRole('columnheader', { name: 'read since' })).toBeInTheDocument();
  expect(within(article).getByRole('rowheader', { name: 'Agreement' })).toBeInTheDocument();
  expect(within(article).getAllByRole('listitem')).toHaveLength(2);
  expect(article).toHaveAttribute('lang', 'en');
  expect(screen.getByText(/the setting “evaluated.public” is off/)).toBeInTheDocument();
  expect(screen.getByText(new RegExp('b{64}'))).toBeInTheDocument();
});

it('says where everybody reads it', async () => {
  show({ 'GET /evaluated': { ...EVALUATED, public: true } });
  expect(await screen.findByRole('link', { name: '/evaluated' })).toHaveAttribute('href', '/evaluated');
});

it('has another language', async () => {
  show();
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Language' }), 'de');
  expect(await screen.findByRole('heading', { name: 'Was hier ausgewertet wird', level: 1 })).toBeInTheDocument();
  expect(screen.getByTestId('address')).toHaveTextContent('language=de');
});

it('shows earlier versions and what changed', async () => {
  const { calls } = show();
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Changes since' }), '1');
  const changes = await screen.findByRole('region', { name: 'Changes from version 1 to version 2' });
  expect(await within(changes).findByText('m365_audit; read since: 2025-01-01')).toBeInTheDocument();
  expect(changes.querySelector('del')).toHaveTextContent('2025-01-01');
  expect(changes.querySelector('ins')).toHaveTextContent('2026-01-01');
  expect(calls.some((call) => call.startsWith('GET /evaluated/2/changes?since=1'))).toBe(true);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Version' }), '1');
  await waitFor(() => expect(calls.some((call) => call.startsWith('GET /evaluated/1?'))).toBe(true));
});

it('says why there is none', async () => {
  show({ 'GET /evaluated': new Refusal(404, 'api.not_found', 'there is nothing here') });
  expect(await screen.findByRole('heading', { name: 'Not found' })).toBeInTheDocument();
});

it('takes no number that is none', () => {
  for (const text of [null, '', '0', '-1', '1.5', 'x', '99999999999']) expect(versionIn(text)).toBeNull();
  expect(versionIn('12')).toBe(12);
});

it('attests days of a country and lists what was attested', async () => {
  const asked: unknown[] = [];
  show({
    'POST /attestations': ({ body }: { body: unknown }) => {
      asked.push(body);
      return ATTESTED.attestations[0];
    },
  });
  const table = await screen.findByRole('table', { name: 'Attestations' });
  expect(within(table).getByRole('button', { name: 'PDF, Deutsch, attestation 4' })).toBeInTheDocument();
  const form = screen.getByRole('form', { name: 'New attestation' });
  const act = within(form).getByRole('button', { name: 'Attest' });
  expect(act).toBeDisabled();
  await userEvent.type(within(form).getByLabelText('Country'), 'de');
  await userEvent.type(within(form).getByLabelText('First day'), '2026-04-01');
  await userEvent.type(within(form).getByLabelText('Last day'), '2026-04-30');
  await userEvent.click(act);
  await waitFor(() => expect(asked).toEqual([{ country: 'DE', from: '2026-04-01', to: '2026-04-30' }]));
});

it('shows attestations only to those who may read settings', async () => {
  const { calls } = show({}, '/evaluated-here', ['policies.read']);
  await screen.findByRole('article');
  expect(screen.queryByRole('heading', { name: 'Attestations' })).not.toBeInTheDocument();
  expect(calls).not.toContain('GET /attestations');
});
