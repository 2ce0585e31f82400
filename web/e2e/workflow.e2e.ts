import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  expectReadableInDark,
  setColours,
  FIRST_PASSWORD,
  OWN_PASSWORD,
  SERVER,
  shoot,
  shownNumber,
  startBrowser,
  USER,
  type Browsing,
} from './browser';

const PSEUDONYM = /Anon-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/;
const REASON = 'Checking with human resources whether this was agreed';

let browsing: Browsing;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed');
});
afterAll(async () => {
  await browsing?.close();
});

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const table = (name: string) => page.getByRole('table', { name });
const texts = async (locator: Locator) => (await locator.allTextContents()).map((text) => text.trim());

// Whether the server took it.
async function signIn(password: string): Promise<boolean> {
  await page.getByLabel('User name').fill(USER);
  await page.getByLabel('Password').fill(password);
  const answer = page.waitForResponse((one) => one.url().endsWith('/session') && one.request().method() === 'POST');
  await page.getByRole('button', { name: 'Sign in' }).click();
  return (await answer).ok();
}

async function openPlace(name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name }).click();
  await heading(name).waitFor();
}

describe('signing in', () => {
  it('shows nothing to nobody, and refuses a wrong password', async () => {
    await page.goto(`${SERVER}/status`);
    await heading('Sign in').waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '01-sign-in');
    expect(await signIn('certainly not the password')).toBe(false);
    await page.getByText('Not signed in').waitFor();
  });

  it('takes the one-time password and asks for one of the person’s own', async () => {
    if (!(await signIn(FIRST_PASSWORD))) expect(await signIn(OWN_PASSWORD)).toBe(true);
    const choose = heading('Choose a password');
    await choose.or(heading('Status')).waitFor();
    if (await choose.isVisible()) {
      await page.getByLabel('One-time password').fill(FIRST_PASSWORD);
      await page.getByLabel(/^New password(?! again)/).fill('too short');
      expect(await page.getByRole('button', { name: 'Change password' }).isDisabled()).toBe(true);
      await page.getByLabel(/^New password(?! again)/).fill(OWN_PASSWORD);
      await page.getByLabel('New password again').fill(OWN_PASSWORD);
      await expectAccessible(page);
      await shoot(page, '02-choose-password');
      await page.getByRole('button', { name: 'Change password' }).click();
    }
    // The page first asked for.
    await heading('Status').waitFor();
  });
});

describe('the status', () => {
  it('says what is stored, and waits until everything is read in', async () => {
    await page.getByText('Activities stored').waitFor();
    await page.getByText(/Last fill: failed/).waitFor({ state: 'detached' });
    await page
      .getByRole('progressbar', { name: /Reading|Simulating|Assessing/ })
      .waitFor({ state: 'detached', timeout: 55_000 });
    const stored = page.locator('dl > div', { hasText: 'Activities stored' }).locator('dd').first();
    expect(shownNumber(await stored.textContent())).toBeGreaterThan(0);
    await expectAccessible(page);
    await shoot(page, '03-status');
  });
});

