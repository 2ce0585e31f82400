import { readFileSync } from 'node:fs';
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
  USER,
  type Browsing,
} from './browser';

// From an alert to a closed case and back, as whoever works it sees it.

let browsing: Browsing;
let page: Page;
let alertId = '';
const REASON = 'More files than ever before, and on a stick';
const TITLE = 'Files to a stick <b>now</b>';
// What a log, or a colleague, may put anywhere there is text: markup, an override, a formula.
const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe =1+1';
const SHOWN = '<script>alert(1)</script> U+202Efdp.exe =1+1';

beforeAll(async () => {
  browsing = await startBrowser();
  page = browsing.page;
  page.on('dialog', (dialog) => {
    browsing.faults.push(`a dialog of a script: ${dialog.message()}`);
    void dialog.dismiss();
  });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shoot(page, 'failed-cases');
});
afterAll(async () => {
  await browsing?.close();
});

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const text = () => page.locator('main').innerText();
const tab = (name: RegExp) => page.getByRole('tab', { name }).click();

async function look(name: string): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);
  await shoot(page, name);
}

// The worst alert that waits, about a person of whom no case is open: the test may run twice. Gives the pseudonym.
async function chooseAlert(): Promise<string> {
  const found = await page.request.get(`${SERVER}/api/v1/alerts?status=needs_review&limit=200&sort=-score`);
  const { alerts } = (await found.json()) as { alerts: { id: string; person: { pseudonym: string } }[] };
  for (const alert of alerts) {
    const cases = await page.request.get(`${SERVER}/api/v1/cases?state=open&alert=${alert.id}`);
    if (((await cases.json()) as { total: number }).total > 0) continue;
    alertId = alert.id;
    return alert.person.pseudonym;
  }
  throw new Error('every person with an alert has an open case');
}

