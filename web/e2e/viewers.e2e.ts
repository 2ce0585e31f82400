import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, lookAt, shoot } from './browser';
import { copiesToSticks, dayBefore, startOwnCandor, type OwnCandor } from './own_candor';

// What viewers may do and whom they see: a role, units and a priority group given on the page. A Candor of its own, over
// invented people, where nobody has to agree.

const UNITS = `units:
  - {id: france, name: France, where: [{country: FR}]}
priority_groups:
  - {id: board, name: Board and their offices, where: [{groups: [Board]}]}
`;

let own: OwnCandor;
let page: Page;

beforeAll(async () => {
  own = await startOwnCandor(
    copiesToSticks(1, () => dayBefore(1)),
    { content: { 'units.yml': UNITS }, viewers: { ada: 'admin', ben: 'analyst' } },
  );
  page = own.page;
}, 180_000);

afterAll(async () => {
  await own?.close();
});

const row = (name: RegExp) => page.getByRole('row', { name });

it('shows a group that nobody reviews', async () => {
  await page.goto(`${own.address}/viewers`);
  await row(/^Board and their offices/)
    .getByText('Nobody: no viewer sees these people')
    .waitFor();
  await lookAt(page, 'viewers-groups');
});

it('gives a role, a unit and a group as one change, by keyboard', async () => {
  const change = page.getByRole('button', { name: 'Change what ben may do and see' });
  await change.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption('investigator');
  await dialog.getByRole('checkbox', { name: /^France/ }).check();
  await dialog.getByRole('checkbox', { name: /^Board/ }).check();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('joins the investigations');
  await expectAccessible(page, '[role="dialog"]');
  await shoot(page, 'viewers-change');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await row(/^ben .*investigator/).waitFor();
  expect(await row(/^ben .*investigator/).innerText()).toContain('France, and reviews Board and their offices');
  expect(await row(/^Board and their offices/).innerText()).toMatch(/ben$/);
  expect(await row(/^3 · ben/).innerText()).toContain('Before: analyst: Everybody but priority groups');
  await expectAccessible(page);
  expect(own.faults).toEqual([]);
});
