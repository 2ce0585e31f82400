import type { Category } from '../../shared/category/category';
import { CATEGORIES } from '../../shared/category/category';
import type { PersonInsight } from './alert_person_calls';

export type DayOfCategories = { day: string; counts: ReadonlyMap<Category, number> };

type DayAndIndicator = Pick<PersonInsight, 'day' | 'indicator'>;

// How many insights of each category a day has; days with none are left out. Ascending.
export function byDay(insights: readonly DayAndIndicator[]): DayOfCategories[] {
  const days = new Map<string, Map<Category, number>>();
  for (const { day, indicator } of insights) {
    const counts = days.get(day) ?? new Map<Category, number>();
    counts.set(indicator.category, (counts.get(indicator.category) ?? 0) + 1);
    days.set(day, counts);
  }
  return [...days].map(([day, counts]) => ({ day, counts })).sort((a, b) => a.day.localeCompare(b.day));
}

export function categoriesOf(insights: readonly DayAndIndicator[]): Category[] {
  return CATEGORIES.filter((one) => insights.some(({ indicator }) => indicator.category === one));
}

// Every day from..to, both inclusive.
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
