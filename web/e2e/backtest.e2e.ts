import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  SERVER,
  shoot,
  shownNumber,
  signInAnyhow,
  startBrowser,
  type Browsing,
} from './browser';

// A policy tried on the past, as somebody does who tunes it.

const POLICY = '/policies/data-leaks';
const PSEUDONYM = /Anon-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/;

let browsing: Browsing;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  await page.setViewportSize({ width: 1280, height: 720 });
  await signInAnyhow(page);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-backtest');
});
afterAll(async () => {
  await browsing?.close();
});

const sentence = () => page.getByTestId('cut-sentence');
const cellOf = async (cut: string, column: number) => {
  const head = page.locator('th', { hasText: new RegExp(`^${cut}( \\*)?$`) });
  const row = page.getByRole('table', { name: 'Steps' }).locator('tbody tr', { has: head });
  return shownNumber(await row.locator('td').nth(column).textContent());
};

it('says that nothing was tried, by a tab that keys reach', async () => {
  await page.goto(`${SERVER}${POLICY}`);
  const tab = page.getByRole('tab', { name: 'What it holds' });
  await tab.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(/tab=past/);
  // A second run against the same data finds the result of the first.
  await page.getByTestId('nothing-tried').or(page.getByTestId('backtest-changes')).waitFor();
  await expectAccessible(page);
  await shoot(page, 'backtest-1-empty');
});

it('shows the faults of a draft at their lines', async () => {
  await page.getByRole('switch', { name: 'Edit a draft' }).click();
  const draft = page.getByLabel('Draft', { exact: true });
  const text = await draft.inputValue();
  const lines = text.split('\n');
  const line = lines.findIndex((one) => one.includes('category:')) + 1;
  expect(line).toBeGreaterThan(0);
  await draft.fill(text.replace('category:', 'categorie:'));
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('The draft has errors').waitFor();
  const fault = page
    .getByTestId('draft-faults')
    .getByRole('button', { name: `Line ${line}`, exact: true })
    .first();
  await fault.click();
  expect(await draft.evaluate((area) => area === document.activeElement)).toBe(true);
  await expectAccessible(page);
  await shoot(page, 'backtest-2-faults');
});

it('tries a stricter draft and compares it with the policy in force', async () => {
  await page.getByRole('button', { name: 'Back to the policy in force' }).click();
  const draft = page.getByLabel('Draft', { exact: true });
  const text = await draft.inputValue();
  const stricter = /^volume:.*$/m.test(text)
    ? text.replace(/^volume:.*$/m, 'volume: fewer')
    : `${text}\nvolume: fewer\n`;
  await draft.fill(stricter);
  await page.getByRole('button', { name: 'Try it' }).click();
  // What an earlier run left may be there until this one begins.
  await expect.poll(() => sentence().textContent(), { timeout: 60_000 }).toMatch(/^From 67 points: /);
  await page.getByTestId('backtest-changes').waitFor();
  const counts = (await page.getByTestId('backtest-changes').locator('dd').allTextContents()).map(shownNumber);
  expect(counts[0], 'a higher cut raises nothing new').toBe(0);
  expect(counts[1], 'and some alerts go').toBeGreaterThan(0);
  await page.getByTestId('steps-drawing').locator('canvas').waitFor();
  await expectAccessible(page);
  await expectReadableInDark(page);
  await page.getByRole('table', { name: 'Steps' }).scrollIntoViewIfNeeded();
  await shoot(page, 'backtest-3-result');
});

it('moves the cut by keys, and the numbers change at once', async () => {
  const slider = page.getByRole('slider', { name: /Alerts from/ });
  await slider.focus();
  const asked: string[] = [];
  const note = (request: { url: () => string }) => asked.push(request.url());
  page.on('request', note);
  await page.keyboard.press('Home');
  await expect.poll(() => sentence().textContent()).toMatch(/^From 15 points: /);
  page.off('request', note);
  expect(asked, 'nothing is asked of the server').toEqual([]);
  expect(await cellOf('15', 0)).toBeGreaterThanOrEqual(await cellOf('67', 0));
  await page.getByRole('button', { name: 'Back to 67 points' }).click();
  await expect.poll(() => sentence().textContent()).toMatch(/^From 67 points: /);
});

it('shows who only for a reason, by pseudonym, and the receipt in words', async () => {
  const show = page.getByRole('button', { name: 'Show who…' });
  await show.click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Show' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('Tuning the volume with the works council');
  await expectAccessible(page, '[role="dialog"]');
  await dialog.getByRole('button', { name: 'Show' }).click();
  const table = page.getByRole('table', { name: 'Alerts of the back-test' });
  await table.waitFor();
  const first = table.locator('tbody tr').first();
  expect(await first.locator('th').textContent()).toMatch(PSEUDONYM);
  expect(await table.locator('tbody tr td:nth-child(2)').allTextContents()).toContain('Gone');
  await first.locator('summary').click();
  expect(await first.locator('li').first().textContent()).toMatch(/points$/);
  await expectAccessible(page);
  await table.scrollIntoViewIfNeeded();
  await shoot(page, 'backtest-4-who');
});

it('is there again after a reload, and in the audit log', async () => {
  await page.reload();
  await page.getByTestId('backtest-changes').waitFor();
  expect(await page.getByRole('table', { name: 'Alerts of the back-test' }).count(), 'people are not').toBe(0);
  const answer = await page.request.get(`${SERVER}/api/v1/audit?limit=50`);
  const { lines } = (await answer.json()) as { lines: { action: string }[] };
  const actions = lines.map(({ action }) => action);
  expect(actions).toContain('backtest.run');
  expect(actions).toContain('backtest.people');
});

it('fits a narrow screen', async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
  await shoot(page, 'backtest-5-narrow');
  expect(browsing.faults).toEqual([]);
});
