import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { Refusal, serve } from '../../../test/server';
import IndicatorPage from './indicator_page';
import type { Coverage, Detail, Health, Indicator, TryOutcome } from './indicator_calls';
import IndicatorsPage from './indicators_page';
import type { Schemas } from '../../shared/api/client';
import { stateInWords } from './words';

const LEVELS = { low: 5, medium: 10, high: 20 };

function indicator(name: string, more: Partial<Indicator> = {}): Indicator {
  return {
    id: `id-${name}`,
    name,
    title: `Title of ${name}`,
    description: 'What it means',
    workload: 'office',
    category: 'collection',
    intrusion: 1,
    maturity: 'test',
    operations: ['FileDownloaded'],
    techniques: ['T1213.002'],
    state: { everywhere: true, countries: [], groups: false },
    levels: { all: LEVELS, sensitive: LEVELS, priority: LEVELS, unallowed: LEVELS },
    variant_of: null,
    only: [],
    except: [],
    ...more,
  };
}

const MAIL = indicator('mail_read', {
  workload: 'communication',
  category: 'access',
  operations: ['MailItemsAccessed'],
  state: { everywhere: false, countries: [{ country: 'FR', on: true }], groups: false },
});
const OFF = indicator('never', { state: { everywhere: false, countries: [], groups: false } });
const LIST = { indicators: [indicator('download'), MAIL, OFF] };

const FEED = {
  source: 'm365_audit',
  record_types: [6],
  setting: 'Auditing on',
  licence: 'e5',
  state: 'alive',
  sources: ['office'],
  last_received: '2026-03-04',
  silent_since: null,
  created_p50_seconds: 90,
  created_p95_seconds: 7200,
} satisfies Health['feeds'][number];
const NOTHING = { sources: [], last_received: null, created_p50_seconds: null, created_p95_seconds: null };

function health(name: string, more: Partial<Health> = {}): Health {
  return {
    name,
    title: `Title of ${name}`,
    workload: 'office',
    category: 'collection',
    state: 'alive',
    feeds: [FEED],
    matched: true,
    many: true,
    hit_days: 12,
    last_hit: '2026-03-03',
    ...more,
  };
}

const COVERAGE: Coverage = {
  counted_since: '2026-02-01T08:00:00Z',
  reach_counted: '2026-03-04T08:00:00Z',
  reach_days: 30,
  indicators: [
    health('download'),
    health('mail_read', {
      state: 'silent',
      feeds: [{ ...FEED, state: 'silent', silent_since: '2026-03-01T10:00:00Z' }],
      many: false,
      hit_days: null,
      last_hit: null,
    }),
    health('never', { state: 'never', feeds: [{ ...FEED, ...NOTHING, state: 'never' }], matched: false }),
  ],
};

const DETAIL: Detail = {
  indicator: indicator('download', { title: 'Download \u202Ehere' }),
  stage: 'collection',
  level: 'medium',
  legal: 'Agree with the works council',
  exfiltration_trigger: true,
  tags: ['attack.t1213.002'],
  false_positives: ['Preparing a trip'],
  needs: ['own_domains'],
  thresholds: [{ dimension: 'all', ...LEVELS, reason: 'as proposed' }],
  feeds: [{ source: 'm365_audit', record_types: [6], setting: 'Auditing on', licence: 'e5' }],
  file: 'indicators/office/download.yml',
  detection: 'detection:\n  condition: selection\n',
  examples: [
    { about: 'A file is downloaded', matches: true, source: 'm365_audit', record: '{"Operation":"X"}', records: 1 },
  ],
  example_facts: ['own_domains'],
  decisions: [],
  stored: { last_matched: '2026-03-04', offered: 30, evaluated: 20, matched: 7, left_out: 3 },
};

