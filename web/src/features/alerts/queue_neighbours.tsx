import { Button } from '@fluentui/react-components';
import { ArrowLeftRegular, ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { answerOf, api } from '../../shared/api/client';
import styles from './alert_page.module.css';
import { addressOfAlert, addressOfQueue, alertNeighbourQueryOf, PAGE_LIMIT, queueFilterOf } from './queue_filter';

// Back to the queue one came from, and along it: through all of its pages, not only the one that was listed.
export function QueueNeighbours({ alertId }: { alertId: string }) {
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const filter = queueFilterOf(new URLSearchParams(parameters.get('queue') ?? ''));
  const query = alertNeighbourQueryOf(filter);
  const { data } = useQuery({
    queryKey: ['alerts', 'neighbours', alertId, query],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(api.GET('/alerts/{alert_id}/neighbours', { params: { path: { alert_id: alertId }, query } })),
  });
  const previous = data?.previous ?? null;
  const next = data?.next ?? null;
  const queue = addressOfAlert('', filter).replace(/^\/alerts\//, '');
  const goTo = (id: string | null) => id !== null && void navigate(`/alerts/${encodeURIComponent(id)}${queue}`);

  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      const id = { j: next, k: previous }[event.key];
      if (!id || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy()) return;
      event.preventDefault();
      void navigate(`/alerts/${encodeURIComponent(id)}${queue}`);
    };
    document.addEventListener('keydown', go);
    return () => document.removeEventListener('keydown', go);
  }, [next, previous, queue, navigate]);

  const page = data?.place ? Math.ceil(data.place / PAGE_LIMIT) : 1;
  const back = addressOfQueue({ ...filter, page }).toString();
  return (
    <nav aria-label="Back" className={styles.back}>
      <Link to={back ? `/alerts?${back}` : '/alerts'}>
        <ArrowLeftRegular aria-hidden="true" /> Alerts
      </Link>
      {data && (
        <span className={styles.along}>
          <span data-testid="place">
            {data.place === null
              ? `No longer among the ${data.total.toLocaleString()}`
              : `${data.place.toLocaleString()} of ${data.total.toLocaleString()}`}
          </span>
          <Button
            size="small"
            appearance="subtle"
            icon={<ChevronLeftRegular />}
            disabled={previous === null}
            onClick={() => goTo(previous)}
            aria-label="Previous in the queue (k)"
            title="Previous in the queue (k)"
          />
          <Button
            size="small"
            appearance="subtle"
            icon={<ChevronRightRegular />}
            disabled={next === null}
            onClick={() => goTo(next)}
            aria-label="Next in the queue (j)"
            title="Next in the queue (j)"
          />
        </span>
      )}
    </nav>
  );
}

// Somebody who types, or has a dialog open, means something else.
function isBusy(): boolean {
  const at = document.activeElement;
  const typing = at instanceof HTMLElement && (at.matches('input, textarea, select') || at.isContentEditable);
  return typing || document.querySelector('[role="dialog"], [role="menu"]') !== null;
}
