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

// The person of an alert, as an analyst comes to it.

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
  if (task.result?.state === 'fail') await shoot(page, 'failed-person');
});
afterAll(async () => {
  await browsing?.close();
});

it('is reached from an alert, by pseudonym, and holds its evidence', async () => {
  await page.goto(`${SERVER}/alerts?view=all`);
  await page.getByRole('table', { name: 'Alerts', exact: true }).locator('a[data-row]').first().click();
  await page.getByTestId('receipt').waitFor();
  const score = shownNumber(await page.getByTestId('score').textContent());
  await page.getByRole('link', { name: 'About this person' }).click();
  await page.waitForURL(/\/alerts\/[^/]+\/person$/);
  const insights = page.getByRole('table', { name: 'Insights', exact: true });
  await insights.waitFor();
  expect(await page.locator('main').textContent()).toMatch(PSEUDONYM);
  expect(await page.locator('main').textContent()).not.toMatch(/@/);
  const points = (await insights.locator('tbody tr td:last-child').allTextContents()).filter((text) => text !== '–');
  expect(points.length).toBeGreaterThan(0);
  expect(points.map(shownNumber).reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(score + 1);
  await page.getByTestId('days-drawing').locator('canvas').waitFor();
  await expectAccessible(page);
  await expectReadableInDark(page);
  await shoot(page, 'person-1-top');
});

it('starts scoring under another policy from there', async () => {
  await page.getByRole('button', { name: 'Start scoring…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Days').fill('7');
  await dialog.getByLabel('Reason').fill('Looking at what the page does');
  await shoot(page, 'person-1-scoring');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByTestId('scoring-asked').waitFor();
  const of = await page.request.get(`${SERVER}/api/v1${new URL(page.url()).pathname.replace(/person$/, 'scoring')}`);
  const { person_id, starts } = (await of.json()) as { person_id: string; starts: { policy: string }[] };
  const stopped = await page.request.post(`${SERVER}/api/v1/people/${person_id}/scoring/stop`, {
    headers: { 'X-Candor-Request': '1' },
    data: { policy: starts[0]?.policy, reason: 'Looking at what the page does' },
  });
  expect(stopped.status()).toBe(204);
});

it('says in whose scope the person is, since when and why', async () => {
  const scopes = page.getByRole('table', { name: 'Policies in scope' });
  await scopes.locator('tbody tr').first().waitFor();
  await scopes.scrollIntoViewIfNeeded();
  await shoot(page, 'person-2-scopes');
  await page.setViewportSize({ width: 400, height: 800 });
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
  await shoot(page, 'person-3-narrow');
});

it('leaves a line in the audit log, and no page threw', async () => {
  const answer = await page.request.get(`${SERVER}/api/v1/audit?limit=20&action=alert.person_viewed`);
  const { lines } = (await answer.json()) as { lines: { action: string; pseudonym: string | null }[] };
  expect(lines.some(({ action }) => action === 'alert.person_viewed')).toBe(true);
  expect(browsing.faults).toEqual([]);
});
