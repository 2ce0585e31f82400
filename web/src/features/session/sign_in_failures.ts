import { CallFailed } from '../../shared/api/client';

const AGAIN = 'Begin again; if it stays so, tell whoever administers Candor this id.';

// Why nobody came in by the identity provider, by the id the server sent the browser back with. In the audit log, line
// `session.failed`, is what more is known.
const TEXTS: Record<string, string> = {
  'access.provider_off': 'Candor is not set up to sign in with an identity provider any more. Use a password.',
  'access.provider_unreachable':
    'The identity provider cannot be reached. Try again later, or use a password of Candor.',
  'access.provider_bad_discovery': `Candor cannot use what the identity provider says of itself. ${AGAIN}`,
  'access.provider_bad_keys': `Candor cannot use the keys of the identity provider. ${AGAIN}`,
  'access.provider_sign_in_over':
    'This sign-in was begun in another browser, more than ten minutes ago, or finished already. Begin again.',
  'access.provider_denied': 'The identity provider did not let you in, or you left its page.',
  'access.provider_refused_code': `The identity provider did not confirm the sign-in. ${AGAIN}`,
  'access.provider_bad_token': `What the identity provider sent does not prove who you are. ${AGAIN}`,
  'access.provider_no_role':
    'You are known, but none of your groups may use Candor. Ask whoever administers it for a group that may.',
  'access.provider_no_groups':
    'The identity provider did not say which groups you are in. Whoever administers it has to add them to the tokens for Candor.',
  'access.provider_groups_overage':
    'You are in more groups than the identity provider puts into a token. Whoever administers it has to send only the groups assigned to Candor, or app roles.',
  'access.provider_second_factor':
    'Your role requires a second factor, and the identity provider did not say that you used one. Set one up there.',
  'access.provider_bad_user':
    'The identity provider did not say by what name you are known. Its claims have to be changed.',
  'access.too_many_attempts': 'Too many attempts from here. Wait a minute, then try again.',
  'api.holder_away':
    'This part of Candor cannot finish a sign-in with the identity provider at this moment. Try again in a minute, or use a password of Candor.',
  'api.busy': 'Many people are signing in at this moment. Try again.',
};

export const FAILED_PARAMETER = 'sign_in_failed';

// Of an id in the address, which anybody may have written: null where it has no form of one.
export function signInFailure(id: string | null): CallFailed | null {
  if (id === null || !/^[a-z]+\.[a-z_]{1,60}$/.test(id)) return null;
  return new CallFailed(0, id, TEXTS[id] ?? `The sign-in failed. ${AGAIN}`);
}
