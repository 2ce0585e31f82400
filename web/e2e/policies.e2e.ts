import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  FIRST_PASSWORD,
  OWN_PASSWORD,
  SERVER,
  shoot,
  startBrowser,
  USER,
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

async function trySignIn(password: string): Promise<boolean> {
  await page.getByLabel('User name').fill(USER);
  await page.getByLabel('Password').fill(password);
  const answer = page.waitForResponse((one) => one.url().endsWith('/session') && one.request().method() === 'POST');
  await page.getByRole('button', { name: 'Sign in' }).click();
  return (await answer).ok();
}

// With its own password when another file of tests has changed the one-time one.
async function signIn(): Promise<void> {
  await page.goto(`${SERVER}/policies`);
  await heading('Sign in').waitFor();
  if (!(await trySignIn(OWN_PASSWORD))) expect(await trySignIn(FIRST_PASSWORD)).toBe(true);
  const choose = heading('Choose a password');
  await choose.or(heading('Policies')).waitFor();
  if (!(await choose.isVisible())) return;
  await page.getByLabel('One-time password').fill(FIRST_PASSWORD);
  await page.getByLabel(/^New password(?! again)/).fill(OWN_PASSWORD);
  await page.getByLabel('New password again').fill(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
}

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
    await signIn();
    await heading('Policies').waitFor();
    await page.getByRole('link', { name: 'New policy' }).click();
    await heading('New policy').waitFor();
    await page.getByLabel('Template').selectOption('patient-data-misuse');
    await page.getByLabel('Id').fill(ID);
    await page.getByLabel('Purpose').selectOption('protect_confidential_information');
    await page.getByLabel('Legal basis').selectOption('works_agreement');
    await page.getByLabel('Agreement').fill('BV 7: "sticks" <b>and</b> mail');
    await page.getByLabel('Countries').fill('de at');
    await page.getByLabel('Review by').fill('2099-01-31');
    const file = page.getByLabel('The policy as a file');
    await expect.poll(async () => file.inputValue()).toContain('countries: ["DE", "AT"]');
    expect(await file.inputValue()).toContain(`id: ${ID}`);
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '40-new-policy');
    // A fault is shown with its line, and nothing is stored.
    const whole = await file.inputValue();
    await file.fill(`${whole}nonsense: 7\n`);
    await page.getByLabel('Why').fill(REASON);
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByText('Nothing was stored: the file has faults.').waitFor();
    const lines = whole.split('\n').length;
    await page.getByText(`Line ${lines}:`).waitFor();
    await shoot(page, '41-policy-faults');
    await file.fill(whole);
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByText('In force from today on.').waitFor();
    await page.getByRole('link', { name: 'Open the policy' }).click();
    await page.getByText('BV 7: "sticks" <b>and</b> mail').waitFor();
    await page.getByText('AT, DE').waitFor();
    expect(await page.locator('main').innerText()).toContain('Active since');
    await expectAccessible(page);
    await expectReadableInDark(page);
    await expectNoSidewaysScrolling(page);
    await shoot(page, '42-policy');
  }, 60_000);

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
