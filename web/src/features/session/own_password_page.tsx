import { useNavigate } from 'react-router';
import { ChangePasswordPage } from './change_password_page';
import { useViewer } from './session';

// Changing one's password by one's own wish.
export function OwnPasswordPage() {
  const navigate = useNavigate();
  return <ChangePasswordPage session={useViewer()} onDone={() => void navigate('/account')} />;
}
