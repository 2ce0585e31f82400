import { Doorway } from './doorway';
import { FactorSetup } from './factor_setup';
import { useAdoptSession, useSignOut, type Session } from './session';

// For whoever has signed in, lacks a second factor and has a role that requires one.
export default function RequiredFactorPage({ session }: { session: Session }) {
  const adopt = useAdoptSession();
  const signOut = useSignOut();
  return (
    <Doorway
      title="Set up a second factor"
      lead={`You are signed in as ${session.user}. The role ${session.role} requires a second factor: set one up to go on.`}
    >
      <FactorSetup onDone={adopt} onCancel={() => signOut.mutate()} cancel="Sign out" />
    </Doorway>
  );
}
