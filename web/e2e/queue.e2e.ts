import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScrolling, expectReadableInDark, shoot } from './browser';
import { copiesToSticks, dayBefore, startOwnCandor, type OwnCandor } from './own_candor';

// The queue with more than a page of alerts: many decided at once and taken back, filters, and on from alert to alert. A
// Candor of its own in which nine people a day copied much to sticks: too few to be held as one.

const DAYS = 7;
const PEOPLE_A_DAY = 9;
const PEOPLE = DAYS * PEOPLE_A_DAY;

let own: OwnCandor;
let page: Page;
let address = '';

beforeAll(async () => {
  own = await startOwnCandor(copiesToSticks(PEOPLE, (person) => dayBefore(1 + Math.floor(person / PEOPLE_A_DAY))));
  ({ page, address } = own);
}, 180_000);

afterAll(async () => {
  await own?.close();
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
  const yesterday = dayBefore(1);
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

it('keeps a view with columns of its own, opens with it, and forgets it', async () => {
  await page.goto(`${address}/alerts?severity=high&severity=medium&severity=low&rows=alerts`);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Columns…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Updated', { exact: true }).focus();
  await page.keyboard.press('Space');
  await dialog.getByLabel('Opened', { exact: true }).focus();
  await page.keyboard.press('Space');
  for (let step = 0; step < 3; ++step) {
    await dialog.getByRole('button', { name: 'Move Opened to the left' }).focus();
    await page.keyboard.press('Enter');
  }
  await expectAccessible(page, '[role="dialog"]');
  await shoot(page, 'queue-columns');
  await dialog.getByRole('button', { name: 'Use these' }).click();
  const heads = async () =>
    (await page.getByRole('columnheader').allInnerTexts()).map((one) => one.replace(/[▼▲]/, '').trim());
  const chosen = ['', 'Severity', 'Score', 'Policy', 'Opened', 'Person', 'Activity', 'Status'];
  await expect.poll(heads).toEqual(chosen);

  const name = '=1+1 <b>Ours</b> \u202e';
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Everybody who may read alerts').check();
  await dialog.getByLabel('The queue opens with it for me').check();
  await expectAccessible(page, '[role="dialog"]');
  await shoot(page, 'queue-save-view');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/saved=[0-9a-f]{32}/);

  await page.goto(`${address}/alerts`);
  await page.waitForURL(/severity=high.*rows=alerts.*saved=[0-9a-f]{32}/);
  await expect.poll(heads).toEqual(chosen);
  await page.getByRole('button', { name: /^View: =1\+1 <b>Ours<\/b>/ }).click();
  await page.getByRole('menuitemradio').waitFor();
  await shoot(page, 'queue-views');
  await expectAccessible(page, '[role="menu"]');
  await page.getByRole('menuitem', { name: 'Delete this view…' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Columns…' }).click();
  await dialog.getByRole('button', { name: 'The usual ones' }).click();
  await dialog.getByRole('button', { name: 'Use these' }).click();
  await expect.poll(heads).toContain('Updated');
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
  expect(own.faults).toEqual([]);
});
