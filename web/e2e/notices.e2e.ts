import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  OWN_PASSWORD,
  shoot,
  startBrowser,
  type Browsing,
} from './browser';

// From a case to a mailbox: a Candor of its own, Debian's exim4, a browser between them.

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = process.env.CANDOR_BINARY ?? join(ROOT, 'build', 'candor');
const HAS_MAIL_SERVER = existsSync('/usr/sbin/exim4');
if (!HAS_MAIL_SERVER) console.warn('NO MAIL SERVER HERE: exim4-daemon-light is not installed (tools/packages.txt)');

type Mail = { to: string; subject: string; text: string };

let folder: string;
let candor: string;
let server: ChildProcess | undefined;
let exim: ChildProcess | undefined;
let answers: Interface;
let browsing: Browsing;
let page: Page;
let oneTime = '';

const nextLine = () => new Promise<string>((resolve) => answers.once('line', resolve));

async function mails(): Promise<Mail[]> {
  const line = nextLine();
  exim?.stdin?.write('\n');
  return JSON.parse(await line) as Mail[];
}

async function startMailServer(): Promise<string> {
  exim = spawn('python3', [join(ROOT, 'tests', 'commands', 'mail_server.py'), join(folder, 'exim')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!exim.stdout) throw new Error('the mail server says nothing');
  answers = createInterface({ input: exim.stdout });
  const { settings, password } = JSON.parse(await nextLine()) as { settings: string; password: string };
  writeFileSync(join(folder, 'content', 'settings.yml'), settings);
  return password;
}

async function startCandor(password: string): Promise<void> {
  const started = spawn(
    BINARY,
    [
      ...['--data', join(folder, 'data'), '--content', join(folder, 'content'), 'serve', '--port', '0'],
      ...['--demo', '--demo-people', '60', '--demo-days', '40', '--web', join(ROOT, 'web', 'dist')],
    ],
    { env: { ...process.env, CANDOR_MAIL_PASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  server = started;
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const note = (text: Buffer) => {
      printed += text.toString();
      if (printed.includes('organisation is ready')) resolve();
    };
    started.stdout.on('data', note);
    started.stderr.on('data', note);
    started.once('error', reject);
    started.once('exit', () => reject(new Error(`candor did not start: ${printed}`)));
  });
  candor = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '';
  oneTime = /one-time password (\S+)/.exec(printed)?.[1] ?? '';
}

beforeAll(async () => {
  if (!HAS_MAIL_SERVER) return;
  folder = mkdtempSync(join(tmpdir(), 'candor-notices-'));
  cpSync(join(ROOT, 'content'), join(folder, 'content'), { recursive: true });
  await startCandor(await startMailServer());
  browsing = await startBrowser();
  page = browsing.page;
}, 180_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-notices');
});
afterAll(async () => {
  await browsing?.close();
  const ended = (one?: ChildProcess) =>
    new Promise((resolve) => (one && one.exitCode === null ? one.once('exit', resolve) : resolve(null)));
  server?.kill('SIGINT');
  await ended(server);
  exim?.stdin?.end();
  await ended(exim);
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const heading = (name: string) => page.getByRole('heading', { level: 1, name });

async function signIn(): Promise<void> {
  await page.goto(`${candor}/alerts`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(oneTime);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading('Choose a password').waitFor();
  await page.getByLabel('One-time password').fill(oneTime);
  await page.getByLabel(/^New password(?! again)/).fill(OWN_PASSWORD);
  await page.getByLabel('New password again').fill(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await heading('Alerts').waitFor();
}

// The dialog with that notice chosen and shown.
async function choose(title: string) {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Notice' }).selectOption({ label: title });
  await dialog.getByLabel('Text of the notice').waitFor();
  return dialog;
}

describe.skipIf(!HAS_MAIL_SERVER)('a notice', () => {
  it('needs an address of the viewer for a test', async () => {
    await signIn();
    await page.goto(`${candor}/account`);
    await page.getByLabel('Mail address').fill('admin@private.example');
    await page.getByRole('button', { name: 'Save the address' }).click();
    await page.getByText('The address was not taken').waitFor();
    await page.getByLabel('Mail address').fill('admin@example.com');
    await page.getByRole('button', { name: 'Save the address' }).click();
    await expect.poll(() => page.getByText('The address was not taken').count()).toBe(0);
    await expectAccessible(page);
    await shoot(page, '120-account-mail');
  }, 60_000);

  it('is read with the pseudonym, tried on oneself, and sent to the person', async () => {
    await page.goto(`${candor}/alerts`);
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Open a case…' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Files to a stick');
    await page.getByRole('dialog').getByLabel('Reason').fill('More files than ever before');
    await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
    await heading('Files to a stick').waitFor();
    await page.getByRole('tab', { name: 'Notices (0)' }).click();
    await page.getByText('No notice yet').waitFor();
    await page.getByRole('button', { name: 'Send a notice…' }).click();
    const dialog = await choose('Reminder about handling files (en)');
    expect(await dialog.getByLabel('Text of the notice').innerText()).toMatch(/Hello Anon-/);
    expect(await dialog.innerText()).not.toContain('@northlight');
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, '121-notice');
    await dialog.getByRole('button', { name: 'Send a test to me' }).click();
    await dialog.getByText('On its way to admin@example.com').waitFor();
    await expect.poll(async () => (await mails()).length, { timeout: 20_000 }).toBe(1);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.getByTestId('notice-state').getAttribute('data-state'), { timeout: 20_000 })
      .toBe('sent');
    await expect.poll(async () => (await mails()).length, { timeout: 20_000 }).toBe(2);
    const [test, real] = await mails();
    expect(test?.to).toBe('admin@example.com');
    expect(test?.text).toMatch(/^Hello Anon-/);
    expect(real?.text).toMatch(/^Hello (?!Anon-)\S+/);
    expect(await page.locator('main').innerText()).not.toContain(real?.to);
    await page.getByRole('tab', { name: 'Notices (1)' }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await expectReadableInDark(page);
    await shoot(page, '122-case-notices');
  }, 120_000);

  it('is offered when the case is closed, and is in its history', async () => {
    await page.getByRole('button', { name: 'Close the case…' }).click();
    const closing = page.getByRole('dialog');
    await closing.getByRole('radio', { name: 'Benign' }).check();
    await closing.getByLabel('In words').fill('It was asked for.');
    await closing.getByRole('button', { name: 'Close it' }).click();
    await page.getByTestId('resolution').getByRole('button', { name: 'Send a notice…' }).click();
    const dialog = await choose('Information nach Abschluss eines Falls (de)');
    await shoot(page, '123-notice-after-closing');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => (await mails()).length, { timeout: 20_000 }).toBe(3);
    expect((await mails())[2]?.subject).toBe('Information über eine Prüfung, die Sie betraf');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('sent notice 2 to the person').waitFor();
    expect(browsing.faults).toEqual([]);
  }, 120_000);
});
