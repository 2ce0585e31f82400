import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScrolling, shoot } from './browser';
import { copiesToSticks, dayBefore, startOwnCandor, type OwnCandor } from './own_candor';

// Files with pseudonyms of their own: two recipients cannot join theirs, and whoever may lift finds out whom one means. A
// Candor of its own, over invented people.

let own: OwnCandor;
let page: Page;

beforeAll(async () => {
  own = await startOwnCandor(copiesToSticks(1, () => dayBefore(1)));
  page = own.page;
}, 180_000);

afterAll(async () => {
  await own?.close();
});

const names: string[] = [];

async function exportFor(recipient: string): Promise<{ file: string; text: string }> {
  await page.getByRole('button', { name: /: for whom$/ }).click();
  await page.getByRole('menuitem', { name: 'With pseudonyms of its own…' }).click();
  const dialog = page.getByRole('dialog');
  const make = dialog.getByRole('button', { name: 'Make the file' });
  expect(await make.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill(recipient);
  await expectAccessible(page, '[role="dialog"]');
  await shoot(page, 'export-for-whom');
  const download = page.waitForEvent('download');
  await make.click();
  const saved = await download;
  await dialog.waitFor({ state: 'detached' });
  return { file: saved.suggestedFilename(), text: readFileSync(await saved.path(), 'utf8') };
}

it('makes two files that hold nothing in common that names somebody', async () => {
  await page.goto(`${own.address}/people`);
  await page.getByRole('table', { name: 'People in scope' }).waitFor();
  for (const recipient of ['counsel, for the hearing', 'the works council']) {
    const { file, text } = await exportFor(recipient);
    expect(file).toMatch(/-export-\d+\.csv$/);
    const [name] = /Anon-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text) ?? [''];
    expect(name).not.toBe('');
    expect(text).not.toContain('user0@example.com');
    names.push(name);
  }
  expect(names[0]).not.toBe(names[1]);
  expect(await page.locator('main').innerText()).not.toContain(names[0]);
});

it('finds whom a pseudonym of a file means, with a reason', async () => {
  await page.goto(`${own.address}/people`);
  await page.getByRole('button', { name: 'Pseudonym of an export' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Number of the export/).fill('2');
  await dialog.getByLabel(/^Pseudonym in that file/).fill(names[0] ?? '');
  await dialog.getByLabel(/^Reason/).fill('counsel asks who that is');
  await shoot(page, 'export-resolve');
  await dialog.getByRole('button', { name: 'Find' }).click();
  await dialog.getByText(/nobody has that pseudonym in that export/).waitFor();
  await dialog.getByLabel(/^Number of the export/).fill('1');
  await dialog.getByRole('button', { name: 'Find' }).click();
  await page.getByText('In export 1, made for').waitFor();
  await page.setViewportSize({ width: 420, height: 800 });
  await expectNoSidewaysScrolling(page);
  await page.setViewportSize({ width: 1360, height: 900 });
  await shoot(page, 'export-resolved');
  expect(own.faults).toEqual([]);
});
