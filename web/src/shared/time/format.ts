// Times and days as people read them: in the viewer's locale and zone, and always also in UTC.

const DAY = /^\d{4}-\d{2}-\d{2}$/;

// "23 Nov 2026, 09:14" in the viewer's zone.
export function localTime(iso: string, locale?: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(iso),
  );
}

export function localTimeWithSeconds(iso: string, locale?: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone }).format(
    new Date(iso),
  );
}

// "2026-11-23 09:14:05 UTC"
export function utcTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

// A calendar day is nobody's instant: it is formatted without any zone.
export function localDay(day: string, locale?: string): string {
  if (!DAY.test(day)) return day;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

// Span of days, shortened where both ends share the year or are one.
export function localDays(from: string, to: string, locale?: string): string {
  if (from === to) return localDay(from, locale);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

// "23 min", "2 h 5 min": what is left until `iso`, never negative, rounded up to whole minutes.
export function timeLeft(iso: string, now: number): string {
  const minutes = Math.max(0, Math.ceil((new Date(iso).getTime() - now) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
