import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { OWN_PASSWORD, startBrowser, type Browsing } from './browser';

// A Candor of a test's own, over records of its own, with admin, or the first of the viewers asked for, signed in at the
// queue.

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = process.env.CANDOR_BINARY ?? join(ROOT, 'build', 'candor');
const INVENTED = '11111111-1111-4111-8111-5eed5eed5eed'; // an organisation of `candor simulate`
const COPIES = 240; // by one person on one day: enough for an alert under "Data leaks"

export function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

// So many people who each copied much to a stick on the day given.
export function copiesToSticks(people: number, dayOf: (person: number) => string): string {
  const lines: string[] = [];
  for (let person = 0; person < people; ++person) {
    for (let copy = 0; copy < COPIES; ++copy) {
      const minute = String(copy % 60).padStart(2, '0');
      lines.push(
        JSON.stringify({
          CreationTime: `${dayOf(person)}T${String(9 + Math.floor(copy / 60)).padStart(2, '0')}:${minute}:00`,
          Id: `00000000-0000-4000-8000-${String(person * COPIES + copy).padStart(12, '0')}`,
          Operation: 'FileCopiedToRemovableMedia',
          OrganizationId: INVENTED,
          RecordType: 63,
          UserType: 0,
          Version: 1,
          Workload: 'Endpoint',
          UserId: `user${person}@example.com`,
          ObjectId: `C:\\plan-${copy}.docx`,
          FileExtension: 'docx',
        }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

export type OwnCandor = {
  address: string;
  page: Page;
  faults: string[];
  oneTime: Map<string, string>; // of the viewers asked for: user, password
  close: () => Promise<void>;
};

// Files of the content by name, in place of those that ship; roles by user.
type Wishes = { content?: Record<string, string>; viewers?: Record<string, string> };

// Under the policy "Data leaks".
export async function startOwnCandor(
  records: string,
  { content: files = {}, viewers = {} }: Wishes = {},
): Promise<OwnCandor> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-own-'));
  const content = join(folder, 'content');
  cpSync(join(ROOT, 'content'), content, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text);
  const at = ['--data', join(folder, 'data'), '--content', content];
  writeFileSync(join(folder, '.simulated'), '');
  writeFileSync(join(folder, 'records.jsonl'), records);
  execFileSync(BINARY, ['ingest', ...at, join(folder, 'records.jsonl')], { stdio: 'ignore' });
  execFileSync(BINARY, ['policy', 'apply', join(content, 'policies', 'data_leaks.yml'), ...at], { stdio: 'ignore' });
  const oneTime = new Map<string, string>();
  for (const [user, role] of Object.entries(viewers)) {
    const printed = execFileSync(BINARY, ['viewer', 'add', user, '--role', role, ...at], { encoding: 'utf8' });
    oneTime.set(user, /one-time password of \S+: (\S+)/.exec(printed)?.[1] ?? '');
  }
  const server = spawn(BINARY, ['serve', ...at, '--port', '0', '--web', join(ROOT, 'web', 'dist')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let browsing: Browsing | undefined;
  const close = async () => {
    await browsing?.close();
    server.removeAllListeners('exit');
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const note = (text: Buffer) => {
        printed += text.toString();
        if (printed.includes('Ctrl-C stops it')) resolve();
      };
      server.stdout.on('data', note);
      server.stderr.on('data', note);
      server.once('error', reject);
      server.once('exit', () => reject(new Error(`candor did not start: ${printed}`)));
    });
    const address = /Candor is at (\S+?)\/?\s/.exec(printed)?.[1] ?? '';
    browsing = await startBrowser();
    const [user, password] = [...oneTime][0] ?? ['admin', /one-time password (\S+)/.exec(printed)?.[1] ?? ''];
    await signInFirst(browsing.page, address, user, password);
    return { address, page: browsing.page, faults: browsing.faults, oneTime, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}

// With a one-time password, which is changed; the queue is shown then.
export async function signInFirst(page: Page, address: string, user: string, password: string): Promise<void> {
  await page.goto(`${address}/alerts`);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Choose a password' }).waitFor();
  await page.getByLabel('One-time password').fill(password);
  await page.getByLabel(/^New password(?! again)/).fill(OWN_PASSWORD);
  await page.getByLabel('New password again').fill(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
}
