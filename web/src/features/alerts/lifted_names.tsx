import { Button, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { EyeRegular } from '@fluentui/react-icons';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../shared/api/client';
import { useHeadingAfterwards } from '../../shared/focus/focus';
import { RecordText } from '../../shared/text/record_text';
import { useNow } from '../../shared/time/use_now';
import { showPeopleAnew, useEndLift, useLifts } from './alert_calls';
import styles from './dialogs.module.css';
import { PersonName } from './person';

// Whose names this viewer sees at the moment, on every page, with a way to end it.
export function LiftedNames() {
  const { data } = useLifts();
  const end = useEndLift();
  const now = useNow(10_000);
  const client = useQueryClient();
  const lifts = data?.lifts ?? [];
  const ended = lifts.some((lift) => Date.parse(lift.until) <= now);
  useEffect(() => {
    if (ended) void showPeopleAnew(client);
  }, [client, ended]);
  if (lifts.length === 0) return null;
  return <Shown lifts={lifts} end={end} />;
}

type ShownProps = { lifts: Schemas['Lift'][]; end: ReturnType<typeof useEndLift> };

function Shown({ lifts, end }: ShownProps) {
  useHeadingAfterwards();
  return (
    <Popover positioning="above-start" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<EyeRegular />}>
          {lifts.length === 1 ? '1 name shown' : `${lifts.length} names shown`}
        </Button>
      </PopoverTrigger>
      <PopoverSurface aria-label="Names shown to you">
        <ul className={styles.lifts}>
          {lifts.map((lift) => (
            <li key={lift.id}>
              {lift.alert === null ? (
                <PersonName person={lift.person} />
              ) : (
                <Link to={`/alerts/${lift.alert}`}>
                  <PersonName person={lift.person} />
                </Link>
              )}
              <span className={styles.reason}>
                <RecordText text={lift.reason} />
              </span>
              <Button size="small" disabled={end.isPending} onClick={() => end.mutate(lift.id)}>
                End now
              </Button>
            </li>
          ))}
        </ul>
      </PopoverSurface>
    </Popover>
  );
}
