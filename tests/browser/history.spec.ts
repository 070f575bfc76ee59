/** History: what was said is found, heard, inspected, proved, taken away and erased. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { tell } from './told.ts';

const REPLY = 'It rains. Take a coat.';

test.use({ providerOptions: { reply: REPLY } });
// Each tells three turns in real time first.
test.describe.configure({ timeout: 60_000 });

test('Ctrl+F finds words and leads to their turn', async ({ talk, page }) => {
  await tell(talk);
  await page.keyboard.press('Control+f');
  const search = page.getByRole('searchbox', { name: 'Search' });
  await expect(search).toBeFocused();
  await page.keyboard.type('graz');
  const found = page.getByRole('navigation', { name: 'Found' });
  await expect(found.getByText('1 place')).toBeVisible();
  await expect(found.locator('mark')).toHaveText('Graz');
  await found.getByRole('button').click();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('article')).toContainText('What is the weather in Graz?');

  await search.fill('nobody said this');
  await expect(found.getByText('Nothing found.')).toBeVisible();
  await search.press('Escape');
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
});

test('conditions narrow the search, and can be cleared', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByLabel('Outcome').selectOption('Failed');
  await expect(page.getByText('Nothing found.')).toBeVisible();
  await page.getByLabel('Outcome').selectOption('Completed');
  const found = page.getByRole('navigation', { name: 'Found' });
  await expect(found.getByRole('button').first()).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
});

test('the list is gone through by keyboard', async ({ talk, page }) => {
  await tell(talk);
  const sessions = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
  await sessions.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(sessions.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toContainText('What is the weather in Graz?');
  await page.keyboard.press('Home');
  await expect(sessions.first()).toBeFocused();
});

test('Tab stops once in the list: where one was last', async ({ talk, page }) => {
  await tell(talk);
  const sessions = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
  await sessions.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(sessions.nth(1)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Verify the log' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(sessions.nth(1)).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Filters' })).toBeFocused();
});

test('a button stays where it is pressed when the focus was on its turn', async ({ talk, page }) => {
  await tell(talk);
  const turn = page.locator('[data-turn]').first();
  await turn.focus();
  await page.keyboard.press('ArrowDown');
  await expect(turn).not.toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(turn).toBeFocused();
  await turn.getByRole('button', { name: 'Redact' }).click();
  await expect(page.getByRole('dialog', { name: 'Redact this turn' })).toBeVisible();
});

test.describe('with a last reply that is still playing when it is looked at', () => {
  const LONG = `${REPLY} ${'And so on, and on. '.repeat(8)}`;
  test.use({
    providerOptions: { reply: (messages) => (JSON.stringify(messages.at(-1)).includes('Linz') ? LONG : REPLY) },
  });

  test('one player plays recording after recording', async ({ talk, page }) => {
    await tell(talk);
    const [first, next] = [page.getByRole('article').first(), page.getByRole('article').last()];
    await first.getByRole('button', { name: 'Play what Squelch said' }).click();
    await expect(page.locator('.waveform-rest')).toHaveAttribute('d', /^M/);
    // The next one begins by itself.
    await page.getByRole('slider', { name: 'Position, what Squelch said' }).press('End');
    await next.getByRole('button', { name: 'Pause what Squelch said' }).click();
    await expect(page.getByRole('button', { name: 'Play, Player' })).toBeVisible();
    await page.locator('[data-turn]').last().focus();
    await page.keyboard.press('p');
    await expect(page.getByRole('button', { name: 'Pause, Player' })).toBeVisible();
  });
});

test.describe('with a server that fails once', () => {
  test.use({ providerOptions: { reply: REPLY, chaos: [{ kind: 'error', stage: 'llm', times: 1 }] } });

  test('a turn shows how its time went and exactly what was sent, retries included', async ({
    talk,
    page,
    provider,
  }) => {
    await tell(talk);
    await page.getByRole('button', { name: /What is the weather in Graz/ }).click();
    await page.getByRole('button', { name: 'Inspect' }).click();
    const inspector = page.getByRole('complementary', { name: /^Turn of/ });
    await expect(inspector.getByRole('heading', { level: 3 })).toBeFocused();
    const timing = inspector.getByRole('table', { name: 'Timing' });
    await expect(timing.getByRole('rowheader', { name: 'Speaking' })).toBeVisible();
    await expect(timing.getByRole('rowheader', { name: 'Thinking' })).toHaveCount(3);

    const requests = inspector.locator('.request');
    await expect(requests.filter({ hasText: '500' })).toHaveCount(1);
    const answered = requests.filter({ hasText: 'attempt 2' });
    await answered.locator('summary').click();
    await expect(answered).toContainText('What is the weather in Graz?');
    await expect(answered).toContainText(REPLY);
    await inspector.getByRole('button', { name: 'Raw' }).click();
    const sent = provider.requests('llm')[1]?.body.toString() ?? 'nothing';
    expect(await answered.locator('.request-raw').nth(1).textContent()).toBe(sent);
    await expect(answered).toContainText('Not kept, because it is secret: authorization');
    await expect(inspector).not.toContainText('sk-test');
    await expect(answered.getByRole('region', { name: /^Piece by piece/ })).toContainText(/(\d ms|\d\.\d\d s)data: /);

    // Whatever else the log holds of the turn is found here too.
    const record = inspector.getByRole('region', { name: 'On record' });
    for (const summary of await record.locator('summary').all()) await summary.click();
    await expect(record).toContainText(/Tokens in\d/);
    await expect(record).toContainText('"prompt_tokens"');
    await expect(record).toContainText('comes with Squelch');
    await expect(record).toContainText(/Model, SHA-256[0-9a-f]{64}/);
    await expect(record).toContainText('"otlpEndpoint"');
    await expect(record).toContainText(/sqlite\d+\./);
    await expect(inspector).toContainText('It ended as: Completed');
    await expectAccessible(page);

    await page.keyboard.press('Escape');
    await expect(inspector).toHaveCount(0);
  });
});

test('what an agent found in documents, and added to what was asked, stands in the inspector', async ({
  talk,
  page,
  home,
}) => {
  const folder = join(home, 'documents');
  await mkdir(folder);
  await writeFile(join(folder, 'trains.md'), 'The train to Linz leaves every hour from platform seven.');
  await talk.open('Settings');
  const chosen = page.getByRole('region', { name: 'Documents' }).getByLabel('Folder');
  await chosen.fill(folder);
  await chosen.press('Enter');
  await expect(page.getByRole('region', { name: 'Documents' }).getByText('Saved')).toBeVisible();
  await talk.open('Talk');
  await page.getByRole('combobox', { name: /^Agent\./ }).selectOption({ label: 'Your documents' });
  await talk.type('When does the train to Linz leave?');
  await talk.idle();
  await talk.open('History');
  await page.getByRole('button', { name: /When does the train/ }).click();
  await page.getByRole('button', { name: 'Inspect' }).click();
  const request = page.locator('.request').filter({ hasText: 'Thinking' });
  await request.locator('summary').click();
  await expect(request).toContainText('Added for this answer');
  await expect(request).toContainText('From trains.md:');
  await expect(request).toContainText('platform seven');
});

test('a conversation and the log are verified', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByText(/^Nothing was changed\. \d+ entries checked\./)).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Verify the log' }).click();
  await expect(page.getByText(/^Nothing was changed\. \d+ entries checked\./)).toBeVisible();
});

test('a turn is redacted, with a reason, and the log still verifies', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Redact' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Redact this turn' });
  await dialog.getByRole('button', { name: 'Redact' }).click();
  const reason = dialog.getByLabel('Reason');
  await expect(reason).toHaveAccessibleDescription(/^Say why\./);
  await reason.fill('Not for the record');
  await reason.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/^Erased, \d+ parts\./)).toBeVisible();
  await expect(page.getByRole('article').first()).not.toContainText('Tell me of Vienna');
  await expect(page.getByRole('article').first()).toContainText(
    /\(words and sound erased, Today \d\d:\d\d: “Not for the record”\)/,
  );
  // Nor is it called by those words any more.
  await expect(page.getByRole('navigation', { name: 'Conversations' })).not.toContainText('Vienna');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByText(/^Nothing was changed\..*1 erasure on record\./)).toBeVisible();
});

test('a conversation is deleted and gone from the list', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete this conversation' });
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog.getByLabel('Reason').fill('A mistake');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText(/^Erased, \d+ parts\./)).toBeVisible();
  await expect(page.getByRole('button', { name: /Tell me of Vienna/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /What is the weather in Graz/ })).toBeVisible();
});

test('a conversation is exported and can be saved from the window', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export this conversation' });
  await dialog.getByLabel('Format').selectOption('Markdown, to read');
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByText('Written to')).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('link', { name: 'Save a copy' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('Tell me of Vienna');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('what was used is added up by day, model and agent, over time as a chart', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Usage' }).click();
  const usage = page.getByRole('region', { name: 'Usage' });
  await expect(usage.getByRole('rowheader', { name: 'openai/gpt-5-mini' })).toBeVisible();
  await expect(usage.getByRole('img', { name: /^Tokens by day, .+ to Today/ })).toBeVisible();
  await expect(usage.getByRole('figure')).toContainText('openai/gpt-5-mini');
  await usage.getByLabel('Show').selectOption('Turns');
  await expect(usage.locator('title')).toHaveCount(30);
  await expect(usage.locator('title').last()).toHaveText(/^Today: \d+$/);

  await usage.getByLabel('Add up by').selectOption('Agent');
  const row = usage.getByRole('row', { name: /^Assistant/ });
  await expect(row.getByRole('cell').nth(1)).toHaveText('3');
  await usage.getByLabel('Add up by').selectOption('Day');
  await expect(usage.getByRole('rowheader', { name: 'Today' })).toBeVisible();
  await usage.getByLabel('Time').selectOption('All');
  await expect(usage.getByRole('rowheader', { name: 'Today' })).toBeVisible();
  await expectAccessible(page);
});

test('a private conversation is plainly shown and leaves nothing behind', async ({ talk, page }) => {
  await page.getByRole('button', { name: 'Start a private conversation' }).click();
  await expect(page.getByText('Private conversation. Nothing of it is kept.')).toBeVisible();
  await talk.type('Between you and me');
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByText('Private conversation.')).toHaveCount(0);
  await talk.open('History');
  await expect(page.getByText('No conversations yet.')).toBeVisible();
});
