/** Many at once: conversations and found turns are selected by keyboard and pointer, exported and deleted. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { makeLongLog } from '../support/long-log.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { tell } from './told.ts';

test.use({ providerOptions: { reply: 'It rains. Take a coat.' } });
test.describe.configure({ timeout: 90_000 });

async function exported(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByLabel('Format').selectOption('Markdown, to read');
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByText('Written to')).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('link', { name: 'Save a copy' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return text;
}

test('conversations are selected by keys and exported together', async ({ talk, page }) => {
  await tell(talk);
  const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
  await rows.first().focus();
  await page.keyboard.press('x');
  await expect(page.getByText('1 conversation selected')).toBeVisible();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 conversations selected')).toBeVisible();
  await expect(rows.nth(1)).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('e');
  const text = await exported(page, 'Export 2 conversations');
  expect(text).toContain('Tell me of Vienna');
  expect(text).toContain('What is the weather in Graz?');

  await rows.first().focus();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/selected$/)).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(page.getByText('2 conversations selected')).toBeVisible();
});

test('conversations are selected by pointer and deleted together, with one reason', async ({ talk, page }) => {
  await tell(talk);
  const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
  await rows.first().click({ modifiers: ['ControlOrMeta'] });
  await rows.nth(1).click({ modifiers: ['Shift'] });
  await expect(page.getByText('2 conversations selected')).toBeVisible();
  await page.getByRole('checkbox', { name: /^Select Tell me of Vienna/ }).uncheck();
  await expect(page.getByText('1 conversation selected')).toBeVisible();
  await page.getByRole('checkbox', { name: /^Select Tell me of Vienna/ }).check();
  await page.locator('.history-foot').getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 conversations' });
  await dialog.getByLabel('Reason').fill('Moving out');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No conversations yet.')).toBeVisible();
  await expect(page.getByText(/^Erased, \d+ parts\./)).toBeVisible();
});

test('turns that were found are exported: those selected, or all of them', async ({ talk, page }) => {
  await tell(talk);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('linz');
  await expect(page.locator('mark')).toHaveText('Linz');
  await page.getByRole('button', { name: 'Export what was found' }).click();
  const found = await exported(page, 'Export what was found');
  expect(found).toContain('And of Linz');
  expect(found).not.toContain('**You** Tell me of Vienna');

  await page.getByRole('searchbox', { name: 'Search' }).fill('weather');
  await expect(page.locator('mark')).toHaveText('weather');
  await page.getByRole('navigation', { name: 'Found' }).getByRole('button').focus();
  await page.keyboard.press('x');
  await expect(page.getByText('1 turn selected')).toBeVisible();
  await page.keyboard.press('e');
  expect(await exported(page, 'Export this turn')).toContain('What is the weather in Graz?');
});

test('a search is narrowed by model and agent', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByLabel('Model').selectOption('openai/gpt-5-mini');
  const found = page.getByRole('navigation', { name: 'Found' });
  await expect(found.getByText('3 places')).toBeVisible();
  await page.getByLabel('Agent').selectOption('Assistant');
  await expect(found.getByText('3 places')).toBeVisible();
});

test('keys are shown, and act only where they belong', async ({ talk, page }) => {
  await tell(talk);
  await page.locator('[data-turn]').first().focus();
  await page.keyboard.press('Shift+?');
  const keys = page.getByRole('dialog', { name: 'Keys of History' });
  await expect(keys.getByRole('region', { name: 'On a turn' })).toContainText('Inspect');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);

  await page.locator('[data-turn]').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('[data-turn]').nth(1)).toBeFocused();
  await page.keyboard.press('v');
  await expect(page.getByText(/^Nothing was changed\./)).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Export this conversation' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.locator('[data-turn]').first().focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: 'Delete this conversation' })).toBeVisible();
  await page.keyboard.press('Escape');
  // In a field they are letters.
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await page.keyboard.type('vexr?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('vexr?');
});

test.describe('with far more than can be deleted in a moment', () => {
  const MANY = 3_000;
  test.beforeEach(({ home }) => makeLongLog(home, { sessions: MANY, turns: 1 }));

  test('a deletion is stopped between two, and goes on with the rest', async ({ talk, page }) => {
    await talk.open('History');
    await page.locator('[data-row] .panes-row').first().focus();
    await page.keyboard.press('Control+a');
    await expect(page.getByText('3,000 conversations selected')).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Moving out');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(dialog.getByRole('status')).toHaveText(/^Erasing, \d+ of 3,000$/);
    await dialog.getByRole('button', { name: 'Stop' }).click();
    const stopped = dialog.getByText(/^Stopped after \d+ of 3000 conversations; those are erased, the others whole\./);
    await expect(stopped).toBeVisible();
    await expectAccessible(page);
    const gone = Number(/\d+/.exec((await stopped.textContent()) ?? '')?.[0]);
    const left = (MANY - gone).toLocaleString('en-US');
    await expect(dialog).toHaveAccessibleName(`Delete ${left} conversations`);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await expect(page.getByText(`${left} conversations selected`)).toBeVisible();
  });
});
