import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useStatus } from './status_calls';

// On every page of a process that has no timelines (`candor serve --holder`), while the one that has them is away. When
// it is back, whatever could not be shown is asked for again.
export function HolderBanner() {
  const { data } = useStatus();
  const queries = useQueryClient();
  const away = data?.holder_away ?? null;
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && away === null) void queries.invalidateQueries();
    wasAway.current = away !== null;
  }, [away, queries]);
  if (away === null) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>Alerts, people&apos;s activities and changes cannot be opened now</MessageBarTitle>
        {away}.
      </MessageBarBody>
    </MessageBar>
  );
}
