import { Link } from 'react-router';
import type { Activity, ActivitySource } from '../activities/activity_calls';
import { useCases } from '../cases/case_calls';
import { useMay } from '../session/session';
import styles from './traces.module.css';

// From an activity over a file to the case in which one may ask where the file went.
export function WhereDidThisGo({ source, activity }: { source: ActivitySource; activity: Activity }) {
  const mayAsk = useMay('requests.write');
  const mayRead = useMay('cases.view');
  if (!mayAsk || !mayRead || !('alertId' in source) || !isOverAFile(activity)) return null;
  return <WayToCase alertId={source.alertId} activityId={activity.id} />;
}

function isOverAFile(activity: Activity): boolean {
  return 'file.name' in activity.values || 'email.attachments.file.name' in activity.values;
}

function WayToCase({ alertId, activityId }: { alertId: string; activityId: string }) {
  const cases = useCases({ alert: alertId, state: 'open' }, 1);
  const one = cases.data?.cases[0];
  if (cases.isPending || cases.error) return null;
  if (!one) return <p className={styles.words}>To ask where this went, open a case from the alert first.</p>;
  return <Link to={`/cases/${one.id}?tab=where&activity=${activityId}`}>Where did this go?</Link>;
}
