import type { components } from '../api/schema';

type PeerStanding = components['schemas']['PeerStanding'];

const GROUP: Record<PeerStanding['group'], string> = {
  team: 'with the same manager',
  title: 'with the same job title',
  department: 'in the department',
  organisation: 'in the organisation',
};

// Where a count stands among people like this one: "above 95 of 100 in the department (at most 11)".
export function peersInWords(peers: PeerStanding | null): string {
  if (peers === null) return '';
  return `above ${peers.of_hundred} of 100 ${GROUP[peers.group]} (at most ${peers.at_most.toLocaleString()})`;
}
