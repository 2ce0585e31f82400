import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browsing, lookAt, SERVER, shoot, signInAnyhow, startBrowser } from './browser';

// Lists that are changed on the Settings page, over the demo's invented people: each change holds at once. What was
// changed is changed back.

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
  if (task.result?.state === 'fail') await shoot(page, 'failed-lists');
});
afterAll(async () => {
  await browsing?.close();
});

async function change(): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Look at what differs' }).click();
  await dialog.getByRole('table', { name: 'What differs' }).waitFor();
  await dialog.getByLabel('Reason').fill(WHY);
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function undo(name: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Undo change/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(WHY);
  await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const entries = page.getByRole('table', { name: 'Entries' });
  await entries.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });
}

it('a domain is added, with its faults at its place first', async () => {
  await page.goto(`${SERVER}/settings`);
  await page.getByRole('link', { name: 'Domains allowed, unallowed, of third parties' }).click();
  await page.getByRole('heading', { level: 1, name: /^Domains allowed/ }).waitFor();
  await page.getByRole('button', { name: 'Add an entry…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Domain', exact: true }).fill('not a domain');
  await dialog.getByLabel('Stance').selectOption('unallowed');
  await dialog.getByRole('button', { name: 'Look at what differs' }).click();
  await dialog.getByRole('list', { name: 'Faults' }).waitFor();
  await shoot(page, 'list-faults');
  await dialog.getByRole('button', { name: 'Back to what is wanted' }).click();
  await dialog.getByRole('textbox', { name: 'Domain', exact: true }).fill('**.browser-test.example');
  await change();
  await page
    .getByRole('row', { name: /\*\*\.browser-test\.example/ })
    .first()
    .waitFor();
  await page.getByText('Changes hold that records are not read by yet').waitFor();
  await lookAt(page, 'list-domains');
  await page.getByRole('button', { name: 'What differs' }).first().click();
  await page.getByRole('table', { name: 'What differs' }).waitFor();
  await undo('browser-test');
});

it('a detection group of many entries is uploaded as CSV', async () => {
  await page.goto(`${SERVER}/settings/lists/groups`);
  await page.getByRole('button', { name: 'Paste or upload…' }).click();
  const rows = Array.from({ length: 2_000 }, (_, at) => `many_domains,Many,domains,d${at}.browser.example`);
  await page
    .getByRole('dialog')
    .getByLabel('A file')
    .setInputFiles({
      name: 'groups.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['name,title,list,entry', ...rows, ''].join('\n')),
    });
  await expect.poll(() => page.getByRole('dialog').getByLabel('The text').inputValue()).toContain('d1999.');
  await change();
  await page.getByRole('row', { name: /many_domains.*1,995 more/ }).waitFor();
  await lookAt(page, 'list-groups');
});

it('what was changed is taken up while the pages stay', async () => {
  await page.goto(`${SERVER}/settings`);
  await page.getByRole('button', { name: 'Take them up…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(WHY);
  await shoot(page, 'take-up');
  await dialog.getByRole('button', { name: 'Take up', exact: true }).click();
  await page.getByText('Candor matches everything stored').waitFor();
  await page.getByText('Candor matches everything stored').waitFor({ state: 'detached', timeout: 170_000 });
  expect(await page.getByText('Changes hold that records are not read by yet').count()).toBe(0);
  // Records are read by the group now.
  const answer = await page.request.get(`${SERVER}/api/v1/exclusions`);
  expect(JSON.stringify(await answer.json())).toContain('many_domains');
  await page.goto(`${SERVER}/settings/lists/groups`);
  await undo('many_domains');
}, 180_000);

it('no page threw, or broke the content policy', () => {
  // While Candor opens its folder again nothing answers: that the browser says so is no fault of a page.
  expect(
    browsing.faults.filter((fault) => !/ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource/.test(fault)),
  ).toEqual([]);
});
