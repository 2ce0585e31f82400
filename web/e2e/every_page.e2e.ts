import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  SERVER,
  setColours,
  shoot,
  signInAnyhow,
  startBrowser,
  USER,
  type Browsing,
} from './browser';

// Every page on a wide and a narrow screen, in light and dark colours. Runs after the workflow, or alone.

let browsing: Browsing;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  await signInAnyhow(page);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-page');
});
afterAll(async () => {
  await browsing?.close();
});

const SIZES = [
  { name: 'wide', width: 1360, height: 900 },
  { name: 'narrow', width: 400, height: 800 },
] as const;

// What is there once the page is.
type Place = { name: string; address: () => Promise<string>; ready: (page: Page) => Promise<void> };

const fixed = (address: string) => () => Promise.resolve(address);
const table = (name: string) => (at: Page) => at.getByRole('table', { name, exact: true }).first().waitFor();
const heading = (name: string) => (at: Page) => at.getByRole('heading', { name }).first().waitFor();
const alertAt = (tab: string) => async () => {
  const answer = await page.request.get(`${SERVER}/api/v1/alerts?limit=1`);
  const { alerts } = (await answer.json()) as { alerts: { id: string }[] };
  return `/alerts/${alerts[0]?.id ?? ''}?tab=${tab}`;
};

const personAt = async () => {
  const answer = await page.request.get(`${SERVER}/api/v1/people?limit=1`);
  const { people } = (await answer.json()) as { people: { id: string }[] };
  return `/people/${people[0]?.id ?? ''}`;
};

const PLACES: readonly Place[] = [
  { name: 'reports', address: fixed('/reports'), ready: heading('By policy') },
  { name: 'rereads', address: fixed('/rereads'), ready: (at) => at.getByText('Nothing is given to you').waitFor() },
  { name: 'requests', address: fixed('/requests'), ready: heading('Requests') },
  { name: 'list', address: fixed('/settings/lists/groups'), ready: table('Entries') },
  {
    name: 'wizard',
    address: fixed('/policies/new?template=data-leaks&step=indicators'),
    ready: table('Indicators'),
  },
  { name: 'queue', address: fixed('/alerts?view=all'), ready: table('Alerts') },
  { name: 'alert-receipt', address: alertAt('receipt'), ready: (at) => at.getByTestId('receipt').waitFor() },
  { name: 'alert-activity', address: alertAt('activity'), ready: (at) => at.getByTestId('explorer').waitFor() },
  {
    name: 'alert-history',
    address: alertAt('history'),
    ready: (at) => at.getByRole('textbox', { name: 'Comment' }).waitFor(),
  },
  { name: 'cases', address: fixed('/cases?state=all'), ready: (at) => at.getByLabel('State').waitFor() },
  { name: 'policies', address: fixed('/policies'), ready: table('Policies') },
  { name: 'expectations', address: fixed('/expectations'), ready: heading('Expectations') },
  { name: 'policy', address: fixed('/policies/data-leaks'), ready: heading('As a file') },
  {
    name: 'policy-past',
    address: fixed('/policies/data-leaks?tab=past'),
    ready: (at) => at.getByRole('button', { name: 'Try it' }).waitFor(),
  },
  { name: 'packs', address: fixed('/packs'), ready: table('Packs') },
  { name: 'pack', address: fixed('/packs/de'), ready: heading('Texts to start from') },
  { name: 'people-in-scope', address: fixed('/people'), ready: table('People in scope') },
  { name: 'people', address: fixed('/people?view=known'), ready: table('People') },
  { name: 'people-unresolved', address: fixed('/people?view=unresolved'), ready: heading('Accounts that nobody owns') },
  { name: 'person', address: personAt, ready: table('Facts') },
  { name: 'indicators', address: fixed('/indicators'), ready: table('Indicators') },
  { name: 'indicator', address: fixed('/indicators/sharepoint_download'), ready: heading('Try a record') },
  { name: 'analytics', address: fixed('/analytics'), ready: table('Indicators') },
  { name: 'evaluated', address: fixed('/evaluated-here'), ready: heading('Which sources are read') },
  {
    name: 'organisation',
    address: fixed('/organisation'),
    ready: table('Own domains'),
  },
  {
    name: 'intake',
    address: fixed('/intake'),
    ready: async (at) => {
      await table('Switches')(at);
      await table('What is kept')(at);
      await at.getByTestId('demo').waitFor();
    },
  },
  { name: 'viewers', address: fixed('/viewers'), ready: table('Units') },
  { name: 'settings', address: fixed('/settings'), ready: table('Retention') },
  { name: 'first-steps', address: fixed('/first-steps'), ready: heading('A backup that was put back') },
  { name: 'audit', address: fixed('/audit'), ready: table('Audit log') },
  {
    name: 'sources',
    address: fixed('/sources'),
    ready: (at) => at.getByRole('table', { name: 'Sources' }).waitFor(),
  },
  { name: 'status', address: fixed('/status'), ready: (at) => at.getByText('Activities stored').waitFor() },
  { name: 'account', address: fixed('/account'), ready: table('Sessions') },
  { name: 'password', address: fixed('/password'), ready: heading('Choose a password') },
  { name: 'nowhere', address: fixed('/no/such/page'), ready: heading('There is no such page') },
];