describe('the alert queue', () => {
  it('counts what needs review by severity, and they are the alerts listed', async () => {
    await openPlace('Alerts');
    await table('Alerts').waitFor();
    const counts = await Promise.all(
      ['high', 'medium', 'low'].map((one) => page.getByTestId(`count-${one}`).textContent()),
    );
    const sum = counts.map(shownNumber).reduce((total, one) => total + one, 0);
    expect(sum).toBeGreaterThan(0);
    const ofPages = async (what: string) => {
      const pager = await page.getByRole('navigation', { name: `Pages of ${what}` }).textContent();
      return shownNumber(new RegExp(`of ([\\d,]+) ${what}`).exec(pager ?? '')?.[1] ?? '');
    };
    // A person is one row, with what else there is beside it.
    const people = await table('Alerts').locator('tbody tr').count();
    const further = await page
      .getByRole('list', { name: 'Further alerts of this person' })
      .getByRole('listitem')
      .count();
    expect(await ofPages('people')).toBe(people);
    expect(further).toBeGreaterThan(0);
    expect(people + further).toBe(sum);
    await page.getByRole('switch', { name: 'One row a person' }).click();
    expect(await ofPages('alerts')).toBe(sum);
    await page.getByRole('switch', { name: 'One row a person' }).click();
    await page.getByRole('navigation', { name: 'Pages of people' }).waitFor();
    await expectAccessible(page);
    await shoot(page, '04-queue');
  });

  it('is sorted by score, and shows pseudonyms, never names', async () => {
    const rows = table('Alerts').locator('tbody tr');
    // The first column holds the boxes that select.
    const scores = (await texts(rows.locator('td:nth-child(3)'))).map(shownNumber);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const people = await texts(rows.locator('td:nth-child(5)'));
    expect(people.every((person) => PSEUDONYM.test(person))).toBe(true);
    await page.getByRole('button', { name: /^Score/ }).click();
    await page.waitForURL(/sort=score/);
    const first = rows.locator('td:nth-child(3)').first();
    await expect.poll(async () => shownNumber(await first.textContent())).toBeLessThanOrEqual(Math.min(...scores));
    await page.getByRole('button', { name: /^Score/ }).click();
  });

  it('filters by severity, in the address', async () => {
    await page.getByRole('button', { name: /^High/ }).click();
    await page.waitForURL(/severity=high/);
    const words = table('Alerts').locator('tbody tr td:nth-child(2)');
    await expect.poll(async () => new Set(await texts(words))).toEqual(new Set(['High']));
    await page.reload();
    await table('Alerts').waitFor();
    expect(new Set(await texts(words))).toEqual(new Set(['High']));
    await page.getByRole('button', { name: 'Clear' }).click();
  });

  it('is dark where the system is, and fits a narrow screen', async () => {
    await setColours(page, 'dark');
    await shoot(page, '05-queue-dark');
    await setColours(page, 'light');
    await page.setViewportSize({ width: 400, height: 800 });
    await expectNoSidewaysScrolling(page);
    await shoot(page, '06-queue-narrow');
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  it('opens an alert by keys alone', async () => {
    await table('Alerts').locator('a[data-row]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/alerts\/[^/?]+$/);
  });
});

describe('the alert', () => {
  it('says in words why it was raised, and its receipt adds up to its score', async () => {
    await page.getByTestId('receipt').waitFor();
    const why = page.getByRole('region', { name: 'Why it was raised' });
    expect((await why.locator('p').first().textContent())?.length).toBeGreaterThan(20);
    const score = shownNumber(await page.getByTestId('score').textContent());
    const points = (await texts(page.getByTestId('part-points'))).map(shownNumber);
    expect(points.length).toBeGreaterThan(0);
    expect(points.reduce((sum, one) => sum + one, 0)).toBeCloseTo(score, 6);
    expect(shownNumber(await page.getByTestId('receipt-total').textContent())).toBe(score);
    const running = page.getByTestId('receipt').locator('tbody tr').last().locator('td').last();
    expect(shownNumber(await running.textContent())).toBe(score);
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '07-alert-receipt');
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await expectNoSidewaysScrolling(page);
    await shoot(page, '08-alert-narrow');
    await page.setViewportSize({ width: 1360, height: 900 });
  });
});

describe('the activity chart', () => {
  it('goes from bubble to bubble by keys, and says each in words', async () => {
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByTestId('chart-drawing').locator('canvas').waitFor();
    await page.getByTestId('explorer').waitFor();
    await expectAccessible(page);
    const chart = page.getByRole('listbox', { name: /Activity chart/ });
    await chart.focus();
    await page.keyboard.press('End');
    await page.getByTestId('bubble-card').waitFor();
    expect(await chart.getByRole('option').textContent()).toMatch(/score \d/);
    await shoot(page, '09-activity');
    await setColours(page, 'dark');
    await shoot(page, '09-activity-dark');
    await setColours(page, 'light');
  });

  it('filters the explorer by a click on a bubble', async () => {
    // The card tells where its bubble is drawn.
    const card = page.getByTestId('bubble-card');
    const place = await card.locator('..').evaluate((element) => {
      const box = element.getBoundingClientRect();
      return { x: element.style.left ? box.left - 20 : box.right + 20, y: box.top + box.height / 2 };
    });
    await page.mouse.move(place.x, place.y);
    const title = await card.locator('strong').textContent();
    await page.mouse.click(place.x, place.y);
    await page.waitForURL(/indicator=/);
    const cells = page.getByTestId('explorer').locator('tbody tr td:nth-child(3)');
    const allOfIt = async () => {
      const shown = await texts(cells);
      return shown.length > 0 && shown.every((cell) => cell.includes(title ?? '?'));
    };
    await expect.poll(allOfIt, { timeout: 10_000 }).toBe(true);
  });

  it('is a table as well, and shows one, three or six months', async () => {
    await page.getByRole('button', { name: '6 months' }).click();
    await page.waitForURL(/months=6/);
    await page.getByRole('switch', { name: 'As a table' }).click();
    const rows = table('Activity by day').locator('tbody tr');
    await rows.first().waitFor();
    const six = await rows.count();
    const fewer = page.waitForResponse(/activity-chart\?months=1$/);
    await page.getByRole('button', { name: '1 month' }).click();
    await fewer;
    await expect.poll(() => rows.count()).toBeLessThanOrEqual(six);
    await expectAccessible(page, 'section[aria-labelledby="chart-title"]');
    await shoot(page, '10-chart-as-table');
  });
});

describe('the activity explorer', () => {
  it('remembers the columns', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    const box = page.getByRole('checkbox', { name: 'event.provider' });
    const wanted = !(await box.isChecked());
    await box.setChecked(wanted);
    await shoot(page, '11-columns');
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByTestId('explorer').waitFor();
    expect(await page.getByRole('columnheader', { name: 'event.provider' }).count()).toBe(wanted ? 1 : 0);
  });

  it('shows the raw record when asked', async () => {
    await page.getByTestId('explorer').locator('tbody button').first().click();
    await page.getByRole('button', { name: 'Show the raw record' }).click();
    const raw = page.getByTestId('raw-record');
    await raw.waitFor();
    expect(JSON.parse((await raw.innerText()).replaceAll('\n', ' '))).toBeTypeOf('object');
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, '12-raw-record');
    await page.keyboard.press('Escape');
    await raw.waitFor({ state: 'detached' });
  });

  it('exports what it shows as CSV', async () => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV', exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toContain('time');
  });
});

