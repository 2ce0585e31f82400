import type { Schemas } from '../../shared/api/client';
import { durationInWords } from '../../shared/time/durations';
import { localDay } from '../../shared/time/format';
import type { Coverage, Health, Indicator } from './indicator_calls';

export const INTRUSION_WORD = ['', 'File metadata', 'Communication metadata', 'Content', 'Private life'];

const LICENCE_WORD: Record<string, string> = {
  any: 'no licence of its own',
  e3: 'Microsoft 365 or Office 365 E3',
  e5: 'Microsoft 365 E5',
  defender: 'Defender for Endpoint or for Cloud Apps',
  entra_p2: 'Entra ID P2',
  copilot: 'Microsoft 365 Copilot',
  power_bi: 'Power BI Pro or Premium',
  fabric: 'a Fabric capacity',
  purview_payg: 'Purview billed by use',
};

export function licenceInWords(licence: string): string {
  return LICENCE_WORD[licence] ?? licence;
}

// "On", or "Off; on in FR", and so on.
export function stateInWords({ everywhere, countries, groups }: Indicator['state']): string {
  const other = countries.filter(({ on }) => on !== everywhere).map(({ country }) => country);
  const where = other.length > 0 ? `; ${everywhere ? 'off' : 'on'} in ${other.join(', ')}` : '';
  return `${everywhere ? 'On' : 'Off'}${where}${groups ? '; some groups decided otherwise' : ''}`;
}

// Whether it is evaluated for anybody at all.
export function isOnSomewhere({ everywhere, countries }: Indicator['state']): boolean {
  return everywhere || countries.some(({ on }) => on);
}

// "Only partners or drawings, except pictures"; "" of an indicator that is no variant.
export function narrowingInWords({ only, except }: Pick<Indicator, 'only' | 'except'>): string {
  const parts = [
    only.length > 0 ? `only ${only.join(' or ')}` : '',
    except.length > 0 ? `except ${except.join(' and ')}` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

// "3 domains, 12 file types".
export function itemsInWords(items: readonly Schemas['ItemCount'][]): string {
  return items.map(({ kind, count }) => `${count.toLocaleString()} ${kind.replaceAll('_', ' ')}`).join(', ');
}

// What the filter of the page offers, and whether an indicator is of it.
export const SEEN_FILTERS: Record<string, { word: string; fits: (health: Health) => boolean }> = {
  blind: { word: 'Cannot be seen here', fits: ({ state }) => state === 'never' || state === 'unmapped' },
  silent: { word: 'Source silent', fits: ({ state }) => state === 'silent' },
  seen: { word: 'Seen here', fits: ({ state }) => state === 'alive' },
  unmatched: { word: 'Seen here, never matched', fits: ({ state, matched }) => state === 'alive' && !matched },
};

const FED_WORD: Record<Health['state'], string> = {
  alive: 'Seen here',
  silent: 'Source silent',
  never: 'Cannot be seen here',
  unmapped: 'Cannot be seen here',
};

export function fedInWords({ state, feeds }: Pick<Health, 'state' | 'feeds'>): string {
  const since = feeds.find((feed) => feed.state === 'silent')?.silent_since;
  const last = feeds
    .flatMap((feed) => (feed.state === 'alive' && feed.last_received ? [feed.last_received] : []))
    .sort()
    .at(-1);
  if (state === 'alive' && last) return `${FED_WORD.alive}, last on ${localDay(last)}`;
  return FED_WORD[state] + (state === 'silent' && since ? ` since ${localDay(since.slice(0, 10))}` : '');
}

// Why it is in that state, for a feed.
export function feedInWords(feed: Health['feeds'][number]): string {
  switch (feed.state) {
    case 'alive':
      return 'It comes';
    case 'silent':
      return `Silent since ${feed.silent_since ? localDay(feed.silent_since.slice(0, 10)) : 'some time'}`;
    case 'never':
      return 'No record of it ever came';
    case 'unmapped':
      return 'No mapping reads it';
  }
}

// "Matched by ten people or more in 30 days"; days are told only where as many did it on that very day.
export function hitsInWords(
  { matched, many, hit_days, last_hit }: Health,
  { reach_counted, reach_days }: Pick<Coverage, 'reach_counted' | 'reach_days'>,
): string {
  if (reach_counted === null) return 'Not counted yet';
  if (!matched) return 'Never matched';
  if (!many || hit_days === null) return `Matched; fewer than ten people in ${reach_days} days`;
  const daily = last_hit ? `; as many on each of ${hit_days}, last on ${localDay(last_hit)}` : '';
  return `Matched by ten people or more in ${reach_days} days${daily}`;
}

// How late its records come: half within, nearly all within.
export function delayInWords({ created_p50_seconds, created_p95_seconds }: Health['feeds'][number]): string {
  if (created_p50_seconds === null || created_p95_seconds === null) return 'Nothing in a week';
  return `${durationInWords(created_p50_seconds)} / ${durationInWords(created_p95_seconds)}`;
}

const REJECTION_WORD: Record<string, string> = {
  invalid_json: 'It is not JSON',
  not_an_object: 'It is not one JSON object',
  no_time: 'It says no time, or none that can be read',
  no_operation: 'It names no operation',
  no_mapping: 'Nothing is known about records of this source',
};

export function rejectionInWords(rejection: string): string {
  return REJECTION_WORD[rejection] ?? rejection;
}
