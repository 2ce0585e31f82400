// Leaves Candor's pages for another site's.
export function leaveFor(address: string): void {
  window.location.assign(address);
}
