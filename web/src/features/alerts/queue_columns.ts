import type { Schemas } from '../../shared/api/client';

export type QueueColumn = Schemas['QueueColumn'];

// Every column the queue may have, in the order they usually have.
export const QUEUE_COLUMNS: readonly { id: QueueColumn; label: string }[] = [
  { id: 'severity', label: 'Severity' },
  { id: 'score', label: 'Score' },
  { id: 'policy', label: 'Policy' },
  { id: 'person', label: 'Person' },
  { id: 'activity', label: 'Activity' },
  { id: 'updated', label: 'Updated' },
  { id: 'status', label: 'Status' },
  { id: 'opened', label: 'Opened' },
  { id: 'assigned_to', label: 'Assigned to' },
  { id: 'id', label: 'Alert' },
];

export const USUAL_COLUMNS: readonly QueueColumn[] = [
  'severity',
  'score',
  'policy',
  'person',
  'activity',
  'updated',
  'status',
];

export function columnLabel(id: QueueColumn): string {
  return QUEUE_COLUMNS.find((one) => one.id === id)?.label ?? id;
}