describe('lifting a name', () => {
  let pseudonym = '';

  it('shows the name after a reason was given', async () => {
    const lead = page.locator('header p').filter({ hasText: PSEUDONYM });
    pseudonym = PSEUDONYM.exec((await lead.first().textContent()) ?? '')?.[0] ?? '';
    expect(pseudonym).not.toBe('');
    expect(await page.getByTestId('lifted-name').count()).toBe(0);
    await page.getByRole('button', { name: 'Show name…' }).click();
    const show = page.getByRole('dialog').getByRole('button', { name: 'Show name' });
    expect(await show.isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill(REASON);
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, '13-lift');
    await show.click();
    const name = page.getByTestId('lifted-name').first();
    await name.waitFor();
    expect((await name.textContent())?.trim()).not.toMatch(PSEUDONYM);
    expect((await name.textContent())?.trim()).not.toBe('');
    await page
      .getByText(/lifted for \d+/)
      .first()
      .waitFor();
    await expectAccessible(page, '#main header');
    await shoot(page, '14-name-shown');
  });

  it('never puts the name into the address or the title', async () => {
    const name = (await page.getByTestId('lifted-name').first().textContent()) ?? '';
    expect(decodeURIComponent(page.url())).not.toContain(name);
    expect(await page.title()).not.toContain(name);
  });

  it('ends when asked to', async () => {
    await page.getByRole('button', { name: 'Hide name' }).click();
    await page.getByTestId('lifted-name').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show name…' }).waitFor();
  });

  it('is in the audit log, with its reason and without the name', async () => {
    await openPlace('Audit log');
    await table('Audit log').waitFor();
    const line = table('Audit log').locator('tbody tr').filter({ hasText: REASON });
    await line.first().waitFor();
    expect(await line.first().textContent()).toContain(pseudonym);
    expect(await line.first().textContent()).toContain(USER);
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '15-audit');
  });

  it('sits in a chain that is whole', async () => {
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText('The chain is whole.').waitFor();
  });

  it('is found among the views of the alert', async () => {
    await table('Audit log').getByRole('link', { name: 'alert' }).first().click();
    await page.getByTestId('receipt').waitFor();
    expect(await page.getByText(pseudonym).count()).toBeGreaterThan(0);
  });
});

