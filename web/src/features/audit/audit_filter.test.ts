import { expect, it } from 'vitest';
import { addressOfAudit, auditFilterOf, auditQueryOf } from './audit_filter';

const parse = (text: string) => auditFilterOf(new URLSearchParams(text));

it.each(['', 'from=2026-03-01&to=2026-03-31', 'action=person.lifted&viewer=ada', 'alert=7K2M-1&page=4'])(
  'goes to the address and back: "%s"',
  (text) => {
    expect(addressOfAudit(parse(text)).toString()).toBe(text);
  },
);

it.each(['from=2026', 'to=x', 'alert=a%2Fb', 'page=-1'])('leaves out what the contract would refuse: %s', (text) => {
  expect(parse(text)).toEqual(parse(''));
});

it('asks only for what is set', () => {
  expect(auditQueryOf(parse(''))).toEqual({});
  expect(auditQueryOf(parse('action=person.lifted&page=2'))).toEqual({ action: ['person.lifted'] });
});
