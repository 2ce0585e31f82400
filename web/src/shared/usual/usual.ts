import type { components } from '../api/schema';

type UsualOf = components['schemas']['UsualOf'];

const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });

// What "usual" is the usual of: "on a Monday (12 Mondays)". `day` is the day that is compared.
export function usualDaysInWords(of: UsualOf | null, day: string | null): string {
  if (of === null || day === null) return 'a day';
  const from = of.from.toLocaleString();
  switch (of.days) {
    case 'weekday': {
      const weekday = WEEKDAY.format(new Date(`${day}T00:00:00Z`));
      return `on a ${weekday} (${from} ${weekday}s)`;
    }
    case 'working':
      return `on working weekdays (${from} days)`;
    case 'off':
      return `on weekdays off (${from} days)`;
    case 'active':
      return `a day (${from} days)`;
  }
}
