import { Button, DrawerBody, DrawerHeader, DrawerHeaderTitle, OverlayDrawer } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CategoryName } from '../../shared/category/category';
import { useFocusBack } from '../../shared/focus/focus';
import { Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { TextBlock } from '../../shared/text/text_block';
import { utcTime } from '../../shared/time/format';
import { Timestamp } from '../../shared/time/timestamp';
import { useMay } from '../session/session';
import { WhereDidThisGo } from '../traces/where_it_went';
import { useActivity, useRawRecord, type Activity, type ActivitySource } from './activity_calls';
import styles from './explorer.module.css';
import { FieldValue } from './field_value';
import { prettyJson } from './pretty_json';

const LONGEST_SHOWN = 200_000;

type Props = { source: ActivitySource; activity: Activity; onClose: () => void };

// One activity whole, and its raw record when asked for.
export function ActivityPanel({ source, activity, onClose }: Props) {
  useFocusBack();
  const whole = useActivity(source, activity.id);
  return (
    <OverlayDrawer
      open
      position="end"
      size="medium"
      onOpenChange={(_, data) => !data.open && onClose()}
      aria-label="Activity"
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={<Button appearance="subtle" aria-label="Close" icon={<DismissRegular />} onClick={onClose} />}
        >
          <RecordText text={activity.operation} />
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.panelBody}>
          <dl className={styles.values}>
            <dt>Time</dt>
            <dd>
              <Timestamp at={activity.time} seconds /> ({utcTime(activity.time)})
            </dd>
            {'alertId' in source && (
              <>
                <dt>Counted in the alert</dt>
                <dd>{activity.in_alert ? 'yes' : 'no'}</dd>
              </>
            )}
            <dt>Indicators</dt>
            <dd>
              {activity.indicators.length === 0 && 'none'}
              {activity.indicators.map((indicator) => (
                <div key={indicator.name}>
                  <RecordText text={indicator.title} /> <CategoryName category={indicator.category} />
                </div>
              ))}
            </dd>
            {Object.entries(whole.data?.values ?? activity.values).map(([name, value]) => (
              <ValueLine key={name} name={name} value={value} />
            ))}
          </dl>
          {whole.isPending && <Loading what="all its fields" rows={4} />}
          {whole.error && <Failed error={whole.error} what="all its fields" retry={() => void whole.refetch()} />}
          {whole.data && <WhereDidThisGo source={source} activity={whole.data} />}
          <RawRecord source={source} activityId={activity.id} />
        </div>
      </DrawerBody>
    </OverlayDrawer>
  );
}

function ValueLine({ name, value }: { name: string; value: Activity['values'][string] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <FieldValue name={name} value={value} truncate={false} />
      </dd>
    </>
  );
}

function RawRecord({ source, activityId }: { source: ActivitySource; activityId: string }) {
  const allowed = useMay('raw.read');
  const [asked, setAsked] = useState(false);
  const raw = useRawRecord(source, activityId, asked);
  if (!allowed) return <p className={styles.quiet}>Your role does not include raw records.</p>;
  if (!asked) {
    return (
      <div>
        <Button onClick={() => setAsked(true)}>Show the raw record</Button>
        <p className={styles.quiet}>That you looked is kept in the audit log.</p>
      </div>
    );
  }
  if (raw.error) return <Failed error={raw.error} what="the raw record" retry={() => void raw.refetch()} />;
  if (!raw.data) return <Loading what="the raw record" rows={6} />;
  return <RawText text={raw.data.record} source={raw.data.source} />;
}

function RawText({ text, source }: { text: string; source: string }) {
  const laidOut = useMemo(() => prettyJson(text).slice(0, LONGEST_SHOWN), [text]);
  const box = useRef<HTMLPreElement>(null);
  // The button that asked for it is gone; the focus must not fall out of the panel.
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <section aria-label="Raw record">
      <p className={styles.quiet}>
        Source: {source}. {laidOut.length >= LONGEST_SHOWN && 'Only its beginning is shown.'}
      </p>
      <TextBlock ref={box} className={styles.raw} label="Text of the raw record" text={laidOut} testId="raw-record" />
    </section>
  );
}
