import { FluentProvider } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { makeQueryClient } from '../src/app/query_client';
import { lightTheme } from '../src/app/theme';
import { SessionContext, type Session } from '../src/features/session/session';
import { SESSION } from './samples';

// A component as it stands in the workplace: signed in, at an address. The address is shown as data-testid "address".
export function renderAt(address: string, children: ReactNode, session: Session = SESSION) {
  return render(
    <FluentProvider theme={lightTheme}>
      <QueryClientProvider client={makeQueryClient()}>
        <MemoryRouter initialEntries={[address]}>
          <SessionContext value={session}>{children}</SessionContext>
          <Address />
        </MemoryRouter>
      </QueryClientProvider>
    </FluentProvider>,
  );
}

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}
