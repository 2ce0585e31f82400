import type { Schemas } from '../../shared/api/client';

export const STATE_WORD: Record<Schemas['FactState'], string> = {
  known: 'Known',
  assumed: 'Assumed',
  missing: 'Not known',
};
