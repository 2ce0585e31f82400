import type { Document } from 'yaml';
import type { Schemas } from '../../../shared/api/client';
import type { Path } from './policy_file';
import type { Problem } from './steps';

// What every step gets: the file to read, the faults of its fields, and how to change it.
export type StepProps = {
  file: Document;
  problems: readonly Problem[];
  choices: Schemas['PolicyTemplates'];
  set: (path: Path, value: unknown) => void;
};
