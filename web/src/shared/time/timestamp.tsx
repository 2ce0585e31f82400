import { localDay, localDays, localTime, localTimeWithSeconds, utcTime } from './format';

// An instant in the viewer's locale and zone; UTC on hover.
export function Timestamp({ at, seconds = false }: { at: string; seconds?: boolean }) {
  return (
    <time dateTime={at} title={utcTime(at)}>
      {seconds ? localTimeWithSeconds(at) : localTime(at)}
    </time>
  );
}

export function CalendarDay({ day }: { day: string }) {
  return (
    <time dateTime={day} title={`${day} (UTC day)`}>
      {localDay(day)}
    </time>
  );
}

export function CalendarDays({ from, to }: { from: string; to: string }) {
  return <span title={from === to ? `${from} (UTC day)` : `${from} to ${to} (UTC days)`}>{localDays(from, to)}</span>;
}
