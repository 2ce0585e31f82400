import { expect, it } from 'vitest';
import { peersInWords } from './peers';

it('says where a count stands among others', () => {
  const peers = {
    group: 'team',
    people: 20,
    of_hundred: 95,
    at_most: 1100,
    from: '2026-02-02',
    to: '2026-03-01',
  } as const;
  expect(peersInWords(peers)).toBe(`above 95 of 100 with the same manager (at most ${(1100).toLocaleString()})`);
  expect(peersInWords(null)).toBe('');
});
