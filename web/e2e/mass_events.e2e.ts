import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScrolling, shoot } from './browser';
import { copiesToSticks, dayBefore, startOwnCandor, type OwnCandor } from './own_candor';

// Many people at once above the queue: a Candor of its own in which fourteen people copied much to sticks on one day.

const PEOPLE = 14;

let own: OwnCandor;
let page: Page;

beforeAll(async () => {
  own = await startOwnCandor(copiesToSticks(PEOPLE, () => dayBefore(1)));
  page = own.page;
}, 90_000);

afterAll(async () => {
  await own?.close();
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
  expect(own.faults).toEqual([]);
});
