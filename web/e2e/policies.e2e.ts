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

// The life of a policy in the browser. The demo organisation is invented: what is asked for counts at once.

let browsing: Browsing;
let page: Page;
const REASON = 'Checked with the works council';
const ID = 'leaks-of-the-browser-test';

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-policies');
});
afterAll(async () => {
  await browsing?.close();
});

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

async function act(name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(REASON);
  const acts = name === 'Resume' ? 'Ask' : name;
  await dialog.getByRole('button', { name: acts, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('the life of a policy', () => {
  it('starts from a template, with its lawful start from a form', async () => {
    await signInAnyhow(page);
    await page.goto(`${SERVER}/policies`);
    await heading('Policies').waitFor();
    await page.getByRole('link', { name: 'New policy' }).click();
    await heading('New policy').waitFor();
    await page.getByLabel('Template').selectOption('patient-data-misuse');
    const steps = page.getByRole('navigation', { name: 'Steps' });
    const step = (name: string) => steps.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    // A fault is said at its field and at its step, before anything is sent.
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill('Not An Id');
    await page.getByText('Small letters, digits').waitFor();
    await steps.getByRole('button', { name: /^Name and description \(1 to correct\)/ }).waitFor();
    await shoot(page, '40-wizard-fault');
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill(ID);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Purpose').selectOption('protect_confidential_information');
    await page.getByLabel('Legal basis').selectOption('works_agreement');
    await page.getByLabel('Agreement').fill('BV 7: "sticks" <b>and</b> mail');
    await page.getByLabel('Countries').fill('de at');
    await page.getByLabel('Review by').fill('2099-01-31');
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '40-wizard-lawful');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('radio', { name: /^Only people/ }).check();
    await page.getByLabel('Any of these values').fill('Clinic\nWard 7');
    await expectAccessible(page);
    await shoot(page, '40-wizard-scope');
    for (const name of [
      'Content to prioritise',
      'Triggers',
      'Indicators and sequences',
      'Thresholds and volume',
      'Start and',
    ]) {
      await step(name);
      await page.getByRole('heading', { level: 2, name: new RegExp(name) }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScrolling(page);
      await shoot(page, `40-wizard-${name.split(' ')[0]?.toLowerCase() ?? ''}`);
    }
    // Who leaves the page finds what was typed again.
    await page.goto(`${SERVER}/policies`);
    await page.goto(`${SERVER}/policies/new?template=patient-data-misuse`);
    await page.getByText('What you typed before is here again').waitFor();
    await page.getByRole('tab', { name: 'As a file' }).click();
    const file = page.getByLabel('The policy as a file');
    await expect.poll(async () => file.inputValue()).toContain('countries: [DE, AT]');
    expect(await file.inputValue()).toContain(`id: ${ID}`);
    expect(await file.inputValue()).toContain('{groups: [Clinic, Ward 7]}');
    await shoot(page, '40-new-policy');
    // A fault of the file is shown with its line, and nothing is stored.
    const whole = await file.inputValue();
    await file.fill(`${whole}nonsense: 7\n`);
    await page.getByRole('button', { name: 'Check, try and ask' }).first().click();
    await page.getByText('It cannot be asked for yet.').waitFor();
    const lines = whole.split('\n').length;
    await page.getByText(`Line ${lines}:`).waitFor();
    await shoot(page, '41-policy-faults');
    await page.getByRole('tab', { name: 'As a file' }).click();
    await file.fill(whole.replace(/^scope:\n(?:[ ].*\n)*/m, ''));
    await page.getByRole('button', { name: 'Check, try and ask' }).first().click();
    await page.getByText(/It would be in force from today on/).waitFor();
    await page.getByLabel('Why').fill(REASON);
    await expectAccessible(page);
    await shoot(page, '41-wizard-ask');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByText('In force from today on.').waitFor();
    await page.getByRole('link', { name: 'Open the policy' }).click();
    await page.getByText('BV 7: "sticks" <b>and</b> mail', { exact: true }).waitFor();
    await page.getByText('AT, DE').waitFor();
    expect(await page.locator('main').innerText()).toContain('Active since');
    await expectAccessible(page);
    await expectReadableInDark(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '42-policy');
  }, 180_000);

  it('is paused, resumed and retired, and every act stands in its versions', async () => {
    await act('Pause');
    await page.getByText('Paused since').waitFor();
    await act('Resume');
    await page.getByText('Active since').waitFor();
    await act('Retire');
    await page.getByText('Retired since').waitFor();
    const versions = page.getByRole('region', { name: 'Versions' });
    await expect.poll(async () => versions.getByRole('listitem').count()).toBe(4);
    expect(await versions.getByRole('listitem').first().innerText()).toContain(REASON);
    await versions.scrollIntoViewIfNeeded();
    await shoot(page, '43-policy-versions');
    await page.goto(`${SERVER}/audit?action=policy.retired`);
    await page.getByText(ID).first().waitFor();
  }, 60_000);

  it('is listed with its state and health', async () => {
    await page.goto(`${SERVER}/policies`);
    await heading('Policies').waitFor();
    const rows = page.getByRole('table', { name: 'Policies' }).getByRole('row');
    await expect.poll(async () => (await rows.allInnerTexts()).join('\n')).toContain('Retired');
    await expectAccessible(page);
    await shoot(page, '44-policies');
    expect(browsing.faults).toEqual([]);
  });
});