describe('deciding', () => {
  it('comments', async () => {
    await page.getByRole('tab', { name: /History/ }).click();
    await page.getByRole('textbox', { name: 'Comment' }).fill('Asked the manager.\nWaiting for an answer \u202Eabc');
    await page.getByRole('button', { name: 'Add comment' }).click();
    await page.getByText('Asked the manager.').waitFor();
    await page.getByTitle('Hidden character U+202E').waitFor();
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '16-history');
  });

  it('confirms', async () => {
    await openPlace('Alerts');
    await table('Alerts').locator('a[data-row]').first().click();
    await page.getByRole('button', { name: 'Confirm…' }).click();
    await page.getByLabel('Note').fill('Needs a closer look');
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => page.getByTestId('status').textContent()).toContain('Confirmed');
    await page.getByText('Needs a closer look').first().waitFor();
  });

  it('dismisses with a reason of the list', async () => {
    await openPlace('Alerts');
    await table('Alerts').waitFor();
    // As the server has it: the page may still show what it showed before the confirmation.
    const answer = await page.request.get(`${SERVER}/api/v1/alerts?limit=1`);
    const counts = ((await answer.json()) as { needs_review: Record<string, number> }).needs_review;
    const before = Object.values(counts).reduce((sum, one) => sum + one, 0);
    await table('Alerts').locator('a[data-row]').last().click();
    await page.getByRole('button', { name: 'Dismiss…' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, '17-dismiss');
    await page.getByRole('radio', { name: /expected of this person/ }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => page.getByTestId('status').textContent()).toContain('Dismissed');
    await page.getByText('The activity is expected of this person').first().waitFor();
    await shoot(page, '18-dismissed');
    await openPlace('Alerts');
    await expect.poll(reviewTotal, { timeout: 10_000 }).toBe(before - 1);
  });

  async function reviewTotal(): Promise<number> {
    const counts = await Promise.all(
      ['high', 'medium', 'low'].map((one) => page.getByTestId(`count-${one}`).textContent()),
    );
    return counts.map((text) => Number((text ?? '').replaceAll(',', ''))).reduce((sum, one) => sum + one, 0);
  }
});

describe('people', () => {
  it('are pseudonyms, with what the directory tells of them', async () => {
    await openPlace('People');
    await table('People').waitFor();
    expect(await table('People').locator('tbody tr').count()).toBeGreaterThan(10);
    for (const name of await texts(table('People').locator('tbody th'))) expect(name).toMatch(PSEUDONYM);
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '18a-people');
  });

  it('are found by the whole name only, with a reason, and not in the address', async () => {
    await page.getByRole('button', { name: 'Find by name' }).click();
    await page.getByLabel('Name or account').fill('Nobody Of That Name');
    await page.getByLabel('Reason').fill(REASON);
    await expectAccessible(page, '[role="dialog"]');
    await page.getByRole('dialog').getByRole('button', { name: 'Find' }).click();
    await page.getByText('Nobody has that name').waitFor();
    expect(decodeURIComponent(page.url())).not.toContain('Nobody');
    await page.getByRole('button', { name: 'Everybody' }).click();
  });

  it('have facts and accounts with their days, and a name while lifted', async () => {
    await table('People').locator('tbody th a').first().click();
    await table('Facts').waitFor();
    expect(await texts(table('Facts').locator('tbody th'))).toContain('directory');
    expect(await table('Accounts').locator('tbody tr').count()).toBeGreaterThan(0);
    expect(await page.locator('#main').textContent()).not.toContain('@');
    await page.getByRole('button', { name: 'Show name' }).click();
    await page.getByLabel('Reason').fill(REASON);
    await page.getByRole('dialog').getByRole('button', { name: 'Show name' }).click();
    await page.getByTestId('lifted-name').first().waitFor();
    expect(await table('Accounts').textContent()).toContain('@');
    await expectAccessible(page);
    await shoot(page, '18b-person');
  });
});

// A table of hundreds of rows, on a busy machine.
const SOON = { timeout: 15_000 };

