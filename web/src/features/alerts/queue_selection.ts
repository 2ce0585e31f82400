import { useRef, useState } from 'react';
import type { AlertRow } from './alert_calls';
import { MOST_NAMED, NOTHING, type Selection } from './queue_act_calls';

export type QueueSelection = {
  selection: Selection;
  isSelected: (alert: AlertRow) => boolean;
  // `range`: with everything from the row that was chosen before.
  toggle: (alert: AlertRow, range: boolean) => void;
  // All rows of the page, or none of them when all are.
  togglePage: () => void;
  pageIs: 'all' | 'some' | 'none';
  all: () => void;
  clear: () => void;
};

// What a row stands for: its alert and those told beside it.
function idsOf(alert: AlertRow): string[] {
  return [alert.id, ...(alert.more?.alerts.map((one) => one.id) ?? [])];
}

// `key` says what is listed: another list begins with nothing selected. Pages of one list share a selection.
export function useQueueSelection(key: string, alerts: readonly AlertRow[], asOf: string): QueueSelection {
  const [{ of, selection }, setState] = useState({ of: key, selection: NOTHING });
  const anchor = useRef<string | null>(null);
  const current = of === key ? selection : NOTHING;
  const set = (next: Selection) => setState({ of: key, selection: next });
  const isSelected = (alert: AlertRow) => current.all || current.ids.has(alert.id);
  const change = (rows: readonly AlertRow[], add: boolean) => {
    // One row taken out of all leaves those of this page: the others were not looked at.
    const ids = new Set(current.all ? alerts.flatMap(idsOf) : current.ids);
    for (const id of rows.flatMap(idsOf)) {
      if (!add) ids.delete(id);
      else if (ids.size < MOST_NAMED) ids.add(id);
    }
    set(ids.size === 0 ? NOTHING : { ids, all: false, asOf: current.asOf || asOf });
  };
  const chosen = alerts.filter(isSelected).length;
  const pageIs = chosen === 0 ? 'none' : chosen === alerts.length ? 'all' : 'some';
  return {
    selection: current,
    isSelected,
    pageIs,
    toggle: (alert, range) => {
      const at = alerts.indexOf(alert);
      const from = range ? alerts.findIndex((one) => one.id === anchor.current) : -1;
      const rows = from < 0 ? [alert] : alerts.slice(Math.min(from, at), Math.max(from, at) + 1);
      change(rows, from < 0 ? !isSelected(alert) : true);
      anchor.current = alert.id;
    },
    togglePage: () => change(alerts, pageIs !== 'all'),
    all: () => set({ ids: new Set(), all: true, asOf }),
    clear: () => set(NOTHING),
  };
}
