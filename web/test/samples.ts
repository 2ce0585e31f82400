import type { Schemas } from '../src/shared/api/client';

// Invented values in the form of the contract.

export const SESSION: Schemas['Session'] = {
  user: 'ada',
  role: 'investigator',
  permissions: [
    'alerts.read',
    'alerts.decide',
    'alerts.comment',
    'activities.export',
    'raw.read',
    'people.read',
    'people.lift',
    'people.decide',
    'policies.read',
    'audit.read',
  ],
  display_name: null,
  of_provider: false,
  must_change_password: false,
  must_set_up_second_factor: false,
  expires_at: '2999-01-01T00:00:00Z',
};

export const PERSON: Schemas['Person'] = { pseudonym: 'Anon-7K2M-9QXD-H4TB', name: null, lifted_until: null };

const DOWNLOAD = { name: 'sharepoint_download', title: 'Download from SharePoint', category: 'collection' as const };
const USB = { name: 'copy_to_usb', title: 'Copy to removable media', category: 'exfiltration' as const };

export const ROW: Schemas['AlertRow'] = {
  id: 'A-1',
  severity: 'high',
  score: 87.25,
  policy: { id: 'data_leaks', name: 'Data leaks' },
  person: PERSON,
  first_day: '2026-03-01',
  last_day: '2026-03-04',
  status: 'needs_review',
  changed_after_decision: false,
  created_at: '2026-03-04T08:00:00Z',
  updated_at: '2026-03-04T09:00:00Z',
};

function part(indicator: Schemas['IndicatorRef'], points: number): Schemas['ReceiptPart'] {
  return {
    id: `insight/${indicator.name}/2026-03-04`,
    kind: 'insight',
    text: `${indicator.title} far above what is usual`,
    indicator,
    day: '2026-03-04',
    age_days: 0,
    count: 120,
    dimension: 'all',
    level: 'high',
    threshold: 100,
    usual: 2.5,
    usual_of: { days: 'weekday', from: 12 },
    excused: 1.25,
    peers: { group: 'department', people: 40, of_hundred: 95, at_most: 11, from: '2026-02-02', to: '2026-03-01' },
    strength: 0.9,
    points,
  };
}

export const ALERT: Schemas['Alert'] = {
  ...ROW,
  evidence_until: '2026-03-04T08:59:59Z',
  assigned_to: null,
  case: null,
  why: [
    { kind: 'summary', text: 'Much was copied away.', part: null, indicator: null, day: null, points: null },
    {
      kind: 'insight',
      text: 'Downloaded 120 files.',
      part: 'insight/sharepoint_download/2026-03-04',
      indicator: DOWNLOAD,
      day: '2026-03-04',
      points: 50.333333,
    },
  ],
  receipt: {
    day: '2026-03-04',
    policy_version: 'a94a8fe5ccb19ba6',
    score: 87.25,
    parts: [
      part(DOWNLOAD, 50.333333),
      part(USB, 40.333333),
      { ...part(USB, -3.416666), id: 'exculpatory/migration', kind: 'exculpatory', indicator: null },
    ],
    left_out: [
      {
        id: 'x',
        indicator: USB,
        day: '2026-03-02',
        count: 2,
        reason: 'below the low threshold (10)',
        expectation: 0,
      },
    ],
  },
  triggers: [
    { trigger: 'resignation', text: 'Resignation', at: '2026-03-01T08:00:00Z', from: '2025-12-01', to: '2026-03-31' },
  ],
  history: [
    { at: '2026-03-04T08:00:00Z', kind: 'raised', viewer: null, text: 'Raised.', score: 36, severity: 'medium' },
  ],
  comments: [],
  decision: null,
  second_reading: null,
  waits_for_reread: false,
};

export const STATUS: Schemas['Status'] = {
  data: '',
  version: '0',
  process: 'holder',
  holder_away: null,
  activities: 10,
  superseded: 0,
  accounts: 2,
  alerts: 120,
  policies: 2,
  indicators: 45,
  first_activity: null,
  last_activity: null,
  bytes: 100,
  fill: { state: 'idle', phase: '', done: 0, total: 0, message: '' },
};

export const BUBBLES: Schemas['Bubble'][] = [
  {
    day: '2026-03-04',
    indicator: DOWNLOAD,
    count: 120,
    bytes: 5_000_000,
    score: 80,
    points: 50.333333,
    in_alert: true,
    first: '2026-03-04T08:00:00Z',
    last: '2026-03-04T08:30:00Z',
  },
  {
    day: '2026-03-02',
    indicator: USB,
    count: 2,
    bytes: 0,
    score: 12,
    points: null,
    in_alert: false,
    first: '2026-03-02T08:00:00Z',
    last: '2026-03-02T08:30:00Z',
  },
];

export const FIELDS: Schemas['ActivityFields'] = {
  fields: [
    { name: 'file.name', type: 'keyword', description: 'Name of the file', default: true },
    { name: 'file.size', type: 'integer', description: 'Bytes', default: true },
    { name: 'source.ip', type: 'ip', description: 'Address of the client', default: false },
  ],
};

export function activity(number: number, values: Schemas['Activity']['values']): Schemas['Activity'] {
  return {
    id: number.toString(16).padStart(64, '0'),
    time: '2026-03-04T08:00:00Z',
    operation: 'FileDownloaded',
    in_alert: true,
    indicators: [DOWNLOAD],
    values,
  };
}