describe('policies and indicators', () => {
  it('lists both policies, and shows one whole', async () => {
    await openPlace('Policies');
    await table('Policies').waitFor();
    expect(await table('Policies').locator('tbody tr').count()).toBeGreaterThanOrEqual(2);
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '19-policies');
    await table('Policies').locator('tbody th a').first().click();
    await page.getByRole('heading', { name: 'As a file' }).waitFor();
    await expectAccessible(page);
    await shoot(page, '20-policy');
  });

  it('lists the indicators with their thresholds', async () => {
    await openPlace('Indicators');
    await table('Indicators').waitFor();
    const rows = table('Indicators').locator('tbody tr');
    expect(await rows.count()).toBeGreaterThanOrEqual(45);
    await expectAccessible(page);
    await shoot(page, '21-indicators');
    await page.getByLabel('Find an indicator').fill('sharepoint_download');
    await expect
      .poll(() => texts(rows.locator('th a')), SOON)
      .toEqual([
        'Download from SharePoint',
        'Downloads from SharePoint in a burst',
        'Download from SharePoint, without pictures and films',
      ]);
    await page.getByLabel('Find an indicator').fill('');
    await expect.poll(() => rows.count(), SOON).toBeGreaterThanOrEqual(45);
    await page.getByLabel('Workload').selectOption('physical');
    await page.waitForURL(/workload=physical/);
    await expect
      .poll(async () => new Set(await texts(rows.locator('td:nth-child(5)'))), SOON)
      .toEqual(new Set(['physical']));
    await page.getByLabel('Workload').selectOption('');
    await expect.poll(() => rows.count(), SOON).toBeGreaterThanOrEqual(45);
  });

  it('shows one whole, by keys alone, with the law it is under', async () => {
    await page.getByLabel('Find an indicator').fill('sharepoint_download');
    await page.getByRole('link', { name: 'Download from SharePoint', exact: true }).focus();
    await page.keyboard.press('Enter');
    await heading('Download from SharePoint').waitFor();
    await page.getByText('Auditing on for the tenant', { exact: false }).waitFor();
    expect(await table('Thresholds').locator('tbody tr').count()).toBe(3);
    expect(await page.getByRole('region', { name: 'The rule' }).first().textContent()).toContain(
      'event.action: FileDownloaded',
    );
    await expectAccessible(page);
    await expectReadableInDark(page);
    await shoot(page, '21b-indicator');
  });

  it('tries an example, and says part by part why it matches', async () => {
    await page.getByRole('button', { name: 'Try it: A file of a team site is downloaded' }).click();
    await page.getByRole('button', { name: 'Try it', exact: true }).click();
    const outcome = page.getByTestId('outcome');
    await outcome.getByText('It matches', { exact: true }).waitFor();
    expect(await outcome.getByRole('list', { name: 'Why' }).textContent()).toContain('it is `FileDownloaded`');
    await expectAccessible(page);
    expect(await outcome.getByRole('list', { name: 'Why' }).isVisible()).toBe(true);
    await shoot(page, '21c-tried');
    await page.getByRole('textbox', { name: 'Record' }).fill('{"Operation": "FileDownloaded"}');
    await page.getByRole('button', { name: 'Try it', exact: true }).click();
    await outcome.getByText('It says no time', { exact: false }).waitFor();
  });

  it('keeps what is off unevaluated, and says so', async () => {
    const { indicators } = (await (await page.request.get(`${SERVER}/api/v1/indicators`)).json()) as {
      indicators: { name: string; title: string; state: { everywhere: boolean; countries: unknown[] } }[];
    };
    const off = indicators.find(({ state }) => !state.everywhere && state.countries.length === 0);
    await page.goto(`${SERVER}/indicators/${off?.name ?? ''}`);
    await heading(off?.title ?? '').waitFor();
    await page
      .getByRole('button', { name: /^Try it: / })
      .first()
      .click();
    await page.getByRole('button', { name: 'Try it', exact: true }).click();
    await page.getByText('It is off, so it was not evaluated').waitFor();
    expect(await page.getByRole('list', { name: 'Why' }).count()).toBe(0);
    await shoot(page, '21d-off');
  });
});

describe('what is not there, and the end', () => {
  it('says so for an unknown page and an unknown alert', async () => {
    await page.goto(`${SERVER}/no/such/page`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.goto(`${SERVER}/alerts/0000-none`);
    await page.getByRole('heading', { name: /Not found|Could not load/ }).waitFor();
    await expectAccessible(page);
    await shoot(page, '22-not-found');
  });

  it('notices a session that ended, and comes back to the same page', async () => {
    await openPlace('Policies');
    await table('Policies').waitFor();
    const { context } = browsing;
    await context.clearCookies();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByText('Your session has ended').waitFor();
    expect(await page.getByText(PSEUDONYM).count()).toBe(0);
    await shoot(page, '23-session-ended');
    if (!(await signIn(OWN_PASSWORD))) expect(await signIn(FIRST_PASSWORD)).toBe(true);
    await heading('Audit log').waitFor();
  });

  it('signs out', async () => {
    await page.getByRole('button', { name: USER }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in').waitFor();
    await page.goBack();
    await heading('Sign in').waitFor();
    expect(await page.getByText('Your session has ended').count()).toBe(0);
  });

  it('no page threw, or broke the content policy', () => {
    expect(browsing.faults).toEqual([]);
  });
});
