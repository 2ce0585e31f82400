import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderAt } from '../../../test/render';
import { ALERT, PERSON, SESSION } from '../../../test/samples';
import { Refusal, serve } from '../../../test/server';
import { AlertActions } from './alert_actions';
import { PersonName } from './person';

afterEach(() => vi.useRealTimers());

describe('dismissing', () => {
  it('needs a reason of the list, and a note for another one', async () => {
    const bodies: unknown[] = [];
    serve({
      'POST /alerts/A-1/dismiss': ({ body }: { body: unknown }) => {
        bodies.push(body);
        return { ...ALERT, status: 'dismissed' };
      },
    });
    renderAt('/', <AlertActions alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Dismiss…' }));
    const dismiss = screen.getByRole('button', { name: 'Dismiss' });
    expect(dismiss).toBeDisabled();
    await user.click(screen.getByRole('radio', { name: /Another reason/ }));
    expect(dismiss).toBeDisabled();
    await user.type(screen.getByRole('textbox', { name: /Note/ }), 'agreed with the team');
    await user.click(dismiss);
    expect(bodies).toEqual([{ reason: 'other', note: 'agreed with the team', evidence_until: ALERT.evidence_until }]);
  });

  it('shows why it did not work and stays open', async () => {
    serve({ 'POST /alerts/A-1/dismiss': new Refusal(409, 'alerts.already_closed', 'It is closed already.') });
    renderAt('/', <AlertActions alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Dismiss…' }));
    await user.click(screen.getByRole('radio', { name: /expected/ }));
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(await screen.findByText(/It is closed already\./)).toBeInTheDocument();
    expect(screen.getByRole('dialog')).toBeInTheDocument();
  });
});

describe('the focus', () => {
  const onPage = (
    <main>
      <h1 tabIndex={-1}>Data leaks</h1>
      <AlertActions alert={ALERT} />
    </main>
  );

  it('goes back to the button that opened a dialog', async () => {
    serve({});
    renderAt('/', onPage);
    const user = userEvent.setup();
    const button = screen.getByRole('button', { name: 'Dismiss…' });
    await user.click(button);
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(button).toHaveFocus());
  });

  it('goes to the heading when that button is gone', async () => {
    serve({
      'POST /alerts/A-1/lift': { id: 'L', person: PERSON, alert: 'A-1', reason: '', viewer: '', from: '', until: '' },
    });
    function Page() {
      const [lifted, setLifted] = useState(false);
      const person = lifted ? { ...PERSON, name: 'Jack Qualtz', lifted_until: '2999-01-01T00:00:00Z' } : PERSON;
      return (
        <main>
          <h1 tabIndex={-1}>Data leaks</h1>
          <AlertActions alert={{ ...ALERT, person }} />
          <button onClick={() => setLifted(true)}>refetched</button>
        </main>
      );
    }
    renderAt('/', <Page />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Show name…' }));
    await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'interview on Monday');
    act(() => screen.getByText('refetched').click());
    await user.click(screen.getByRole('button', { name: 'Show name' }));
    await waitFor(() => expect(screen.getByText('Data leaks')).toHaveFocus());
  });
});

describe('lifting a name', () => {
  it('needs a reason of ten characters', async () => {
    const { calls } = serve({
      'POST /alerts/A-1/lift': {
        id: 'L',
        person: PERSON,
        alert: 'A-1',
        reason: '',
        viewer: 'ada',
        from: '',
        until: '',
      },
    });
    renderAt('/', <AlertActions alert={ALERT} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Show name…' }));
    const show = screen.getByRole('button', { name: 'Show name' });
    await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'too short');
    expect(show).toBeDisabled();
    await user.type(screen.getByRole('textbox', { name: /Reason/ }), ' no more');
    await user.click(show);
    expect(calls).toContain('POST /alerts/A-1/lift');
  });

  it('ends on the page by itself', () => {
    vi.useFakeTimers();
    vi.setSystemTime('2026-03-04T12:00:00Z');
    render(<PersonName person={{ ...PERSON, name: 'Mara Example', lifted_until: '2026-03-04T12:10:00Z' }} />);
    expect(screen.getByText('Mara Example')).toBeInTheDocument();
    expect(screen.getByText(/lifted for 10 min/)).toBeInTheDocument();
    act(() => {
      vi.advanceTimersByTime(11 * 60_000);
    });
    expect(screen.queryByText('Mara Example')).not.toBeInTheDocument();
    expect(screen.getByText(PERSON.pseudonym)).toBeInTheDocument();
  });
});

it('offers only what the viewer may do', () => {
  serve({});
  renderAt('/', <AlertActions alert={ALERT} />, { ...SESSION, permissions: ['alerts.read'] });
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
