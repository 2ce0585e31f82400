import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  OWN_PASSWORD,
  SERVER,
  setColours,
  shoot,
  signInAnyhow,
  startBrowser,
  USER,
  type Browsing,
} from './browser';

// Sets up a second factor, signs out and in with it, uses a recovery code, ends a session, makes a token; and takes
// everything away again. Runs after the workflow, or alone.

let browsing: Browsing;
let other: Browsing;
let page: Page;
let secret = '';
let recovery: string[] = [];
let lastStep = 0;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  await page.setViewportSize({ width: 1280, height: 900 });
  await signInAnyhow(page);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-account');
});
afterAll(async () => {
  await browsing?.close();
  await other?.close();
});

const heading = (at: Page, name: string) => at.getByRole('heading', { level: 1, name });

// RFC 6238, by hand: what an app shows.
function codeOf(step: number): string {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(count)
    .digest();
  const offset = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// A code that was not used yet: a step may be one ahead of the clock, and each counts once.
async function freshCode(): Promise<string> {
  const now = () => Math.floor(Date.now() / 30_000);
  await expect.poll(() => now() + 1 > lastStep, { timeout: 61_000, interval: 500 }).toBe(true);
  lastStep = Math.max(lastStep + 1, now());
  return codeOf(lastStep);
}

async function signOut(at: Page): Promise<void> {
  await at.getByRole('button', { name: USER }).click();
  await at.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(at, 'Sign in').waitFor();
}

async function typePassword(at: Page, password = OWN_PASSWORD): Promise<void> {
  await at.getByLabel('User name').fill(USER);
  await at.getByLabel('Password').fill(password);
  await at.getByRole('button', { name: 'Sign in' }).click();
  await heading(at, 'Enter a code').waitFor();
}

async function typeCode(at: Page, code: string): Promise<void> {
  await at.getByLabel('Code').fill(code);
  await at.getByRole('button', { name: 'Sign in' }).click();
}

describe('the account', () => {
  it('is reached from the menu of the viewer', async () => {
    await page.getByRole('button', { name: USER }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await heading(page, 'Your account').waitFor();
    await page.getByText('None: a password is enough').waitFor();
    await page.getByText('This one').waitFor();
    expect(await page.getByRole('table', { name: 'Sessions' }).textContent()).toContain('Chrome on Linux');
    await expectAccessible(page);
    await shoot(page, 'account-light');
    await setColours(page, 'dark');
    await shoot(page, 'account-dark');
    await expectReadableInDark(page);
    await page.setViewportSize({ width: 400, height: 800 });
    await expectNoSidewaysScrolling(page);
    await shoot(page, 'account-narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('sets up a second factor with a code of the key that is shown', async () => {
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('img', { name: 'QR code of the key' }).waitFor();
    secret = ((await page.getByTestId('factor-key').textContent()) ?? '').replaceAll(' ', '');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await page.getByLabel('Code').fill('000000');
    await page.getByLabel('Your password').fill(OWN_PASSWORD);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The second factor was not set up').waitFor();
    await expectAccessible(page);
    await shoot(page, 'account-set-up-refused');
    await setColours(page, 'dark');
    await shoot(page, 'account-set-up-dark');
    await expectReadableInDark(page);
    await page.getByLabel('Code').fill(await freshCode());
    await page.keyboard.press('Enter');
    const codes = page.getByRole('list', { name: 'Recovery codes' });
    await codes.waitFor();
    recovery = (await codes.getByRole('listitem').allTextContents()).map((one) => one.trim());
    expect(recovery).toHaveLength(10);
    await expectAccessible(page);
    await shoot(page, 'account-recovery-codes');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 of 10 are left.').waitFor();
    expect(await page.getByText(recovery[0] ?? '?').count()).toBe(0);
    await shoot(page, 'account-with-factor');
  });

  it('is asked for a code at the next sign-in, whatever the password', async () => {
    await signOut(page);
    await typePassword(page, 'certainly not the password');
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, 'account-enter-code');
    await typeCode(page, '000000');
    await page.getByText('Not signed in').waitFor();
    await shoot(page, 'account-enter-code-refused');
    await page.getByRole('button', { name: 'Start again' }).click();
    await typePassword(page);
    const code = await freshCode();
    await typeCode(page, code);
    await heading(page, 'Your account').waitFor();
    // The same code opens nothing twice.
    await signOut(page);
    await typePassword(page);
    await typeCode(page, code);
    await page.getByText('Not signed in').waitFor();
    await typeCode(page, recovery[1] ?? '');
    await heading(page, 'Your account').waitFor();
  });

  it('signs in elsewhere with a recovery code, and that session is ended from here', async () => {
    other = await startBrowser();
    await other.page.goto(`${SERVER}/status`);
    await typePassword(other.page);
    await typeCode(other.page, recovery[2] ?? '');
    await heading(other.page, 'Status').waitFor();
    await page.reload();
    await page.getByText('8 of 10 are left.').waitFor();
    const sessions = page.getByRole('table', { name: 'Sessions' }).locator('tbody tr');
    await expect.poll(() => sessions.count()).toBe(2);
    await sessions.getByRole('button', { name: /^End the session/ }).click();
    await expect.poll(() => sessions.count()).toBe(1);
    await other.page.reload();
    await heading(other.page, 'Sign in').waitFor();
  });

  it('makes a token that reads, and revokes it', async () => {
    await page.getByRole('button', { name: 'New token…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('nightly-export');
    await dialog.getByLabel('Your password').fill(OWN_PASSWORD);
    await dialog.getByLabel('Code').fill(recovery[4] ?? '');
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, 'account-new-token');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const token = ((await page.getByTestId('token').textContent()) ?? '').trim();
    expect(token).toMatch(/^candor_viewer_[0-9a-f]{16}_[0-9a-f]{64}$/);
    await shoot(page, 'account-token');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const ask = async (method: string, path: string) =>
      (await fetch(`${SERVER}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${token}` } })).status;
    expect(await ask('GET', '/alerts')).toBe(200);
    expect(await ask('POST', '/policies/data-leaks/pause')).toBe(403);
    expect(await ask('GET', '/sessions')).toBe(403);
    await page.getByRole('button', { name: 'Revoke nightly-export' }).click();
    await page.getByRole('table', { name: 'Tokens' }).getByText('Revoked').waitFor();
    expect(await ask('GET', '/alerts')).toBe(401);
    await expectAccessible(page);
    await shoot(page, 'account-whole');
  });

  it('removes the second factor again, with password and code', async () => {
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(OWN_PASSWORD);
    await dialog.getByLabel('Code').fill('000000');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText('The second factor was not removed').waitFor();
    await shoot(page, 'account-remove-refused');
    await dialog.getByLabel('Code').fill(recovery[3] ?? '');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('None: a password is enough').waitFor();
  });

  it('left its acts in the audit log, and neither code nor key', async () => {
    const answer = await page.request.get(`${SERVER}/api/v1/audit?limit=100`);
    const text = await answer.text();
    for (const action of ['second_factor.set_up', 'second_factor.recovery_code_used', 'second_factor.removed'])
      expect(text).toContain(action);
    for (const action of ['session.code_asked', 'session.failed', 'token.created', 'token.revoked'])
      expect(text).toContain(action);
    for (const kept of [secret, ...recovery]) expect(text).not.toContain(kept);
    expect(browsing.faults).toEqual([]);
  });
});
