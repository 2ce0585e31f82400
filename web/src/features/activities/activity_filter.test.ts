import { describe, expect, it } from 'vitest';
import { activityFilterOf, activityQueryOf, filterForBubble, withActivityFilter } from './activity_filter';

const parse = (text: string) => activityFilterOf(new URLSearchParams(text));

describe('the activity filter in the address', () => {
  it.each([
    '',
    'months=6&scope=all',
    'category=exfiltration&category=access',
    'indicator=sharepoint_download&from=2026-03-04&to=2026-03-04&sort=time',
  ])('goes there and back: "%s"', (text) => {
    expect(withActivityFilter(new URLSearchParams(), parse(text)).toString()).toBe(text);
  });

  it('leaves the rest of the address alone', () => {
    const before = new URLSearchParams('tab=activity&months=6');
    expect(withActivityFilter(before, parse('scope=all')).toString()).toBe('tab=activity&scope=all');
  });

  it.each([
    'months=2',
    'scope=mine',
    'category=x',
    'from=yesterday',
    'to=2026-13-01',
    'indicator=%3Cscript%3E',
    'sort=name',
  ])('leaves out what it does not understand: %s', (text) => {
    expect(parse(text)).toEqual(parse(''));
  });

  it('has only what differs in the call', () => {
    expect(activityQueryOf(parse(''), [])).toEqual({ scope: 'alert', sort: '-time' });
    expect(activityQueryOf(parse('from=2026-03-04'), ['file.name', 'source.ip'])).toEqual({
      scope: 'alert',
      sort: '-time',
      from: '2026-03-04',
      columns: 'file.name,source.ip',
    });
  });
});

it('a bubble stands for its indicator on its day', () => {
  const bubble = {
    day: '2026-03-04',
    indicator: { name: 'usb_copy', title: 'Copy to USB', category: 'exfiltration' as const },
    count: 3,
    bytes: 0,
    score: 40,
    points: null,
    in_alert: false,
    first: '2026-03-04T01:00:00Z',
    last: '2026-03-04T02:00:00Z',
  };
  const filter = filterForBubble(parse('months=6&category=access'), bubble);
  expect(filter).toMatchObject({
    months: 6,
    scope: 'matched',
    categories: [],
    indicator: 'usb_copy',
    from: '2026-03-04',
    to: '2026-03-04',
  });
  expect(filterForBubble(parse(''), { ...bubble, in_alert: true }).scope).toBe('alert');
});
