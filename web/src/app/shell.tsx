import {
  AlertRegular,
  BriefcaseRegular,
  BuildingRegular,
  ChartMultipleRegular,
  ClipboardTaskListLtrRegular,
  DataBarVerticalRegular,
  DatabaseRegular,
  DocumentCheckmarkRegular,
  EyeTrackingRegular,
  FilterRegular,
  HistoryRegular,
  PeopleRegular,
  PersonQuestionMarkRegular,
  PersonSettingsRegular,
  PlugConnectedRegular,
  SettingsRegular,
  TargetArrowRegular,
  TaskListSquareLtrRegular,
} from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { Navigate, NavLink, Outlet } from 'react-router';
import { DemoBanner } from '../features/intake/demo_banner';
import { LiftedNames } from '../features/alerts/lifted_names';
import { AccountMenu } from '../features/session/account_menu';
import { useViewer, type Permission } from '../features/session/session';
import { HolderBanner } from '../features/status/holder_banner';
import styles from './shell.module.css';

// `unless`: whoever has that permission has no use for the place.
type Place = { to: string; label: string; icon: ReactNode; needs: Permission | null; unless?: Permission };

const PLACES: readonly Place[] = [
  { to: '/alerts', label: 'Alerts', icon: <AlertRegular />, needs: 'alerts.read' },
  {
    to: '/rereads',
    label: 'To read again',
    icon: <EyeTrackingRegular />,
    needs: 'alerts.decide',
    unless: 'audit.read',
  },
  { to: '/cases', label: 'Cases', icon: <BriefcaseRegular />, needs: 'cases.view' },
  { to: '/requests', label: 'Requests', icon: <PersonQuestionMarkRegular />, needs: 'requests.read' },
  { to: '/policies', label: 'Policies', icon: <ClipboardTaskListLtrRegular />, needs: 'policies.read' },
  { to: '/indicators', label: 'Indicators', icon: <TargetArrowRegular />, needs: 'policies.read' },
  {
    to: '/evaluated-here',
    label: 'Evaluated here',
    icon: <DocumentCheckmarkRegular />,
    needs: 'policies.read',
  },
  { to: '/analytics', label: 'Analytics', icon: <DataBarVerticalRegular />, needs: 'policies.read' },
  { to: '/reports', label: 'Reports', icon: <ChartMultipleRegular />, needs: 'reports.read' },
  { to: '/people', label: 'People', icon: <PeopleRegular />, needs: 'people.read' },
  { to: '/organisation', label: 'Organisation', icon: <BuildingRegular />, needs: 'policies.read' },
  { to: '/intake', label: 'Intake', icon: <FilterRegular />, needs: 'policies.read' },
  { to: '/viewers', label: 'Viewers', icon: <PersonSettingsRegular />, needs: 'viewers.write' },
  { to: '/settings', label: 'Settings', icon: <SettingsRegular />, needs: 'settings.read' },
  { to: '/first-steps', label: 'First steps', icon: <TaskListSquareLtrRegular />, needs: 'settings.read' },
  { to: '/audit', label: 'Audit log', icon: <HistoryRegular />, needs: 'audit.read' },
  { to: '/sources', label: 'Sources', icon: <PlugConnectedRegular />, needs: null },
  { to: '/status', label: 'Status', icon: <DatabaseRegular />, needs: null },
];

function isFor({ needs, unless }: Place, permissions: readonly Permission[]): boolean {
  return (needs === null || permissions.includes(needs)) && !(unless && permissions.includes(unless));
}

// Where somebody comes to who names no page: the first one they may see.
export function FirstPlace() {
  const { permissions } = useViewer();
  const place = PLACES.find((one) => isFor(one, permissions));
  return <Navigate to={place?.to ?? '/status'} replace />;
}

// The frame around every page: places at the left (above on narrow screens), who is looking, whose names they see.
export function Shell() {
  const { permissions } = useViewer();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <header className={styles.rail}>
        <NavLink to="/" className={styles.brand}>
          <img src="/candor.svg" alt="" width="24" height="24" />
          Candor
        </NavLink>
        <nav aria-label="Places" className={styles.places}>
          {PLACES.filter((place) => isFor(place, permissions)).map((place) => (
            <NavLink key={place.to} to={place.to} className={styles.place}>
              <span className={styles.icon} aria-hidden="true">
                {place.icon}
              </span>
              {place.label}
            </NavLink>
          ))}
        </nav>
        <div className={styles.foot}>
          {permissions.includes('people.lift') && <LiftedNames />}
          <AccountMenu />
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <DemoBanner />
        <HolderBanner />
        <Outlet />
      </main>
    </div>
  );
}
