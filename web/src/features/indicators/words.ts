import type { Schemas } from '../../shared/api/client';
import type { Indicator } from './indicator_calls';

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
