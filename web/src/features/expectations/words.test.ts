import { expect, it } from 'vitest';
import { EXPECTATION } from './sample';
import { dayAfter, summary } from './words';

it('says what waits, ends soon and has ended', () => {
  expect(summary([])).toBe('');
  expect(summary([{ ...EXPECTATION, state: 'holds', ends_soon: false }])).toBe('');
  expect(
    summary([
      { ...EXPECTATION, state: 'waits' },
      { ...EXPECTATION, state: 'holds', ends_soon: true },
      { ...EXPECTATION, state: 'planned', ends_soon: true },
      { ...EXPECTATION, state: 'ended' },
    ]),
  ).toBe('1 waits for a second person, 2 end within 14 days, 1 has ended');
});

it('counts days over months', () => {
  expect(dayAfter('2026-02-27', 3)).toBe('2026-03-02');
});
