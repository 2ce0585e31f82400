import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browsing, lookAt, SERVER, shoot, signInAnyhow, startBrowser } from './browser';

// What is set and who may be scored, over the demo's invented people: nobody else has to agree, so every act holds at
// once. What was changed is changed back.

const WHY = 'Looking at what the page does';

let browsing: Browsing;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  await page.setViewportSize({ width: 1280, height: 900 });
  await signInAnyhow(page);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-settings');
});
afterAll(async () => {
  await browsing?.close();
});

async function giveReason(act: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(WHY);
  await dialog.getByRole('button', { name: act, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

it('indicators say what cannot be seen here', async () => {
  await page.goto(`${SERVER}/indicators?seen=blind`);
  await page.getByRole('table', { name: 'Indicators' }).waitFor();
  const blind = page.getByRole('cell', { name: /^Cannot be seen here/ });
  await blind.first().waitFor();
  expect(await page.getByRole('cell', { name: /^Seen here/ }).count()).toBe(0);
  await lookAt(page, 'indicators-blind');
  await page.goto(`${SERVER}/indicators/sharepoint_download`);
  await page.getByRole('table', { name: 'Feeds' }).getByText('It comes').waitFor();
});

it('a setting is changed, says where it comes from, and goes back to the file', async () => {
  await page.goto(`${SERVER}/settings`);
  const row = page.getByRole('row', { name: /retention\.activity_days/ });
  await row.waitFor();
  await page.getByRole('table', { name: 'Timeframes of policies' }).waitFor({ timeout: 60_000 });
  await lookAt(page, 'settings');
  await row.getByRole('button', { name: 'Change Activities' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('spinbutton').fill('4000');
  await dialog.getByLabel('Reason').fill(WHY);
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByText(/settings\.bad_value/).waitFor();
  await dialog.getByRole('spinbutton').fill('91');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await row.getByText(/^Change \d+/).waitFor();
  expect(await row.textContent()).toContain('91 days');
  await shoot(page, 'settings-changed');
  await row.getByRole('button', { name: 'Change Activities' }).click();
  await page.getByRole('dialog').getByRole('spinbutton').fill('');
  await giveReason('Change');
  await row.getByText(/^settings\.yml, line \d+|^Default/).waitFor();
  await page.getByRole('table', { name: 'Changes' }).getByText('What the file says').first().waitFor();
});

it('somebody is scored by hand, with an end, until it is stopped', async () => {
  const answer = await page.request.get(`${SERVER}/api/v1/people?limit=1`);
  const { people } = (await answer.json()) as { people: { id: string }[] };
  await page.goto(`${SERVER}/people/${people[0]?.id ?? ''}`);
  await page.getByRole('button', { name: 'Start scoring…' }).click();
  await shoot(page, 'scoring-dialog');
  await giveReason('Start');
  await page.getByText(/^Scored under/).waitFor();
  await lookAt(page, 'scoring');
  await page.getByRole('button', { name: /^Stop scoring under/ }).click();
  await giveReason('Stop');
  await page.getByText(/^Scored under/).waitFor({ state: 'detached' });
});

it('levels of the organisation’s own days stand beside those of a policy', async () => {
  await page.goto(`${SERVER}/policies/data-leaks?tab=fitted`);
  const levels = page.getByRole('table', { name: 'Fitted levels' });
  await levels.or(page.getByText('No level would change')).waitFor({ timeout: 100_000 });
  await lookAt(page, 'fitted-levels');
  if ((await levels.count()) === 0) return;
  await page.getByRole('button', { name: 'Try them on the past' }).click();
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('link', { name: 'Ask for a version with the fitted levels' }).click();
  await expect.poll(() => page.getByLabel('The policy as a file').inputValue()).toContain('fitted:');
});

it('no page threw, or broke the content policy', () => {
  expect(browsing.faults).toEqual([]);
});
