import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  SERVER,
  shoot,
  signInAnyhow,
  startBrowser,
  type Browsing,
} from './browser';

// What is expected, from an alert to the list and back. The demo organisation is invented: it holds at once.

let browsing: Browsing;
let page: Page;
const BECAUSE = 'Moves to a new laptop, agreed with IT';

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-expectations');
});
afterAll(async () => {
  await browsing?.close();
});

type Alerts = { alerts: { id: string }[] };
type Found = { score: number };

describe('what is expected', () => {
  it('is said at an alert, with its effect, holds, and is withdrawn again', async () => {
    await signInAnyhow(page);
    const queue = await page.request.get(`${SERVER}/api/v1/alerts?status=needs_review&limit=1`);
    const id = ((await queue.json()) as Alerts).alerts[0]?.id ?? '';
    const alert = `${SERVER}/alerts/${encodeURIComponent(id)}`;
    const score = async () =>
      ((await (await page.request.get(`${SERVER}/api/v1/alerts/${encodeURIComponent(id)}`)).json()) as Found).score;
    const before = await score();
    await page.goto(alert);
    await page.getByRole('heading', { name: 'What is expected of this person' }).waitFor();
    await page.getByRole('button', { name: 'Expected because…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Towards').selectOption('anything');
    await dialog.getByLabel('Because').fill(BECAUSE);
    await dialog.getByRole('button', { name: 'Show what it would change' }).click();
    await dialog.getByRole('status').waitFor();
    expect(await dialog.getByRole('status').innerText()).toMatch(/would fall|would be withdrawn/);
    await expectAccessible(page);
    await shoot(page, '60-expected-because');
    await dialog.getByRole('button', { name: 'Ask for it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(BECAUSE).waitFor();
    await shoot(page, '61-alert-expectations');

    await page.goto(`${SERVER}/policies`);
    await page.getByRole('link', { name: 'Expectations' }).click();
    await page.getByRole('heading', { level: 1, name: 'Expectations' }).waitFor();
    await page.getByText(BECAUSE).waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '62-expectations');
    await page.getByRole('row', { name: BECAUSE }).getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('only for this test of the browser');
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('row', { name: BECAUSE }).getByText('Withdrawn').waitFor();
    await expect.poll(score, { timeout: 60_000 }).toBe(before);
  }, 120_000);
});
