import { describe, expect, it } from 'vitest';
import { addressOfQueue, alertQueryOf, isFiltered, NO_FILTER, queueFilterOf } from './queue_filter';

const parse = (text: string) => queueFilterOf(new URLSearchParams(text));

describe('the queue in the address', () => {
  it('is what needs review, highest score first, when the address is bare', () => {
    expect(alertQueryOf(parse(''))).toEqual({
      status: ['needs_review'],
      held: false,
      sort: '-score',
      by_person: true,
      page: 1,
      limit: 50,
    });
    expect(addressOfQueue(parse('')).toString()).toBe('');
  });

  it.each([
    'view=all',
    'view=closed&severity=high&severity=low',
    'policy=data-leaks&text=Anon-7K2M&sort=last_day&rows=alerts&page=3',
    'unassigned=true&in_case=false',
    'assigned_to=ben&in_case=true&opened_from=2026-02-01&opened_until=2026-02-28&active_from=2026-01-01&active_until=2026-01-01',
  ])('goes there and back: %s', (text) => {
    expect(addressOfQueue(parse(text)).toString()).toBe(text);
  });

  it.each([
    ['an unknown view', 'view=everything'],
    ['an unknown severity', 'severity=terrible'],
    ['an unknown sort', 'sort=name'],
    ['page zero', 'page=0'],
    ['half a page', 'page=1.5'],
    ['no number', 'page=many'],
    ['unknown rows', 'rows=policies'],
    ['a page beyond the contract', 'page=100001'],
    ['a day that is none', 'opened_from=2026-02-30'],
    ['no day', 'active_until=today'],
    ['neither yes nor no', 'in_case=perhaps'],
  ])('leaves out %s', (_, text) => {
    expect(parse(text)).toEqual(parse(''));
  });

  it('asks for all closed states', () => {
    expect(alertQueryOf(parse('view=closed')).status).toEqual(['dismissed', 'resolved', 'expired', 'withdrawn']);
    expect(alertQueryOf(parse('view=all'))).not.toHaveProperty('status');
  });

  it('asks for who it was given to, for cases and days', () => {
    expect(alertQueryOf(parse('unassigned=true&in_case=true&opened_until=2026-02-28'))).toMatchObject({
      unassigned: true,
      in_case: true,
      opened_until: '2026-02-28',
    });
    expect(alertQueryOf(parse('assigned_to=ben'))).toMatchObject({ assigned_to: 'ben' });
    expect(parse('opened_from=2026-02-02&opened_until=2026-02-01').openedUntil).toBeNull();
    expect(isFiltered(parse('assigned_to=ben'))).toBe(true);
    expect(isFiltered({ ...parse('assigned_to=ben&active_from=2026-01-01&in_case=true'), ...NO_FILTER })).toBe(false);
  });

  it('cuts a text at what the contract allows, and drops blanks', () => {
    expect(parse(`text=${'a'.repeat(150)}`).text).toHaveLength(100);
    expect(alertQueryOf(parse('text=%20%20'))).not.toHaveProperty('text');
  });
});
