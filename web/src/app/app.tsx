import { FluentProvider } from '@fluentui/react-components';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { Component, lazy, Suspense, type ReactNode } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { QueuePage } from '../features/alerts/queue_page';
import { Gate } from '../features/session/gate';
import { OwnPasswordPage } from '../features/session/own_password_page';
import { useDark } from '../shared/appearance/use_dark';
import { Page } from '../shared/page/page';
import { Empty, Failed, Loading } from '../shared/states/states';
import './app.css';
import { FirstPlace, Shell } from './shell';
import { darkTheme, lightTheme } from './theme';

const AlertPage = lazy(() => import('../features/alerts/alert_page'));
const AlertPersonPage = lazy(() => import('../features/alert_person/alert_person_page'));
const RereadsPage = lazy(() => import('../features/rereads/rereads_page'));
const RereadPage = lazy(() => import('../features/rereads/reread_page'));
const CasesPage = lazy(() => import('../features/cases/cases_page'));
const CasePage = lazy(() => import('../features/cases/case_page'));
const RequestsPage = lazy(() => import('../features/requests/requests_page'));
const ReportPage = lazy(() => import('../features/requests/report_page'));
const PoliciesPage = lazy(() => import('../features/policies/policies_page'));
const ExpectationsPage = lazy(() => import('../features/expectations/expectations_page'));
const PacksPage = lazy(() => import('../features/packs/packs_page'));
const PackPage = lazy(() => import('../features/packs/pack_page'));
const NewPolicyPage = lazy(() => import('../features/policies/new_policy_page'));
const PolicyPage = lazy(() => import('../features/policies/policy_page'));
const IndicatorsPage = lazy(() => import('../features/indicators/indicators_page'));
const IndicatorPage = lazy(() => import('../features/indicators/indicator_page'));
const EvaluatedPage = lazy(() => import('../features/evaluated/evaluated_page'));
const AnalyticsPage = lazy(() => import('../features/analytics/analytics_page'));
const OrganisationPage = lazy(() => import('../features/organisation/organisation_page'));
const IntakePage = lazy(() => import('../features/intake/intake_page'));
const PeoplePage = lazy(() => import('../features/people/people_page'));
const PersonPage = lazy(() => import('../features/people/person_page'));
const AccountPage = lazy(() => import('../features/account/account_page'));
const ReportsPage = lazy(() => import('../features/reports/reports_page'));
const ViewersPage = lazy(() => import('../features/viewers/viewers_page'));
const SettingsPage = lazy(() => import('../features/settings/settings_page'));
const ListPage = lazy(() => import('../features/lists/list_page'));
const FirstStepsPage = lazy(() => import('../features/first_steps/first_steps_page'));
const AuditPage = lazy(() => import('../features/audit/audit_page'));
const SourcesPage = lazy(() => import('../features/sources/sources_page'));
const StatusPage = lazy(() => import('../features/status/status_page'));

// One line a page.
function Pages() {
  return (
    <Routes>
      <Route path="password" element={<OwnPasswordPage />} />
      <Route element={<Shell />}>
        <Route index element={<FirstPlace />} />
        <Route path="alerts" element={<QueuePage />} />
        <Route
          path="alerts/:alertId"
          element={
            <Later>
              <AlertPage />
            </Later>
          }
        />
        <Route
          path="alerts/:alertId/person"
          element={
            <Later>
              <AlertPersonPage />
            </Later>
          }
        />
        <Route
          path="rereads"
          element={
            <Later>
              <RereadsPage />
            </Later>
          }
        />
        <Route
          path="rereads/:alertId"
          element={
            <Later>
              <RereadPage />
            </Later>
          }
        />
        <Route
          path="cases"
          element={
            <Later>
              <CasesPage />
            </Later>
          }
        />
        <Route
          path="cases/:caseId"
          element={
            <Later>
              <CasePage />
            </Later>
          }
        />
        <Route
          path="requests"
          element={
            <Later>
              <RequestsPage />
            </Later>
          }
        />
        <Route
          path="requests/:number"
          element={
            <Later>
              <ReportPage />
            </Later>
          }
        />
        <Route
          path="policies"
          element={
            <Later>
              <PoliciesPage />
            </Later>
          }
        />
        <Route
          path="packs"
          element={
            <Later>
              <PacksPage />
            </Later>
          }
        />
        <Route
          path="packs/:packId"
          element={
            <Later>
              <PackPage />
            </Later>
          }
        />
        <Route
          path="policies/new"
          element={
            <Later>
              <NewPolicyPage />
            </Later>
          }
        />
        <Route
          path="expectations"
          element={
            <Later>
              <ExpectationsPage />
            </Later>
          }
        />
        <Route
          path="policies/:policyId"
          element={
            <Later>
              <PolicyPage />
            </Later>
          }
        />
        <Route
          path="indicators"
          element={
            <Later>
              <IndicatorsPage />
            </Later>
          }
        />
        <Route
          path="indicators/:name"
          element={
            <Later>
              <IndicatorPage />
            </Later>
          }
        />
        <Route
          path="evaluated-here"
          element={
            <Later>
              <EvaluatedPage />
            </Later>
          }
        />
        <Route
          path="analytics"
          element={
            <Later>
              <AnalyticsPage />
            </Later>
          }
        />
        <Route
          path="organisation"
          element={
            <Later>
              <OrganisationPage />
            </Later>
          }
        />
        <Route
          path="intake"
          element={
            <Later>
              <IntakePage />
            </Later>
          }
        />
        <Route
          path="people"
          element={
            <Later>
              <PeoplePage />
            </Later>
          }
        />
        <Route
          path="people/:personId"
          element={
            <Later>
              <PersonPage />
            </Later>
          }
        />
        <Route
          path="account"
          element={
            <Later>
              <AccountPage />
            </Later>
          }
        />
        <Route
          path="reports"
          element={
            <Later>
              <ReportsPage />
            </Later>
          }
        />
        <Route
          path="viewers"
          element={
            <Later>
              <ViewersPage />
            </Later>
          }
        />
        <Route
          path="settings"
          element={
            <Later>
              <SettingsPage />
            </Later>
          }
        />
        <Route
          path="settings/lists/:list"
          element={
            <Later>
              <ListPage />
            </Later>
          }
        />
        <Route
          path="first-steps"
          element={
            <Later>
              <FirstStepsPage />
            </Later>
          }
        />
        <Route
          path="audit"
          element={
            <Later>
              <AuditPage />
            </Later>
          }
        />
        <Route
          path="sources"
          element={
            <Later>
              <SourcesPage />
            </Later>
          }
        />
        <Route
          path="status"
          element={
            <Later>
              <StatusPage />
            </Later>
          }
        />
        <Route path="*" element={<NoSuchPage />} />
      </Route>
    </Routes>
  );
}

function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <Empty title="Nothing is at this address">It may be mistyped, or the page was moved.</Empty>
    </Page>
  );
}

function Later({ children }: { children: ReactNode }) {
  return (
    <PageBoundary>
      <Suspense fallback={<Loading what="the page" rows={0} />}>{children}</Suspense>
    </PageBoundary>
  );
}

// A fault in one page is shown in its place; the rest goes on.
class PageBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    if (!this.state.error) return this.props.children;
    return <Failed error={this.state.error} what="this page" retry={() => window.location.reload()} />;
  }
}

export function App({ client }: { client: QueryClient }) {
  const dark = useDark();
  return (
    <FluentProvider theme={dark ? darkTheme : lightTheme}>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Gate>
            <Pages />
          </Gate>
        </BrowserRouter>
      </QueryClientProvider>
    </FluentProvider>
  );
}
