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

// From a person to a report on what they did. The demo organisation is invented: nobody else has to agree.

let browsing: Browsing;
let page: Page;
const REASON = 'A partner says that files were offered';

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-requests');
});
afterAll(async () => {
  await browsing?.close();
});

describe('a report', () => {
  it('is asked for at an alert, read, and taken back', async () => {
    await signInAnyhow(page);
    const queue = await page.request.get(`${SERVER}/api/v1/alerts?status=needs_review&limit=1`);
    const id = ((await queue.json()) as { alerts: { id: string }[] }).alerts[0]?.id ?? '';
    await page.goto(`${SERVER}/alerts/${encodeURIComponent(id)}/person`);
    await page.getByRole('button', { name: 'Ask for more…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Ask', exact: true }).isEnabled()).toBe(false);
    await dialog.getByLabel('Why is what shows less not enough?').fill('The alert is about another time');
    await dialog.getByLabel('Reason').fill(REASON);
    await expectAccessible(page);
    await shoot(page, '80-ask-for-more');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();

    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    await page.getByRole('row', { name: REASON }).first().getByText('Agreed to').waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '81-requests');
    await page.getByRole('row', { name: REASON }).first().getByRole('link', { name: 'Read the report' }).click();

    await page.getByRole('heading', { level: 1, name: /^Report \d+$/ }).waitFor();
    await page.getByTestId('explorer').waitFor();
    expect(await page.getByTestId('explorer').getByRole('row').count()).toBeGreaterThan(5);
    await page.getByRole('heading', { name: 'What indicators matched' }).waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '82-report');
    // One activity with all its fields, by the report's own address.
    await page.getByTestId('explorer').locator('tbody button').first().click();
    await page.getByRole('dialog').getByText('event.action').first().waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Requests' }).first().click();
    const row = page.getByRole('row', { name: REASON }).first();
    await row.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('only for this test of the browser');
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await row.getByText('Withdrawn').waitFor();
    expect(await row.getByRole('link', { name: 'Read the report' }).count()).toBe(0);
  }, 120_000);
});