describe.each(SIZES)('on a $name screen', ({ name: size, width, height }) => {
  beforeAll(async () => {
    await page.setViewportSize({ width, height });
  });

  it.each(PLACES)('$name breaks no rule in light or dark', async ({ name, address, ready }) => {
    await page.goto(`${SERVER}${await address()}`);
    await ready(page);
    await shoot(page, `page-${name}-${size}-light`);
    // Wide pages are checked where the workflow passes them; colours do not depend on the width.
    if (size === 'narrow') await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await setColours(page, 'dark');
    await shoot(page, `page-${name}-${size}-dark`);
    if (size === 'wide') await expectReadableInDark(page);
    await setColours(page, 'light');
  });

  it('the menus break none either, and give the focus back', async () => {
    await page.goto(`${SERVER}/alerts`);
    await table('Alerts')(page);
    const account = page.getByRole('button', { name: USER });
    await account.click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await shoot(page, `page-menu-${size}`);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    expect(await account.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('dialogs and the panel give the focus back', async () => {
    await page.goto(`${SERVER}${await alertAt('activity')()}`);
    await page.getByTestId('explorer').waitFor();
    const open = page.getByTestId('explorer').locator('tbody button').first();
    await open.click();
    await page.getByText('user.email').first().waitFor();
    await page.getByRole('heading', { name: 'Could not load' }).waitFor({ state: 'detached' });
    await shoot(page, `page-panel-${size}`);
    await expectAccessible(page, '[role="dialog"]');
    await page.keyboard.press('Escape');
    await expect.poll(() => open.evaluate((element) => element === document.activeElement)).toBe(true);
    const lift = page.getByRole('button', { name: 'Show name…' });
    await lift.click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => lift.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('after an act whose button goes away', () => {
  it('the heading has the focus', async () => {
    const headed = () => page.evaluate(() => document.activeElement?.tagName ?? '');
    await page.getByRole('button', { name: 'Show name…' }).click();
    await page.getByLabel('Reason').fill('Checking where the focus goes');
    await page.getByRole('dialog').getByRole('button', { name: 'Show name' }).click();
    await page.getByTestId('lifted-name').first().waitFor();
    await expect.poll(headed).toBe('H1');
    await page.getByRole('button', { name: 'Hide name' }).click();
    await page.getByRole('button', { name: 'Show name…' }).waitFor();
    await expect.poll(headed).toBe('H1');
  });

  it('no page threw, or broke the content policy', () => {
    expect(browsing.faults).toEqual([]);
  });
});
