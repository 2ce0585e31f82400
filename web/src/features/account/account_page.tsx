import { Page } from '../../shared/page/page';
import { useViewer } from '../session/session';
import { SignInSection } from './sign_in_section';
import { MailSection } from './mail_section';
import { NotificationsSection } from './notifications_section';
import { ProviderSection } from './provider_section';
import { SessionsSection } from './sessions_section';
import { TokensSection } from './tokens_section';

export default function AccountPage() {
  const viewer = useViewer();
  return (
    <Page title="Your account" lead={`${viewer.user}, ${viewer.role}. What is done here is in the audit log.`}>
      {viewer.of_provider ? <ProviderSection /> : <SignInSection />}
      <MailSection />
      <NotificationsSection />
      <SessionsSection />
      {!viewer.of_provider && <TokensSection />}
    </Page>
  );
}
