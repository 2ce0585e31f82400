import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScrolling, shoot, startBrowser, type Browsing } from './browser';

// Many people at once above the queue: a Candor of its own in which fourteen people copied much to sticks on one day.

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = process.env.CANDOR_BINARY ?? join(ROOT, 'build', 'candor');
const INVENTED = '11111111-1111-4111-8111-5eed5eed5eed'; // an organisation of `candor simulate`
const PASSWORD = 'several words for the browser tests';
const PEOPLE = 14;
const COPIES = 240;

let folder: string;
let server: ChildProcess;
let browsing: Browsing;
let page: Page;

function records(day: string): string {
  let lines = '';
  for (let person = 0; person < PEOPLE; ++person) {
    for (let copy = 0; copy < COPIES; ++copy) {
      const minute = String(copy % 60).padStart(2, '0');
      lines += `${JSON.stringify({
        CreationTime: `${day}T${String(9 + Math.floor(copy / 60)).padStart(2, '0')}:${minute}:00`,
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
      })}\n`;
    }
  }
  return lines;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-crowd-'));
  const data = join(folder, 'data');
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  writeFileSync(join(folder, '.simulated'), '');
  writeFileSync(join(folder, 'records.jsonl'), records(yesterday));
  execFileSync(BINARY, ['ingest', '--data', data, join(folder, 'records.jsonl')], { stdio: 'ignore' });
  const policy = join(ROOT, 'content', 'policies', 'data_leaks.yml');
  execFileSync(BINARY, ['policy', 'apply', policy, '--data', data], { stdio: 'ignore' });
  server = spawn(BINARY, ['serve', '--data', data, '--port', '0', '--web', join(ROOT, 'web', 'dist')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const note = (text: Buffer) => {
      printed += text.toString();
      if (printed.includes('Ctrl-C stops it')) resolve();
    };
    server.stdout?.on('data', note);
    server.stderr?.on('data', note);
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`candor did not start: ${printed}`)));
  });
  const address = /Candor is at (\S+?)\/?\s/.exec(printed)?.[1] ?? '';
  const first = /one-time password (\S+)/.exec(printed)?.[1] ?? '';
  browsing = await startBrowser();
  page = browsing.page;
  await page.goto(`${address}/alerts`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(first);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Choose a password' }).waitFor();
  await page.getByLabel('One-time password').fill(first);
  await page.getByLabel(/^New password(?! again)/).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
}, 90_000);

afterAll(async () => {
  await browsing?.close();
  server?.removeAllListeners('exit');
  server?.kill();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

it('tells what many people have in common, once, and keeps the queue free of it', async () => {
  const notice = page.getByTestId('mass-event');
  await notice.waitFor();
  await expect.poll(() => notice.innerText()).toMatch(/14 people have alerts about “Copy or /);
  expect(await notice.innerText()).toContain('Nobody had one on any of the 90 days before.');
  expect(await notice.innerText()).toContain('These 14 alerts are held as one');
  expect(await page.getByText('Nothing else needs review').count()).toBe(1);
  await expectAccessible(page);
  await shoot(page, 'mass-event');
  await page.setViewportSize({ width: 420, height: 800 });
  await expectNoSidewaysScrolling(page);
  await shoot(page, 'mass-event-narrow');
  await page.setViewportSize({ width: 1360, height: 900 });
});

it('shows its alerts, and puts them into the queue when somebody says so', async () => {
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(PEOPLE + 1);
  await page.getByRole('button', { name: 'Back to the queue' }).click();
  await page.getByRole('button', { name: 'Release…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill('the copies were real, every one is looked at');
  await shoot(page, 'mass-event-release');
  await dialog.getByRole('button', { name: 'Release' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(PEOPLE + 1);
  expect(await page.getByTestId('mass-event').count()).toBe(0);
  expect(browsing.faults).toEqual([]);
});