const OUTCOME: TryOutcome = {
  rejection: null,
  unknown_operation: null,
  unknown_record_type: null,
  activity: {
    time: '2026-03-04T08:00:00Z',
    operation: 'FileDownloaded',
    fields: [{ name: 'file.name', values: ['plan.docx'] }],
  },
  matches: [{ name: 'mail_read', title: 'Mail read', category: 'access' }],
  left_out: [{ indicator: { name: 'mail_sent', title: 'Mail sent', category: 'exfiltration' }, exclusion: 'menus' }],
  switched_off: 3,
  explained: {
    indicator: { name: 'download', title: 'Download', category: 'collection' },
    state: 'does_not_match',
    condition: {
      part: 'all of these',
      holds: false,
      why: '',
      parts: [
        { part: 'event.action is `filedownloaded`', holds: true, why: 'it is `FileDownloaded`', parts: [] },
        { part: 'file.name is there', holds: false, why: 'the record has no file.name', parts: [] },
      ],
    },
  },
};

function renderDetail() {
  renderAt(
    '/indicators/download',
    <Routes>
      <Route path="indicators/:name" element={<IndicatorPage />} />
    </Routes>,
  );
}

const titles = () =>
  within(screen.getByRole('table', { name: 'Indicators' }))
    .getAllByRole('rowheader')
    .map((cell) => within(cell).getByRole('link').textContent);

it('finds by operation, and filters by workload, category and state', async () => {
  serve({ 'GET /indicators': LIST, 'GET /exclusions': { exclusions: [], groups: [] } });
  renderAt('/indicators', <IndicatorsPage />);
  await screen.findByRole('table', { name: 'Indicators' });
  expect(screen.getByText('3 of 3')).toBeInTheDocument();
  expect(screen.getByText('Off; on in FR')).toBeInTheDocument();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find an indicator' }), 'mailitems');
  expect(titles()).toEqual(['Title of mail_read']);
  await userEvent.clear(screen.getByRole('searchbox', { name: 'Find an indicator' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Workload' }), 'office');
  expect(titles()).toEqual(['Title of download', 'Title of never']);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'On or off' }), 'off');
  expect(titles()).toEqual(['Title of never']);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Category' }), 'access');
  expect(screen.getByText('No indicator matches')).toBeInTheDocument();
  expect(screen.getByTestId('address')).toHaveTextContent('/indicators?workload=office&state=off&category=access');
});

it('tells what cannot be seen here, and filters by it', async () => {
  serve({
    'GET /indicators': LIST,
    'GET /indicators/coverage': COVERAGE,
    'GET /exclusions': { exclusions: [], groups: [] },
  });
  renderAt('/indicators', <IndicatorsPage />);
  expect(await screen.findByText(/1 of 3 cannot be seen here.*Of 1 the source is silent/)).toBeInTheDocument();
  const row = (name: RegExp) => screen.getByRole('row', { name });
  expect(row(/Title of download/)).toHaveTextContent(
    /Seen here, last on .*Matched by ten people or more in 30 days; as many on each of 12, last on/,
  );
  expect(row(/Title of mail_read/)).toHaveTextContent(
    /Source silent since .*Matched; fewer than ten people in 30 days/,
  );
  expect(row(/Title of never/)).toHaveTextContent('Cannot be seen hereNever matched');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Seen here' }), 'blind');
  expect(titles()).toEqual(['Title of never']);
  expect(screen.getByTestId('address')).toHaveTextContent('/indicators?seen=blind');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Seen here' }), 'silent');
  expect(titles()).toEqual(['Title of mail_read']);
});

it('says that nothing can be said yet, and what failed', async () => {
  let answer: unknown = { ...COVERAGE, counted_since: null, indicators: [] };
  serve({
    'GET /indicators': LIST,
    'GET /indicators/coverage': () => answer,
    'GET /exclusions': { exclusions: [], groups: [] },
  });
  const { unmount } = renderAt('/indicators', <IndicatorsPage />);
  expect(await screen.findByText(/No record has come yet/)).toBeInTheDocument();
  unmount();
  answer = new Refusal(500, 'store.corrupt', 'the health is damaged');
  renderAt('/indicators', <IndicatorsPage />);
  expect(await screen.findByText(/the health is damaged/)).toBeInTheDocument();
  expect(titles()).toHaveLength(3);
});

