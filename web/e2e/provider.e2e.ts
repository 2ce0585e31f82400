import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  shoot,
  startBrowser,
  type Browsing,
} from './browser';
import { CLIENT, freePort, startProvider, type IdentityProvider } from './provider';

// Sign-in with an identity provider: a Candor of its own, a real provider, a browser between them.

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = process.env.CANDOR_BINARY ?? join(ROOT, 'build', 'candor');

let folder: string;
let candor: string;
let server: ChildProcess;
let provider: IdentityProvider;
let browsing: Browsing;
let page: Page;
let printed = '';

async function startCandor(port: number): Promise<void> {
  server = spawn(
    BINARY,
    [
      ...['--data', join(folder, 'data'), '--content', join(folder, 'content')],
      ...['serve', '--port', String(port), '--web', join(ROOT, 'web', 'dist')],
    ],
    { env: { ...process.env, CANDOR_OIDC_CLIENT_SECRET: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const started = server;
  await new Promise<void>((resolve, reject) => {
    const note = (text: Buffer) => {
      printed += text.toString();
      if (printed.includes('Ctrl-C stops it')) resolve();
    };
    started.stdout?.on('data', note);
    started.stderr?.on('data', note);
    started.once('error', reject);
    started.once('exit', () => reject(new Error(`candor did not start: ${printed}`)));
  });
}

function writeSettings(secret: string): void {
  const shipped = readFileSync(join(ROOT, 'content', 'settings.yml'), 'utf8');
  writeFileSync(join(folder, 'secret'), `${secret}\n`, { mode: 0o600 });
  writeFileSync(
    join(folder, 'content', 'settings.yml'),
    `${shipped.slice(0, shipped.indexOf('\noidc:'))}
oidc:
  issuer: ${provider.issuer}
  name: Example
  client_id: ${CLIENT.id}
  client_secret_file: ${join(folder, 'secret')}
  public_address: ${candor}
  scopes: [openid, profile, groups]
  local_accounts: administrators
  roles:
    - {group: irm-admins, role: admin}
    - {group: irm-analysts, role: analyst}
`,
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-provider-'));
  const port = await freePort();
  candor = `http://127.0.0.1:${port}`;
  provider = await startProvider(candor);
  provider.groups.set('ann', ['everybody', 'irm-admins']);
  provider.groups.set('nora', ['everybody']);
  cpSync(join(ROOT, 'content'), join(folder, 'content'), { recursive: true });
  writeSettings(CLIENT.secret);
  await startCandor(port);
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-provider');
});
afterAll(async () => {
  await browsing?.close();
  await provider?.stop();
  server?.kill('SIGINT');
  await new Promise((resolve) => (server?.exitCode === null ? server.once('exit', resolve) : resolve(null)));
  rmSync(folder, { recursive: true, force: true });
});

const heading = (at: Page, name: string) => at.getByRole('heading', { level: 1, name });
const ours = (at: Page) => at.getByRole('button', { name: 'Sign in with Example' });

// On the provider's pages. It asks for a login where nobody is signed in there, and for consent once.
async function loginThere(at: Page, login: string): Promise<void> {
  await at.locator('input[name=login]').fill(login);
  await at.locator('input[name=password]').fill('anything');
  await at.getByRole('button', { name: 'Sign-in' }).click();
  await at.getByRole('button', { name: 'Continue' }).click();
}

async function begin(at: Page, path = '/alerts'): Promise<void> {
  await at.goto(`${candor}${path}`);
  await ours(at).click();
}

async function signIn(login: string, path = '/alerts'): Promise<void> {
  await page.context().clearCookies();
  await begin(page, path);
  await loginThere(page, login);
}

type Line = { action: string; viewer: string; detail: string };
async function audit(): Promise<Line[]> {
  const answer = await page.request.get(`${candor}/api/v1/audit?limit=50`);
  expect(answer.ok()).toBe(true);
  return ((await answer.json()) as { lines: Line[] }).lines;
}

// Not one that waits: the provider answers in this process.
const check = () =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      BINARY,
      ['--content', join(folder, 'content'), 'viewer', 'oidc-check'],
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });

describe('the command that looks at the settings', () => {
  it('finds the provider, its keys, and that it takes the secret', async () => {
    const { status, stdout, stderr } = await check();
    expect(stderr).toBe('');
    expect(stdout).toContain('ok       the discovery document is there');
    expect(stdout).toContain('ok       1 usable keys, for RS256, PS256');
    expect(stdout).toContain('ok       the provider takes client_id and secret');
    expect(stdout).toContain(`${candor}/api/v1/session/provider/callback`);
    expect(status).toBe(0);
  });

  it('says that the secret is wrong, and does not repeat it', async () => {
    writeSettings('a wrong one');
    const { status, stdout, stderr } = await check();
    writeSettings(CLIENT.secret);
    expect(stdout).toContain('problem  the provider does not take client_id and secret');
    expect(stdout + stderr).not.toContain('a wrong one');
    expect(status).toBe(1);
  });
});

describe('signing in', () => {
  it('is offered on the page of sign-in', async () => {
    await page.goto(`${candor}/alerts`);
    await ours(page).waitFor();
    await page.getByText('With a password only administrators sign in.').waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, 'provider-1-offered');
    await page.setViewportSize({ width: 400, height: 800 });
    await expectNoSidewaysScrolling(page);
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  it('brings somebody with a mapped group to the page they wanted', async () => {
    await signIn('ann', '/audit?limit=50');
    await heading(page, 'Audit log').waitFor();
    expect(new URL(page.url()).pathname).toBe('/audit');
    const session = await (await page.request.get(`${candor}/api/v1/session`)).json();
    expect(session).toMatchObject({
      user: 'ann@example.com',
      display_name: 'Person ann',
      role: 'admin',
      of_provider: true,
    });
    const cookies = await page.context().cookies(candor);
    expect(cookies.find(({ name }) => name === 'candor_session')).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(cookies.find(({ name }) => name === 'candor_sign_in')).toBeUndefined();
    await shoot(page, 'provider-2-in');
  });

  it('says on the account’s page where it comes from', async () => {
    await page.getByRole('button', { name: 'Person ann' }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByText('there you are Person ann').waitFor();
    expect(await page.getByRole('button', { name: 'Change password' }).count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Tokens' }).count()).toBe(0);
    await expectAccessible(page);
    await shoot(page, 'provider-3-account');
  });

  it('refuses an answer that was used, and one in another browser', async () => {
    await page.context().clearCookies({ name: 'candor_session' });
    let answer = '';
    page.on('request', (request) => {
      if (request.url().includes('/session/provider/callback?')) answer = request.url();
    });
    await begin(page); // silently: the provider knows the browser
    await heading(page, 'Alerts').waitFor();
    const replayed = await page.request.get(answer, { maxRedirects: 0 });
    expect(replayed.status()).toBe(303);
    expect(replayed.headers()['location']).toBe('/?sign_in_failed=access.provider_sign_in_over');

    const begun = await page.request.post(`${candor}/api/v1/session/provider`, {
      headers: { 'X-Candor-Request': '1' },
      data: { return_to: '/' },
    });
    const { address } = (await begun.json()) as { address: string };
    const unused = (await page.request.get(address, { maxRedirects: 0 })).headers()['location'] ?? '';
    expect(unused).toContain('/session/provider/callback?code=');
    const other = await startBrowser();
    await other.page.goto(unused);
    await other.page.getByText('begun in another browser').waitFor();
    await shoot(other.page, 'provider-4-another-browser');
    await expectAccessible(other.page);
    expect((await other.page.request.get(`${candor}/api/v1/session`)).status()).toBe(401);
    await other.close();
  });

  it('refuses a token that was made for another sign-in', async () => {
    await page.context().clearCookies({ name: 'candor_session' });
    await page.route(`${provider.issuer}/auth?*`, async (route) => {
      const address = new URL(route.request().url());
      if (address.searchParams.get('nonce') === 'another') return route.continue();
      address.searchParams.set('nonce', 'another');
      await route.fulfill({ status: 302, headers: { Location: address.href } });
    });
    await begin(page);
    await page.getByText('does not prove who you are').waitFor();
    await page.unroute(`${provider.issuer}/auth?*`);
    expect((await page.request.get(`${candor}/api/v1/session`)).status()).toBe(401);
  });

  it('lets nobody in whose groups have no role', async () => {
    await signIn('nora');
    await page.getByText('none of your groups may use Candor').waitFor();
    await expectAccessible(page);
    await shoot(page, 'provider-5-not-allowed');
    expect((await page.request.get(`${candor}/api/v1/session`)).status()).toBe(401);
  });

  it('goes on when the provider changes its keys', async () => {
    for (const kind of ['RSA', 'EC'] as const) {
      provider.rotate(kind);
      await signIn('ann');
      await heading(page, 'Alerts').waitFor();
    }
    provider.claimsInToken(true);
    await signIn('ann');
    await heading(page, 'Alerts').waitFor();
  });

  it('takes the role away with the groups, and gives another', async () => {
    const before = await startBrowser();
    await begin(before.page);
    await loginThere(before.page, 'ann');
    await heading(before.page, 'Alerts').waitFor();
    provider.groups.set('ann', ['irm-analysts']);
    await signIn('ann');
    await heading(page, 'Alerts').waitFor();
    expect(await (await page.request.get(`${candor}/api/v1/session`)).json()).toMatchObject({ role: 'analyst' });
    provider.groups.set('ann', []);
    await signIn('ann');
    await page.getByText('none of your groups may use Candor').waitFor();
    await before.page.reload();
    await ours(before.page).waitFor();
    await before.close();
    provider.groups.set('ann', ['irm-admins']);
  });
});

describe('signing out', () => {
  it('ends the session here and there', async () => {
    await signIn('ann');
    await heading(page, 'Alerts').waitFor();
    await page.getByRole('button', { name: 'Person ann' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(`${provider.issuer}/session/end?*`);
    await page.locator('button[value=yes]').click();
    await page.waitForURL(`${candor}/`);
    await ours(page).waitFor();
    expect((await page.request.get(`${candor}/api/v1/session`)).status()).toBe(401);
    await ours(page).click();
    await page.locator('input[name=login]').waitFor(); // nobody is signed in there either
  });

  it('at the provider ends the session here', async () => {
    await signIn('ann');
    await heading(page, 'Alerts').waitFor();
    await page.goto(`${provider.issuer}/session/end`);
    await page.locator('button[value=yes]').click();
    await page.waitForURL(`${provider.issuer}/session/end/success*`);
    await expect
      .poll(async () => (await page.request.get(`${candor}/api/v1/session`)).status(), { timeout: 10_000 })
      .toBe(401);
  });
});

describe('while the provider is down', () => {
  it('says so, and an administrator signs in with a password', async () => {
    await signIn('ann');
    await heading(page, 'Alerts').waitFor();
    const lines = await audit();
    await provider.stop();
    await page.context().clearCookies();
    await page.goto(`${candor}/alerts`);
    // What the provider says of itself is known for an hour: the browser goes there, and finds nobody.
    const begun = await page.request.post(`${candor}/api/v1/session/provider`, {
      headers: { 'X-Candor-Request': '1' },
      data: { return_to: '/' },
    });
    expect(begun.status()).toBe(200);
    const oneTime = /one-time password (\S+)/.exec(printed)?.[1] ?? '';
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill(oneTime);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(page, 'Choose a password').waitFor();

    const reasons = lines.map(({ detail }) => detail).join('\n');
    for (const reason of ['"fault":"state"', '"fault":"browser"', '"fault":"nonce"', 'access.provider_no_role'])
      expect(reasons).toContain(reason);
    expect(lines.some(({ action, viewer }) => action === 'session.started' && viewer === 'ann@example.com')).toBe(true);
    expect(lines.some(({ action }) => action === 'viewer.role_changed')).toBe(true);
    expect(browsing.faults).toEqual([]);
  });

  it('the command says that it is, after a restart the page too', async () => {
    const { status, stdout } = await check();
    expect(status).toBe(1);
    expect(stdout).toContain('problem  the identity provider cannot be reached');
    server.kill('SIGINT');
    await new Promise((resolve) => server.once('exit', resolve));
    printed = '';
    await startCandor(Number(new URL(candor).port));
    await page.context().clearCookies();
    await begin(page);
    await page.getByText('the identity provider cannot be reached').waitFor();
    await expectAccessible(page);
    await shoot(page, 'provider-6-down');
  });

  it('left no secret in what the process printed', () => {
    for (const secret of [CLIENT.secret, encodeURIComponent(CLIENT.secret), 'eyJ'])
      expect(printed).not.toContain(secret);
  });
});