describe('a case', () => {
  it('has an empty list before the first', async () => {
    await signInAnyhow(page);
    await page.goto(`${SERVER}/cases?state=closed&whose=owner:nobody-of-ours`);
    await heading('Cases').waitFor();
    await page.getByText('No case fits').waitFor();
    await look('60-cases-none');
  }, 60_000);

  it('is opened from an alert, which is confirmed by it', async () => {
    const pseudonym = await chooseAlert();
    await page.goto(`${SERVER}/alerts/${alertId}`);
    await page.getByRole('button', { name: 'Add to case…' }).click();
    await page.getByRole('dialog').getByText('No case about this person is open').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Open a case…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill(TITLE);
    await dialog.getByLabel('Reason').fill(REASON);
    await shoot(page, '61-open-case');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await heading(TITLE).waitFor();
    expect(await page.getByTestId('state').innerText()).toBe('Open');
    expect(await page.getByTestId('owner').innerText()).toBe(USER);
    const shown = await text();
    expect(shown).toContain(pseudonym);
    expect(shown).toContain(REASON);
    expect(await page.getByRole('table', { name: 'Alerts of the case' }).innerText()).toContain('Confirmed');
    await look('62-case');
  }, 60_000);

  it('takes notes, and shows them as the text they are', async () => {
    await tab(/^Notes/);
    await page.getByText('No note yet').waitFor();
    await page.getByRole('textbox', { name: 'Note' }).fill(`Asked @ben about it.\n${HOSTILE}`);
    await page.getByRole('button', { name: 'Add note' }).click();
    await expect.poll(() => page.getByTestId('note').innerText()).toContain(SHOWN);
    expect(await page.getByTestId('note').innerText()).toContain('Asked @ben about it.');
    await page.getByRole('tab', { name: 'Notes (1)' }).waitFor();
    await look('63-case-notes');
  }, 60_000);

  it('keeps tasks until they are done', async () => {
    await tab(/^Tasks/);
    await page.getByRole('textbox', { name: 'Task' }).fill('Ask the manager');
    await page.getByLabel('Due').fill('2099-01-31');
    await page.getByRole('combobox', { name: 'For' }).selectOption(USER);
    await page.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('tab', { name: 'Tasks (1 open)' }).waitFor();
    await page.getByRole('button', { name: 'Task 1 is done' }).click();
    await page.getByText(`Done by ${USER}`).waitFor();
    await page.getByRole('tab', { name: 'Tasks (0 open)' }).waitFor();
    await look('64-case-tasks');
  }, 60_000);

  it('keeps files as they are, and only ever gives them out to be saved', async () => {
    await tab(/^Evidence/);
    await page.locator('input[type=file]').setInputFiles({
      name: HOSTILE.replace('/', '_'),
      mimeType: 'text/html',
      buffer: Buffer.from('<script>alert(2)</script>'),
    });
    await page.getByRole('button', { name: 'Add file' }).click();
    const files = page.getByRole('table', { name: 'Evidence' });
    await files.waitFor();
    expect(await files.innerText()).toContain(SHOWN.replace('/', '_'));
    // Of these bytes, as `sha256sum` has it.
    const digest = await page.evaluate(async () => {
      const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('<script>alert(2)</script>'));
      return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    });
    expect(await files.innerText()).toContain(digest);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save file 1' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^case-\d+-1-[\w.-]+$/);
    expect(readFileSync(await saved.path(), 'utf8')).toBe('<script>alert(2)</script>');
    const address = `${SERVER}/api/v1${new URL(page.url()).pathname}/evidence/1/file`;
    const answer = await page.request.get(address);
    expect(answer.headers()['content-type']).toBe('application/octet-stream');
    expect(answer.headers()['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/);
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
    expect(answer.headers()['content-security-policy']).toBe("default-src 'none'; sandbox");
    await look('65-case-evidence');
  }, 60_000);

  it('takes a file of several megabytes, and none of more than 25', async () => {
    await page.locator('input[type=file]').setInputFiles({
      name: 'disk.img',
      mimeType: 'application/octet-stream',
      buffer: Buffer.alloc(9 * 1024 * 1024, 7),
    });
    await page.getByRole('button', { name: 'Add file' }).click();
    await page.getByRole('tab', { name: 'Evidence (2)' }).waitFor();
    expect(await page.getByRole('table', { name: 'Evidence' }).innerText()).toContain('9.0 MiB');
    const answer = await page.request.post(`${SERVER}/api/v1${new URL(page.url()).pathname}/evidence`, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'X-Candor-Request': '1',
        'X-Candor-File-Name': 'large',
      },
      data: Buffer.alloc(25 * 1024 * 1024 + 1, 7),
    });
    expect(answer.status()).toBe(413);
  }, 60_000);

  it('is linked to another case, which shows it too', async () => {
    const here = new URL(page.url()).pathname;
    const found = await page.request.get(`${SERVER}/api/v1/alerts?status=needs_review&limit=200&sort=-score`);
    const { alerts } = (await found.json()) as { alerts: { id: string }[] };
    const made = await page.request.post(`${SERVER}/api/v1/cases`, {
      headers: { 'X-Candor-Request': '1' },
      data: { alert_id: alerts[0]?.id, title: `The other ${HOSTILE}`, reason: REASON },
    });
    const other = (await made.json()) as { id: string; number: number };
    await tab(/^Overview/);
    await page.getByText('To no other case.').waitFor();
    await page.getByRole('button', { name: 'Link to a case…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What they have to do with each other').selectOption('follow_up');
    await dialog.getByRole('combobox', { name: /^Case/ }).selectOption(other.id);
    await dialog.getByLabel('Reason').fill(`Both went to one place. ${HOSTILE}`);
    await shoot(page, '72-link-case');
    await dialog.getByRole('button', { name: 'Link', exact: true }).click();
    const links = page.getByRole('table', { name: 'Linked cases' });
    await links.waitFor();
    expect(await links.innerText()).toContain('Follow-up of');
    expect(await links.innerText()).toContain(SHOWN);
    await look('73-case-linked');
    await links.getByRole('link', { name: `Case ${other.number}` }).click();
    await heading(/^The other/).waitFor();
    expect(await links.innerText()).toContain('Followed up by');
    await page.getByRole('button', { name: /^Take apart/ }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('It was another address');
    await page.getByRole('dialog').getByRole('button', { name: 'Take apart' }).click();
    await page.getByText('It was another address').waitFor();
    await page.goto(`${SERVER}${here}`);
    await heading(TITLE).waitFor();
  }, 60_000);

  it('starts scoring of the person it is about, under a policy and for some days', async () => {
    await page.getByRole('button', { name: 'Start scoring…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Policy').selectOption({ index: 0 });
    await dialog.getByLabel('Days').fill('14');
    await dialog.getByLabel('Reason').fill(REASON);
    await expectAccessible(page);
    await shoot(page, '74-case-scoring');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByTestId('scoring-asked').getByText('Scoring has begun.').waitFor();
    await look('75-case-scored');
    // What was begun is stopped again, so that the other tests find the person as they were.
    const of = await page.request.get(`${SERVER}/api/v1${new URL(page.url()).pathname}/scoring`);
    const { person_id, starts } = (await of.json()) as { person_id: string; starts: { policy: string }[] };
    const stopped = await page.request.post(`${SERVER}/api/v1/people/${person_id}/scoring/stop`, {
      headers: { 'X-Candor-Request': '1' },
      data: { policy: starts[0]?.policy, reason: REASON },
    });
    expect(stopped.status()).toBe(204);
  }, 60_000);

  it('is closed with a resolution, which decides its alerts', async () => {
    await tab(/^Overview/);
    await page.getByRole('button', { name: 'Close the case…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Confirmed policy violation' }).check();
    await dialog.getByLabel('Action taken').selectOption('coached');
    await dialog.getByLabel('In words').fill(`Spoke with them. ${HOSTILE}`);
    await shoot(page, '66-close-case');
    await dialog.getByRole('button', { name: 'Close it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByTestId('state').innerText()).toBe('Closed');
    expect(await page.getByTestId('resolution').innerText()).toContain('Confirmed policy violation');
    expect(await page.getByTestId('resolution').innerText()).toContain(SHOWN);
    await expect.poll(() => page.getByRole('table', { name: 'Alerts of the case' }).innerText()).toContain('Resolved');
    await tab(/^Notes/);
    await page.getByText('The case is closed: it takes no notes.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Note' }).count()).toBe(0);
    await tab(/^Overview/);
    await look('67-case-closed');
  }, 60_000);

  it('is reopened with a reason, and its history holds all of it', async () => {
    await page.getByRole('button', { name: 'Reopen…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('A second stick was found');
    await dialog.getByRole('button', { name: 'Reopen' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('state').innerText()).toBe('Open');
    expect(await page.getByTestId('resolution').innerText()).toContain('reopened since');
    await tab(/^History/);
    const lines = page.getByRole('list', { name: 'History, oldest first' }).getByRole('listitem');
    await expect.poll(() => lines.count()).toBe(11);
    const told = (await lines.allInnerTexts()).map((line) => line.split('\n').slice(1).join(' '));
    for (const [index, words] of [
      'opened the case',
      'wrote note 1',
      'added task 1',
      'finished task 1',
      'added file 1',
      'added file 2',
      'linked it to another case',
      'took a link to another case apart',
      'asked for scoring under',
      'closed it: confirmed policy violation, spoke with the person',
      'reopened it',
    ].entries())
      expect(told[index]).toContain(`${USER} ${words}`);
    await expectReadableInDark(page);
    await look('68-case-history');
  }, 60_000);

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const name of ['Overview', 'Notes', 'Tasks', 'Evidence', 'History']) {
      await tab(new RegExp(`^${name}`));
      await page.getByRole('tabpanel').waitFor();
      await page.getByText(/^Loading/).waitFor({ state: 'detached' });
      await expectNoSidewaysScrolling(page);
      await shoot(page, `71-case-narrow-${name.toLowerCase()}`);
    }
    await page.setViewportSize({ width: 1360, height: 900 });
  }, 60_000);

  it('is found from its alert and in the list', async () => {
    const address = new URL(page.url()).pathname;
    await page.goto(`${SERVER}/alerts/${alertId}`);
    const link = page.getByRole('link', { name: /^Case \d+$/ });
    expect(await link.getAttribute('href')).toBe(address);
    expect(await page.getByTestId('status').innerText()).toContain('Resolved');
    expect(await page.getByRole('button', { name: 'Open a case…' }).count()).toBe(0);
    await look('69-alert-with-case');
    await page.goto(`${SERVER}/cases?whose=mine`);
    const table = page.getByRole('table', { name: 'Cases' });
    await table.locator(`a[href="${address}"]`).getByText(TITLE).waitFor();
    await look('70-cases');
    await page.goto(`${SERVER}/audit?action=case.closed`);
    await page.getByText('confirmed_policy_violation, coached').first().waitFor();
    expect(browsing.faults).toEqual([]);
  }, 60_000);
});
