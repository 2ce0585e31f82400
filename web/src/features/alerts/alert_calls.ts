import { keepPreviousData, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { answerOf, api, AUTOMATIC_HEADER, REQUEST_HEADER, type Schemas } from '../../shared/api/client';
import { useStatus } from '../status/status_calls';
import { alertQueryOf, type QueueFilter } from './queue_filter';

export type Alert = Schemas['Alert'];
export type AlertRow = Schemas['AlertRow'];

const QUEUE_KEY = 'alerts';
const ALERT_KEY = 'alert';
const LIFTS_KEY = 'lifts';

const REFRESH_MS = 60_000;
const REFRESH_WHILE_FILLING_MS = 5_000;

// Refreshed by itself at times, sooner while something is read in and at once when the number of alerts changes.
// `enabled`: false while it is not known yet what is to be shown.
export function useQueue(filter: QueueFilter, enabled = true) {
  const query = alertQueryOf(filter);
  const byItself = useRef(false);
  const queue = useQuery({
    queryKey: [QUEUE_KEY, query],
    queryFn: () => {
      const headers = byItself.current ? AUTOMATIC_HEADER : {};
      byItself.current = false;
      return answerOf(api.GET('/alerts', { params: { query }, headers }));
    },
    placeholderData: keepPreviousData,
    enabled,
  });
  const { data: status } = useStatus();
  const every = status?.fill.state === 'running' ? REFRESH_WHILE_FILLING_MS : REFRESH_MS;
  const { refetch } = queue;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden || isMarking()) return;
      byItself.current = true;
      void refetch();
    }, every);
    return () => clearInterval(timer);
  }, [every, refetch]);

  const alerts = status?.alerts;
  const before = useRef(alerts);
  useEffect(() => {
    const changed = before.current !== undefined && alerts !== undefined && before.current !== alerts;
    before.current = alerts;
    if (!changed || isMarking()) return;
    byItself.current = true;
    void refetch();
  }, [alerts, refetch]);
  return queue;
}

// Rows that change under marked text would lose it.
function isMarking(): boolean {
  return window.getSelection()?.isCollapsed === false;
}

export function useAlert(alertId: string) {
  return useQuery({
    queryKey: [ALERT_KEY, alertId],
    queryFn: () => answerOf(api.GET('/alerts/{alert_id}', { params: { path: { alert_id: alertId } } })),
  });
}

const path = (alertId: string) => ({ header: REQUEST_HEADER, path: { alert_id: alertId } });

function alertChanged(client: QueryClient, alert: Alert): void {
  client.setQueryData([ALERT_KEY, alert.id], alert);
  void client.invalidateQueries({ queryKey: [QUEUE_KEY] });
}

export function useDismiss(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['Dismissal']) =>
      answerOf(api.POST('/alerts/{alert_id}/dismiss', { params: path(alertId), body })),
    onSuccess: (alert) => alertChanged(client, alert),
  });
}

export function useConfirm(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['Confirmation']) =>
      answerOf(api.POST('/alerts/{alert_id}/confirm', { params: path(alertId), body })),
    onSuccess: (alert) => alertChanged(client, alert),
  });
}

export function useComment(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewComment']) =>
      answerOf(api.POST('/alerts/{alert_id}/comments', { params: path(alertId), body })),
    onSuccess: () => client.invalidateQueries({ queryKey: [ALERT_KEY, alertId] }),
  });
}

export function useLifts() {
  return useQuery({ queryKey: [LIFTS_KEY], queryFn: () => answerOf(api.GET('/lifts')) });
}

export function useLift(alertId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewLift']) =>
      answerOf(api.POST('/alerts/{alert_id}/lift', { params: path(alertId), body })),
    onSuccess: () => showPeopleAnew(client),
  });
}

export function useEndLift() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (liftId: string) =>
      answerOf(api.DELETE('/lifts/{lift_id}', { params: { header: REQUEST_HEADER, path: { lift_id: liftId } } })),
    onSuccess: () => showPeopleAnew(client),
  });
}

// Names came or went: whatever may show one is fetched again, and answers nobody looks at are dropped.
export function showPeopleAnew(client: QueryClient): Promise<void> {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.getObserversCount() === 0 });
  return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
