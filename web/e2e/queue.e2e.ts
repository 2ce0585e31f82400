import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  shoot,
  startBrowser,
  type Browsing,
} from './browser';

// The queue with more than a page of alerts: many decided at once and taken back, filters, and on from alert to alert. A
// Candor of its own in which nine people a day copied much to sticks: too few to be held as one.

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = process.env.CANDOR_BINARY ?? join(ROOT, 'build', 'candor');
const INVENTED = '11111111-1111-4111-8111-5eed5eed5eed'; // an organisation of `candor simulate`
const PASSWORD = 'several words for the browser tests';
const DAYS = 7;
const PEOPLE_A_DAY = 9;
const PEOPLE = DAYS * PEOPLE_A_DAY;
const COPIES = 240;

let folder: string;
let server: ChildProcess;
let browsing: Browsing;
let page: Page;
let address = '';

function records(): string {
  const lines: string[] = [];
  for (let person = 0; person < PEOPLE; ++person) {
    const back = 1 + Math.floor(person / PEOPLE_A_DAY);
    const day = new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    for (let copy = 0; copy < COPIES; ++copy) {
      const minute = String(copy % 60).padStart(2, '0');
      lines.push(
        JSON.stringify({
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
        }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-queue-'));
  const data = join(folder, 'data');
  writeFileSync(join(folder, '.simulated'), '');
  writeFileSync(join(folder, 'records.jsonl'), records());
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
  address = /Candor is at (\S+?)\/?\s/.exec(printed)?.[1] ?? '';
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
}, 180_000);

afterAll(async () => {
  await browsing?.close();
  server?.removeAllListeners('exit');
  server?.kill();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const total = () => page.getByRole('navigation', { name: /^Pages of/ }).innerText();

it('selects by keys, dismisses, and takes it back', async () => {
  await page.goto(`${address}/alerts?rows=alerts`);
  await expect.poll(total).toContain(`of ${PEOPLE} alerts`);
  await page.locator('a[data-row]').first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+X');
  await expect.poll(() => page.getByTestId('selected').innerText()).toContain('3 alerts selected');
  await shoot(page, 'queue-selected');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Dismiss…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('The activity is expected of this person').check();
  await expectAccessible(page, '[role="dialog"]');
  await shoot(page, 'queue-dismiss-many');
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText('Dismissed 3 alerts.').waitFor();
  await expect.poll(total).toContain(`of ${PEOPLE - 3} alerts`);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone for 3 of 3 alerts.').waitFor();
  await expect.poll(total).toContain(`of ${PEOPLE} alerts`);
});

it('takes all that match, on all pages', async () => {
  await page.goto(`${address}/alerts`);
  await page.getByLabel('Select all on this page').check();
  await page.getByRole('button', { name: `Select all ${PEOPLE} that match` }).click();
  await expect.poll(() => page.getByTestId('selected').innerText()).toContain('on all pages');
  await page.setViewportSize({ width: 420, height: 800 });
  await expectNoSidewaysScrolling(page);
  await shoot(page, 'queue-all-narrow');
  await page.setViewportSize({ width: 1360, height: 900 });
  await expectReadableInDark(page);
  await page.getByRole('button', { name: 'Assign…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
  await page.getByText(`Assigned ${PEOPLE} alerts.`).waitFor();
  await shoot(page, 'queue-assigned');
});

it('finds them by whom they were given to and by days, in an address to keep', async () => {
  await page.goto(`${address}/alerts?rows=alerts`);
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('Assigned to').selectOption({ label: 'Me' });
  await page.waitForURL(/assigned_to=admin/);
  await expect.poll(total).toContain(`of ${PEOPLE} alerts`);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Last activity from').fill(yesterday);
  await expect.poll(total).toContain(`of ${PEOPLE_A_DAY} alerts`);
  expect(page.url()).toContain(`assigned_to=admin&active_from=${yesterday}`);
  await expectAccessible(page);
  await shoot(page, 'queue-more-filters');
  await page.getByLabel('Case', { exact: true }).selectOption({ label: 'In a case' });
  await page.getByText('No alert matches').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByText(/of \d+ people/).waitFor();
});

it('goes on from alert to alert through the whole queue', async () => {
  await page.goto(`${address}/alerts?rows=alerts&sort=last_day&page=1`);
  await page.locator('a[data-row]').nth(48).click();
  const place = () => page.getByTestId('place').innerText();
  await expect.poll(place).toBe(`49 of ${PEOPLE}`);
  const seen = new Set([page.url()]);
  for (let at = 50; at <= 53; ++at) {
    await page.keyboard.press('j');
    await expect.poll(place).toBe(`${at} of ${PEOPLE}`);
    seen.add(page.url());
  }
  expect(seen.size).toBe(5);
  await expectAccessible(page);
  await shoot(page, 'alert-along-the-queue');
  await page.keyboard.press('k');
  await expect.poll(place).toBe(`52 of ${PEOPLE}`);
  const back = page.getByRole('navigation', { name: 'Back' }).getByRole('link', { name: 'Alerts' });
  await back.click();
  await expect.poll(() => page.url()).toContain('page=2');
  await expect.poll(() => page.getByRole('row').count()).toBe(PEOPLE - 50 + 1);
  expect(browsing.faults).toEqual([]);
});
