import { useStatus } from '../status/status_calls';
import styles from './demo_banner.module.css';

// On every page: nobody may take invented people for real ones.
export function DemoBanner() {
  const { data } = useStatus();
  if (data?.data !== 'demo') return null;
  return (
    <p className={styles.banner} data-testid="demo">
      Demo: everybody here is invented
    </p>
  );
}
