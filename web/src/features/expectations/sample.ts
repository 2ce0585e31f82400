import type { Expectation } from './expectation_calls';

// For the tests of this folder.
export const EXPECTATION: Expectation = {
  number: 7,
  state: 'waits',
  ends_soon: false,
  whom: 'person',
  person: { pseudonym: 'Anon-7K2M-9QXD-H4TB', name: null, lifted_until: null },
  alert_id: 'A-1',
  attribute: '',
  value: '',
  policy_id: null,
  indicators: [{ name: 'email_external', title: 'Mail to somebody outside', category: 'exfiltration' }],
  towards: 'domain',
  destinations: ['partner.example'],
  from: '2026-03-01',
  until: '2026-04-01',
  because: 'a common tender',
  owner: 'Head of sales',
  created_by: 'bob',
  created_at: '2026-03-01T08:00:00Z',
  decided_by: '',
  decided_at: null,
  decided_reason: '',
  withdrawn_by: '',
  withdrawn_at: null,
  withdrawn_reason: '',
};
