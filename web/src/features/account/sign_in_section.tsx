import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Failed, Loading } from '../../shared/states/states';
import { Timestamp } from '../../shared/time/timestamp';
import { FactorSetup } from '../session/factor_setup';
import { RecoveryCodes } from '../session/recovery_codes';
import { useSecondFactor, type ChangedFactor } from '../session/second_factor_calls';
import { useAdoptSession } from '../session/session';
import styles from './account.module.css';
import { ProveDialog } from './prove_dialog';

type Doing = 'nothing' | 'setting up' | 'removing' | 'renewing';

// How one signs in: password, second factor, recovery codes.
export function SignInSection() {
  const { data: factor, error, refetch } = useSecondFactor();
  const adopt = useAdoptSession();
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Doing>('nothing');
  const [made, setMade] = useState<ChangedFactor | null>(null);
  const done = ({ session }: Pick<ChangedFactor, 'session'>) => {
    setMade(null);
    setDoing('nothing');
    adopt(session);
  };
  const proved = (changed: ChangedFactor) => {
    if (changed.recovery_codes.length === 0) return done(changed);
    setDoing('nothing');
    setMade(changed);
  };

  return (
    <section className={styles.part} aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign-in</h2>
      {error && <Failed error={error} what="your second factor" retry={() => void refetch()} />}
      {!factor && !error && <Loading what="your second factor" rows={3} />}
      {factor && (
        <dl className={styles.facts}>
          <div>
            <dt>Password</dt>
            <dd>At least 12 characters. Changing it ends your other sessions.</dd>
            <dd className={styles.act}>
              <Button onClick={() => void navigate('/password')}>Change password</Button>
            </dd>
          </div>
          <div>
            <dt>Second factor</dt>
            <dd>
              {factor.since ? (
                <>
                  Set up <Timestamp at={factor.since} />: each sign-in asks for a code of your authenticator app.
                </>
              ) : (
                'None: a password is enough to sign in as you.'
              )}
              {factor.required && ' Your role requires one.'}
            </dd>
            <dd className={styles.act}>
              {factor.since ? (
                <Button onClick={() => setDoing('removing')}>Remove…</Button>
              ) : (
                <Button appearance="primary" disabled={doing === 'setting up'} onClick={() => setDoing('setting up')}>
                  Set up
                </Button>
              )}
            </dd>
          </div>
          {factor.since && (
            <div>
              <dt>Recovery codes</dt>
              <dd>{codesInWords(factor.recovery_codes_left)}</dd>
              <dd className={styles.act}>
                <Button onClick={() => setDoing('renewing')}>Make new ones…</Button>
              </dd>
            </div>
          )}
        </dl>
      )}
      {doing === 'setting up' && (
        <div className={styles.panel}>
          <FactorSetup onDone={(session) => done({ session })} onCancel={() => setDoing('nothing')} cancel="Cancel" />
        </div>
      )}
      {made && (
        <div className={styles.panel}>
          <RecoveryCodes codes={made.recovery_codes} onKept={() => done(made)} />
        </div>
      )}
      {(doing === 'removing' || doing === 'renewing') && (
        <ProveDialog
          what={doing === 'removing' ? 'remove' : 'renew'}
          onDone={proved}
          onClose={() => setDoing('nothing')}
        />
      )}
    </section>
  );
}

function codesInWords(left: number): string {
  if (left === 0) return 'All are used: make new ones, or losing the app locks you out.';
  return left === 1 ? '1 of 10 is left.' : `${left} of 10 are left.`;
}
