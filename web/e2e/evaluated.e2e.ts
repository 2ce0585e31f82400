import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  SERVER,
  setColours,
  shoot,
  signInAnyhow,
  startBrowser,
  type Browsing,
} from './browser';

// What is evaluated here: for those who are signed in, in versions, and for everybody once that is set. What was set is
// set back.

const WHY = 'Looking at what the page does';

let browsing: Browsing;
let page: Page;
let nobody: BrowserContext;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  await page.setViewportSize({ width: 1280, height: 900 });
  await signInAnyhow(page);
  const browser = browsing.context.browser();
  if (!browser) throw new Error('there is no browser');
  // A telephone of somebody without an account.
  nobody = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'de-DE' });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-evaluated');
});
afterAll(async () => {
  await ask('evaluated.public', null);
  await ask('retention.raw_days', null);
  await nobody?.close();
  await browsing?.close();
});

async function ask(setting: string, value: string | null): Promise<number> {
  const answer = await page.request.post(`${SERVER}/api/v1/settings/${setting}`, {
    data: { value: value ?? '', reason: WHY },
    headers: { 'X-Candor-Request': '1' },
  });
  return answer.status();
}

it('nobody reads it while it is not public', async () => {
  const visit = await nobody.newPage();
  for (const path of ['/evaluated', '/evaluated.pdf']) {
    const answer = await visit.goto(`${SERVER}${path}`);
    expect(answer?.status()).toBe(404);
  }
  await visit.close();
});

it('is read by those who are signed in, in both languages', async () => {
  await page.goto(`${SERVER}/evaluated-here`);
  await page.getByRole('heading', { name: 'Which sources are read' }).waitFor();
  await page.getByRole('heading', { name: 'Attestations' }).waitFor();
  await shoot(page, 'evaluated');
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);
  await setColours(page, 'dark');
  await shoot(page, 'evaluated-dark');
  await expectReadableInDark(page);
  await setColours(page, 'light');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { level: 1, name: 'Was hier ausgewertet wird' }).waitFor();
  expect(await page.locator('article').getAttribute('lang')).toBe('de');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(page);
  await shoot(page, 'evaluated-phone');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation', { name: 'Places' }).isVisible()).toBe(false);
  expect(await page.getByRole('heading', { name: 'Wer entscheidet' }).isVisible()).toBe(true);
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 900 });
});

it('a change of what is set is a version, and says what changed', async () => {
  expect(await ask('retention.raw_days', '21')).toBe(200);
  await page.goto(`${SERVER}/evaluated-here`);
  const since = page.getByLabel('Changes since');
  await since.waitFor();
  const first = await since.locator('option').nth(1).getAttribute('value');
  await since.selectOption(first ?? '');
  const changes = page.getByRole('region', { name: /^Changes from version/ });
  await changes.getByText(/21 days from their arrival/).waitFor();
  await shoot(page, 'evaluated-changes');
  await expectAccessible(page);
});

it('is a PDF file, a page and a signed file', async () => {
  for (const [name, ending] of [
    ['PDF', '.pdf'],
    ['HTML', '.html'],
    ['Signed', '.json'],
  ] as const) {
    const got = page.waitForEvent('download');
    await page.getByRole('button', { name, exact: true }).click();
    expect((await got).suggestedFilename()).toContain(ending);
  }
});

it('everybody reads the newest version once that is set', async () => {
  expect(await ask('evaluated.public', 'true')).toBe(200);
  await page.goto(`${SERVER}/evaluated-here`);
  await page.getByRole('link', { name: '/evaluated' }).waitFor();
  const visit = await nobody.newPage();
  const faults: string[] = [];
  visit.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const asked: string[] = [];
  visit.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const answer = await visit.goto(`${SERVER}/evaluated`);
  expect(answer?.status()).toBe(200);
  expect(answer?.headers()['set-cookie']).toBeUndefined();
  expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  await visit.getByRole('heading', { level: 1, name: 'Was hier ausgewertet wird' }).waitFor();
  expect(await visit.evaluate(() => document.scripts.length)).toBe(0);
  // Its own style took effect: the content policy knows its hash.
  expect(await visit.evaluate(() => getComputedStyle(document.body).overflowWrap)).toBe('anywhere');
  expect(await nobody.cookies()).toEqual([]);
  await expectNoSidewaysScrolling(visit);
  await expectAccessible(visit);
  await shoot(visit, 'evaluated-public-phone');
  await visit.emulateMedia({ colorScheme: 'dark' });
  await shoot(visit, 'evaluated-public-phone-dark');
  await expectAccessible(visit);
  await visit.emulateMedia({ colorScheme: 'light' });
  await visit.getByRole('link', { name: 'English' }).click();
  await visit.getByRole('heading', { level: 1, name: 'What is evaluated here' }).waitFor();
  await visit.setViewportSize({ width: 1280, height: 900 });
  await shoot(visit, 'evaluated-public');
  // A browser may ask for its icon by itself; else nothing is loaded.
  expect(asked.filter((path) => path !== '/evaluated' && path !== '/favicon.ico')).toEqual([]);
  expect(faults.filter((text) => !text.includes('favicon'))).toEqual([]);
  const pdf = await visit.request.get(`${SERVER}/evaluated.pdf?language=de`);
  expect(pdf.status()).toBe(200);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await ask('evaluated.public', 'false')).toBe(200);
  // Past the browser's own copy, which it may show for five minutes.
  expect((await visit.request.get(`${SERVER}/evaluated`)).status()).toBe(404);
  await visit.close();
  expect(browsing.faults).toEqual([]);
});

it('an attestation is made, listed, and a PDF file', async () => {
  await page.goto(`${SERVER}/evaluated-here`);
  const form = page.getByRole('form', { name: 'New attestation' });
  const today = new Date().toISOString().slice(0, 10);
  await form.getByLabel('Country').fill('de');
  await form.getByLabel('First day').fill(today);
  await form.getByLabel('Last day').fill(today);
  await form.getByRole('button', { name: 'Attest' }).click();
  const made = page.getByRole('table', { name: 'Attestations' });
  await made.waitFor({ timeout: 240_000 });
  const got = page.waitForEvent('download');
  await made
    .getByRole('button', { name: /^PDF, Deutsch/ })
    .first()
    .click();
  expect((await got).suggestedFilename()).toMatch(/^candor-attestation-\d+-DE-de\.pdf$/);
  await made.scrollIntoViewIfNeeded();
  await shoot(page, 'attestations');
  await expectAccessible(page);
}, 300_000);
