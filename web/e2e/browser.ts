import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';

export const SERVER = required('CANDOR_URL').replace(/\/$/, '');
export const USER = process.env.CANDOR_USER ?? 'admin';
export const FIRST_PASSWORD = required('CANDOR_PASSWORD');
// What a one-time password is changed to; a second run against the same data signs in with it.
export const OWN_PASSWORD = 'several words for the browser tests';

const SHOTS = join(import.meta.dirname, '..', 'test-results');
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the browser tests need a running server (see web/README.md)`);
  return value;
}

export type Browsing = { page: Page; context: BrowserContext; faults: string[]; close: () => Promise<void> };

// A browser with an empty profile. `faults` gathers what no page may do: throw, or break the content policy.
export async function startBrowser(): Promise<Browsing> {
  const profile = mkdtempSync(join(tmpdir(), 'candor-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CANDOR_CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    viewport: { width: 1360, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|React|Warning:/.test(message.text()))
      faults.push(message.text());
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, context, faults, close };
}

// Signs in, with the one-time password where none was chosen yet, and waits for the alerts.
export async function signInAnyhow(page: Page): Promise<void> {
  await page.goto(`${SERVER}/alerts`);
  const tryPassword = async (password: string) => {
    await page.getByLabel('User name').fill(USER);
    await page.getByLabel('Password').fill(password);
    const answer = page.waitForResponse((one) => one.url().endsWith('/session') && one.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    return (await answer).ok();
  };
  if (!(await tryPassword(OWN_PASSWORD))) expect(await tryPassword(FIRST_PASSWORD)).toBe(true);
  const choose = page.getByRole('heading', { level: 1, name: 'Choose a password' });
  await choose.or(page.getByRole('heading', { level: 1, name: 'Alerts' })).waitFor();
  if (await choose.isVisible()) {
    await page.getByLabel('One-time password').fill(FIRST_PASSWORD);
    await page.getByLabel(/^New password(?! again)/).fill(OWN_PASSWORD);
    await page.getByLabel('New password again').fill(OWN_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
  }
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
}

// No violation of accessibility rules on the page as it stands, or in the part of it that `within` selects.
export async function expectAccessible(page: Page, within?: string): Promise<void> {
  await settled(page);
  const axe = new AxeBuilder({ page }).exclude('[data-tabster-dummy]');
  expectNone(await (within === undefined ? axe : axe.include(within)).analyze());
}

// After a change of size: a table that scrolls from now on is reachable by keys only once its observer has been told and
// React has drawn. What never becomes so is left for the rules to name.
async function settled(page: Page): Promise<void> {
  const told = () =>
    [...document.querySelectorAll('main *')].every(
      (one) =>
        one.scrollWidth <= one.clientWidth ||
        getComputedStyle(one).overflowX !== 'auto' ||
        one.matches('[tabindex], :has(a, button, input)'),
    );
  await page.waitForFunction(told, undefined, { timeout: 2_000 }).catch(() => null);
}

// The same for what dark colours may break.
export async function expectReadableInDark(page: Page): Promise<void> {
  await setColours(page, 'dark');
  const rules = ['color-contrast', 'link-in-text-block'];
  expectNone(await new AxeBuilder({ page }).exclude('[data-tabster-dummy]').withRules(rules).analyze());
  await setColours(page, 'light');
}

// Until the page has followed: the provider has the other background, and no colour is on its way.
export async function setColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction((wanted) => {
    const provider = document.querySelector('#root > .fui-FluentProvider');
    const isLight = provider !== null && getComputedStyle(provider).backgroundColor === 'rgb(255, 255, 255)';
    return isLight === (wanted === 'light');
  }, colorScheme);
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))));
}

function expectNone({ violations }: Awaited<ReturnType<AxeBuilder['analyze']>>): void {
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  );
  expect(found).toEqual([]);
}

export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  // Drawings follow a change of size one frame later.
  const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth;
  await page.waitForFunction(fits, undefined, { timeout: 2_000 }).catch(() => null);
  const { content, window, beyond } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const outside = [...document.querySelectorAll('body *')].filter(
      (one) => one.getBoundingClientRect().right > clientWidth + 1,
    );
    return {
      content: scrollWidth,
      window: clientWidth,
      beyond: outside.map((one) => `${one.tagName}.${one.className}`),
    };
  });
  expect(content, `beyond the edge: ${beyond.slice(-3).join(' ')}`).toBeLessThanOrEqual(window);
}

// "1,234" as it is shown.
// A page as it is, in light and dark: kept as pictures, and held to what holds for every page.
export async function lookAt(page: Page, name: string): Promise<void> {
  await shoot(page, name);
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);
  await setColours(page, 'dark');
  await shoot(page, `${name}-dark`);
  await expectReadableInDark(page);
  await setColours(page, 'light');
}

export function shownNumber(text: string | null): number {
  const value = Number((text ?? '').replace('−', '-').replaceAll(',', '').replace('+', '').trim());
  expect(value).not.toBeNaN();
  return value;
}