it('shows what feeds an indicator here', async () => {
  serve({ 'GET /indicators/download': DETAIL, 'GET /indicators/coverage': COVERAGE });
  renderDetail();
  expect(
    await screen.findByText(/Seen here, last on .*\. Matched by ten people or more in 30 days/),
  ).toBeInTheDocument();
  const feed = screen.getByRole('row', { name: /m365_audit 6 Microsoft 365 E5 Auditing on/ });
  expect(feed).toHaveTextContent(/It comesLast on .*, by office/);
  expect(feed).toHaveTextContent('1 min 30 s / 2 h');
});

it('shows variants and exclusions', async () => {
  const narrow = indicator('download_drawings', { variant_of: 'download', only: ['drawings'], except: ['drafts'] });
  serve({
    'GET /indicators': { indicators: [indicator('download'), narrow] },
    'GET /exclusions': {
      exclusions: [
        {
          name: 'menus',
          reason: 'everybody gets them',
          all: false,
          indicators: [{ name: 'download', title: 'Title of download', category: 'collection' }],
          items: [{ kind: 'file_types', count: 1200 }],
          groups: ['caterers'],
          unless_keywords: 2,
          left_out: [
            {
              indicator: { name: 'download', title: 'Title of download', category: 'collection' },
              activities: 1234,
              last_day: '2026-03-04',
            },
          ],
        },
        {
          name: 'nothing',
          reason: 'r',
          all: true,
          indicators: [],
          items: [],
          groups: [],
          unless_keywords: 0,
          left_out: [],
        },
      ],
      groups: [{ name: 'caterers', title: 'Caterers', items: [{ kind: 'domains', count: 3 }] }],
    } satisfies Schemas['Exclusions'],
  });
  renderAt('/indicators', <IndicatorsPage />);
  const indicators = await screen.findByRole('table', { name: 'Indicators' });
  expect(within(indicators).getByRole('rowheader', { name: /download_drawings/ })).toHaveTextContent(
    'Variant of download: only drawings, except drafts',
  );
  const exclusions = within(await screen.findByRole('table', { name: 'Exclusions' })).getAllByRole('row');
  expect(exclusions[1]).toHaveTextContent('1,200 file types, group caterers; unless one of 2 keywords');
  expect(exclusions[1]).toHaveTextContent('1,234 of Title of download, last on');
  expect(exclusions[2]).toHaveTextContent('All indicatorsNothingNothing');
  const groups = screen.getByRole('table', { name: 'Detection groups' });
  expect(within(groups).getByRole('row', { name: /Caterers caterers 3 domains/ })).toBeInTheDocument();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find an indicator' }), 'variant');
  expect(within(indicators).getAllByRole('rowheader')).toHaveLength(1);
});

it('says why the list is empty', async () => {
  serve({ 'GET /indicators': new Refusal(500, 'store.corrupt', 'the file is damaged') });
  renderAt('/indicators', <IndicatorsPage />);
  expect(await screen.findByText(/the file is damaged/)).toBeInTheDocument();
});

it('shows one whole', async () => {
  serve({ 'GET /indicators/download': DETAIL });
  renderDetail();
  expect(
    await screen.findByText(/^7 of 20 activities, ten people or more on .*; 3 left out by exclusions$/),
  ).toBeInTheDocument();
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(screen.getByText('Agree with the works council')).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /all 5 10 20 as proposed/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /m365_audit 6 Microsoft 365 E5 Auditing on/ })).toBeInTheDocument();
  expect(screen.getByRole('region', { name: "The rule's detection" })).toHaveTextContent('condition: selection');
});

