import { useMutation } from '@tanstack/react-query';
import { download } from '../../shared/api/download';

export type File = {
  path: string;
  parameters?: Record<string, string | readonly string[] | undefined>;
  name: string; // where the server gives none
};

// Saves a file people are in; `recipient` asks for pseudonyms of its own. Gives what download() does.
export function useSaveFile() {
  return useMutation({
    mutationFn: ({ file, recipient }: { file: File; recipient?: string }) =>
      download(
        file.path,
        { ...file.parameters, ...(recipient !== undefined && { pseudonyms: 'own', recipient }) },
        file.name,
      ),
  });
}
