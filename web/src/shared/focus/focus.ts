import { useEffect, useState } from 'react';

// Where the keyboard goes when what had the focus is gone. Browsers drop it to the top of the page, from where a person
// without a mouse has to find the way back.

function isLost(): boolean {
  const at = document.activeElement;
  return at === null || at === document.body || !at.isConnected || at.closest('[data-tabster-dummy]') !== null;
}

export function focusHeading(): void {
  document.querySelector<HTMLElement>('main h1, h1')?.focus({ preventScroll: true });
}

// For what lies over the page: at its end the focus goes back to what opened it, or to the page's heading when that is
// gone because of what was done.
export function useFocusBack(): void {
  // Read while rendering: later the dialog has taken it.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) opener.focus();
        if (isLost()) focusHeading();
      });
    },
    [opener],
  );
}

// For a button that goes away when pressed.
export function useHeadingAfterwards(): void {
  useEffect(
    () => () => {
      setTimeout(() => isLost() && focusHeading());
    },
    [],
  );
}
