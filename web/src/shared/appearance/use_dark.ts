import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

// Whether the viewer's system asks for dark colours, followed as it changes.
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
