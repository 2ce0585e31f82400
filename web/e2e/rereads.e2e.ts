import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScrolling, lookAt, shoot, startBrowser, type Browsing } from './browser';
import { copiesToSticks, dayBefore, signInFirst, startOwnCandor, type OwnCandor } from './own_candor';

// A dismissal read again by somebody else, who is told nothing of the first reading. A Candor of its own, in which every
// dismissal is read again.

const NOTE = 'she told us of the new laptop';
const PEOPLE = 3;

let own: OwnCandor;
let second: Browsing;
let first: Page;
let other: Page;

beforeAll(async () => {
  own = await startOwnCandor(
    copiesToSticks(PEOPLE, () => dayBefore(1)),
    { content: { 'settings.yml': 'review: {reread_percent: 100}\n' }, viewers: { ben: 'analyst', cora: 'analyst' } },
  );
  first = own.page;
  second = await startBrowser();
  other = second.page;
  await signInFirst(other, own.address, 'cora', own.oneTime.get('cora') ?? '');
}, 180_000);

afterAll(async () => {
  await second?.close();
  await own?.close();
});

async function dismissFirst(page: Page): Promise<void> {
  await page.goto(`${own.address}/alerts?rows=alerts`);
  await page.locator('a[data-row]').first().click();
  await page
    .getByRole('button', { name: /^Dismiss/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('The activity is expected of this person').check();
  await dialog.getByRole('textbox').fill(NOTE);
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText('Dismissed', { exact: true }).first().waitFor();
}

it('gives what one dismissed to another, and not to the one', async () => {
  await dismissFirst(first);
  await first.goto(`${own.address}/rereads`);
  await first.getByText('Nothing waits for you').waitFor();
  await expectAccessible(first);
  await other.goto(`${own.address}/rereads`);
  const rows = other.getByRole('table', { name: 'To read again' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(2);
  await lookAt(other, 'rereads');
});

it('tells the second reader nothing of the first reading', async () => {
  await other.getByRole('table', { name: 'To read again' }).getByRole('link').first().click();
  await other.getByRole('radio', { name: 'Dismiss it' }).waitFor();
  const text = await other.locator('main').innerText();
  expect(text).toContain('Data leaks');
  for (const told of [NOTE, 'ben', 'expected of this person', 'Dismissed']) expect(text).not.toContain(told);
  await other.setViewportSize({ width: 420, height: 800 });
  await expectNoSidewaysScrolling(other);
  await other.setViewportSize({ width: 1360, height: 900 });
  await lookAt(other, 'reread');
});

it('puts it back into the queue when the second would not have dismissed it, and shows both readings', async () => {
  await other.getByRole('radio', { name: /^Confirm it/ }).check();
  await other.getByRole('textbox').fill('three sticks on one day are not a new laptop');
  await other.getByRole('button', { name: 'Answer' }).click();
  await other.getByText(NOTE).waitFor();
  await expectAccessible(other);
  await shoot(other, 'reread-both');
  await first.goto(`${own.address}/alerts?rows=alerts`);
  await expect.poll(() => first.locator('a[data-row]').count()).toBe(PEOPLE);
  expect([...own.faults, ...second.faults]).toEqual([]);
});
