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
  type Browsing,
} from './browser';

// Where a content went: from an activity in an alert to the trace in its case, kept as evidence.

let browsing: Browsing;
let page: Page;
let alertId = '';
let caseAddress = '';
const A_TRACE_MS = 120_000; // of a debug build on a busy machine
const REASON = 'Somebody outside was offered what is in it';
const MILDER = 'The alert shows what one person did, not where it went';

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-traces');
});
afterAll(async () => {
  await browsing?.close();
});

async function look(name: string): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);
  await shoot(page, name);
}

type Row = { id: string; values: Record<string, unknown> };

// An alert with a file that was copied to a stick, of whose person no case is open.
async function chooseAlert(): Promise<void> {
  const found = await page.request.get(`${SERVER}/api/v1/alerts?status=needs_review&limit=200&sort=-score`);
  const { alerts } = (await found.json()) as { alerts: { id: string }[] };
  for (const alert of alerts) {
    const cases = await page.request.get(`${SERVER}/api/v1/cases?state=open&alert=${alert.id}`);
    if (((await cases.json()) as { total: number }).total > 0) continue;
    const query = 'indicator=usb_copy&columns=file.name&limit=1';
    const activities = await page.request.get(`${SERVER}/api/v1/alerts/${alert.id}/activities?scope=alert&${query}`);
    const { activities: rows } = (await activities.json()) as { activities: Row[] };
    if (rows[0]?.values['file.name'] === undefined) continue;
    alertId = alert.id;
    return;
  }
  throw new Error('no alert is about files on a stick');
}

async function say(): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why is what shows less not enough?').fill(MILDER);
  await dialog.getByLabel('Reason').fill(REASON);
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

const found = () => page.getByTestId('trace-summary').or(page.getByText('Nothing of it was found'));

describe('where it went', () => {
  it('says that a case is needed first', async () => {
    await signInAnyhow(page);
    await chooseAlert();
    await page.goto(`${SERVER}/alerts/${alertId}?tab=activity&indicator=usb_copy`);
    await page.getByTestId('explorer').getByRole('button', { name: 'FileCopiedToRemovableMedia' }).first().click();
    await page.getByText('open a case from the alert first').waitFor();
  }, 60_000);

  it('is asked from an activity over a file', async () => {
    const made = await page.request.post(`${SERVER}/api/v1/cases`, {
      headers: { 'X-Candor-Request': '1' },
      data: { alert_id: alertId, title: 'Files on a stick', reason: REASON },
    });
    expect(made.status()).toBe(201);
    caseAddress = `/cases/${((await made.json()) as { id: string }).id}`;
    await page.reload();
    await page.getByTestId('explorer').getByRole('button', { name: 'FileCopiedToRemovableMedia' }).first().click();
    await page.getByRole('link', { name: 'Where did this go?' }).click();
    await page.getByText('asking begins with it').waitFor();
    await page.getByRole('button', { name: 'Ask where it went…' }).click();
    await page.getByRole('dialog').getByText('Begin with').waitFor();
    expect(new URL(page.url()).pathname).toBe(caseAddress);
    await expectAccessible(page, '[role="dialog"]');
    await shoot(page, '70-trace-asked');
    await say();
    await page.getByTestId('trace-summary').waitFor({ timeout: A_TRACE_MS });
    expect(await page.getByTestId('trace-summary').innerText()).toMatch(/step.*hands.*place/);
    await look('71-trace');
  }, 180_000);

  it('is a list with what ties each step, and a graph that keys walk along', async () => {
    const rows = page.getByRole('table', { name: 'Step by step' }).getByRole('row');
    expect(await rows.count()).toBeGreaterThan(1);
    const places = page.getByRole('table', { name: 'Places it reached' });
    expect(await places.innerText()).toContain('Copied to removable media');
    const nodes = page.getByRole('button', { name: /^Step \d/ });
    await nodes.first().focus();
    await page.keyboard.press('End');
    const last = (await nodes.count()) - 1;
    expect(await nodes.nth(last).evaluate((node) => node === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-step'))).toBe(true);
    await page.getByTestId('untold').scrollIntoViewIfNeeded();
    await expectReadableInDark(page);
    await setColours(page, 'dark');
    await shoot(page, '72-trace-dark');
    await setColours(page, 'light');
  }, 60_000);

  it('is kept with the case, and exported', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV', exact: true }).click();
    expect((await download).suggestedFilename()).toMatch(/^candor-(demo-)?trace-\d+\.csv$/);
    await page.getByRole('button', { name: 'Keep with the case' }).click();
    await page.getByText(/of the case’s evidence/).waitFor();
    await page.getByRole('tab', { name: 'Evidence (1)' }).click();
    await page
      .getByRole('table', { name: 'Evidence' })
      .getByText(/^trace-\d+\.json$/)
      .waitFor();
  }, 60_000);

  it('takes a hostile name as a text, and says that nothing was found', async () => {
    await page.goto(`${SERVER}${caseAddress}?tab=where`);
    await page.getByRole('button', { name: 'Ask where it went…' }).click();
    await page.getByLabel('Which').fill('<script>alert(1)</script> \u202Efdp.exe =1+1');
    await say();
    await found().waitFor({ timeout: A_TRACE_MS });
    await page.getByText('Nothing of it was found').waitFor();
    expect(await page.getByRole('table', { name: 'What was asked for' }).innerText()).toContain(
      '<script>alert(1)</script> U+202Efdp.exe =1+1',
    );
    await look('73-trace-none');
    await page.setViewportSize({ width: 700, height: 900 });
    await expectNoSidewaysScrolling(page);
    expect(browsing.faults).toEqual([]);
  }, 180_000);
});
