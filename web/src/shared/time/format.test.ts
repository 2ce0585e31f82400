import { describe, expect, it } from 'vitest';
import { localDay, localDays, localTime, timeLeft, utcTime } from './format';

describe('times', () => {
  it('are in the zone and locale of the viewer', () => {
    expect(localTime('2026-03-04T23:30:00Z', 'en-GB', 'Europe/Berlin')).toBe('5 Mar 2026, 00:30');
    expect(localTime('2026-03-04T23:30:00Z', 'de-DE', 'America/New_York')).toBe('04.03.2026, 18:30');
  });
  it('have a UTC form', () => {
    expect(utcTime('2026-03-04T23:30:07Z')).toBe('2026-03-04 23:30:07 UTC');
  });
});

describe('days', () => {
  it('never move to another day', () => {
    expect(localDay('2026-03-04', 'en-GB')).toBe('4 Mar 2026');
    expect(localDay('2026-01-01', 'en-GB')).toBe('1 Jan 2026');
  });
  it('make spans', () => {
    expect(localDays('2026-03-04', '2026-03-04', 'en-GB')).toBe('4 Mar 2026');
    expect(localDays('2026-03-04', '2026-04-02', 'en-GB')).toMatch(/^4 Mar\s–\s2 Apr 2026$/);
  });
});

describe('timeLeft', () => {
  const now = Date.parse('2026-03-04T12:00:00Z');
  it.each([
    ['2026-03-04T12:00:01Z', '1 min'],
    ['2026-03-04T12:59:00Z', '59 min'],
    ['2026-03-04T13:00:00Z', '1 h'],
    ['2026-03-04T14:05:00Z', '2 h 5 min'],
    ['2026-03-04T11:00:00Z', '0 min'],
  ])('%s is %s', (until, expected) => {
    expect(timeLeft(until, now)).toBe(expected);
  });
});
