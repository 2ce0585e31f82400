import type { Expectation } from './expectation_calls';

export const STATE_WORD: Record<Expectation['state'], string> = {
  waits: 'Waits for a second person',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  planned: 'Not yet begun',
  holds: 'Holds',
  ended: 'Ended',
};

export const TOWARDS_WORD: Record<Expectation['towards'], string> = {
  anything: 'wherever it goes',
  domain: 'domain',
  site: 'site',
  medium: 'removable medium',
};

const DAY_MS = 86_400_000;

// What waits and what is about to end comes first: "2 wait for a second person, 1 ends within 14 days, 3 have ended".
export function summary(all: readonly Expectation[]): string {
  const count = (is: (one: Expectation) => boolean) => all.filter(is).length;
  const waiting = count((one) => one.state === 'waits');
  const ending = count((one) => one.ends_soon);
  const ended = count((one) => one.state === 'ended');
  return [
    waiting > 0 && `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a second person`,
    ending > 0 && `${ending} ${ending === 1 ? 'ends' : 'end'} within 14 days`,
    ended > 0 && `${ended} ${ended === 1 ? 'has' : 'have'} ended`,
  ]
    .filter(Boolean)
    .join(', ');
}

// A day so many days after another one, as YYYY-MM-DD.
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
