import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { PersonCircleRegular, PersonKeyRegular, SignOutRegular } from '@fluentui/react-icons';
import { useNavigate } from 'react-router';
import { useSignOut, useViewer } from './session';

export function AccountMenu() {
  const viewer = useViewer();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    // In place, so that it lies within a landmark; fixed, so that the rail does not cut it off.
    <Menu inline positioning={{ position: 'above', align: 'start', strategy: 'fixed' }}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonCircleRegular />}>
          {viewer.display_name ?? viewer.user}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem
            icon={<PersonKeyRegular />}
            secondaryContent={viewer.role}
            onClick={() => void navigate('/account')}
          >
            Your account
          </MenuItem>
          <MenuItem icon={<SignOutRegular />} onClick={() => signOut.mutate()}>
            Sign out
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