it('tells no count of few people', async () => {
  const stored = { ...DETAIL.stored, last_matched: null, matched: null, left_out: null };
  serve({ 'GET /indicators/download': { ...DETAIL, stored } });
  renderDetail();
  expect(await screen.findByText('Few people: not told')).toBeInTheDocument();
});

it('says that there is no such indicator', async () => {
  serve({ 'GET /indicators/download': new Refusal(404, 'indicators.not_found', 'none') });
  renderDetail();
  expect(await screen.findByText('Not found')).toBeInTheDocument();
});

it('tries an example and explains part by part', async () => {
  let sent: unknown;
  serve({
    'GET /indicators/download': DETAIL,
    'POST /indicators/try': ({ body }: { body: unknown }) => {
      sent = body;
      return OUTCOME;
    },
  });
  renderDetail();
  await userEvent.click(await screen.findByRole('button', { name: 'Try it: A file is downloaded' }));
  await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
  const outcome = await screen.findByTestId('outcome');
  expect(sent).toEqual({ record: '{"Operation":"X"}', source: 'm365_audit', indicator: 'download' });
  expect(outcome).toHaveTextContent('It does not match');
  const parts = within(within(outcome).getByRole('list', { name: 'Why' })).getAllByRole('listitem');
  expect(parts.map((part) => part.textContent)).toEqual([
    expect.stringMatching(/^No all of these/),
    'Yes event.action is `filedownloaded`it is `FileDownloaded`',
    'No file.name is therethe record has no file.name',
  ]);
  expect(outcome).toHaveTextContent('1 indicator matches it; 3 are off and were not asked.');
  expect(within(outcome).getByRole('list', { name: 'Left out by exclusions' })).toHaveTextContent(
    'Mail sent is left out by the exclusion menus',
  );
  expect(within(outcome).getByRole('link', { name: 'Mail read' })).toHaveAttribute('href', '/indicators/mail_read');
});

it('tries the first of several records, which a correlation counts', async () => {
  const detail = { ...DETAIL, examples: DETAIL.examples.map((one) => ({ ...one, records: 60 })) };
  const outcome = { ...OUTCOME, explained: { ...OUTCOME.explained, state: 'counted' } };
  serve({ 'GET /indicators/download': detail, 'POST /indicators/try': outcome });
  renderDetail();
  expect(await screen.findByText(/60 records of one account together/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try it: A file is downloaded' }));
  await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
  expect(await screen.findByTestId('outcome')).toHaveTextContent(/It is counted: .* enough such records/);
});

it('says that it is off, that a record is no activity, and what was refused', async () => {
  const answers: unknown[] = [
    { ...OUTCOME, explained: { ...OUTCOME.explained, state: 'off', condition: null } },
    { ...OUTCOME, rejection: 'invalid_json', activity: null, matches: [], explained: null },
    new Refusal(400, 'api.bad_property', 'too long'),
  ];
  serve({ 'GET /indicators/download': DETAIL, 'POST /indicators/try': () => answers.shift() });
  renderDetail();
  const box = await screen.findByRole('textbox', { name: /^Record/ });
  const button = screen.getByRole('button', { name: 'Try it' });
  expect(button).toBeDisabled();
  await userEvent.type(box, 'x');
  await userEvent.click(button);
  expect(await screen.findByText(/It is off, so it was not evaluated/)).toBeInTheDocument();
  expect(screen.queryByRole('list', { name: 'Why' })).not.toBeInTheDocument();
  await userEvent.click(button);
  expect(await screen.findByText(/It is no activity. It is not JSON/)).toBeInTheDocument();
  await userEvent.click(button);
  expect(await screen.findByText(/too long/)).toBeInTheDocument();
});

it('puts states into words', () => {
  const state = { everywhere: true, countries: [{ country: 'DE', on: false }], groups: false };
  expect(stateInWords(state)).toBe('On; off in DE');
  expect(stateInWords({ ...state, countries: [], groups: true })).toBe('On; some groups decided otherwise');
});
