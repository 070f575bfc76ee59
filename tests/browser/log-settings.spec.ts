/** The upkeep of the log in Settings: rules are previewed before they are kept and before they run, copies and anchors made and tried. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';

test.use({ providerOptions: { transcript: 'Hello.', reply: 'Good day.' } });
test.describe.configure({ timeout: 60_000 });

test('what rules would erase is shown before they are kept, and again before they run', async ({ talk, page }) => {
  await talk.say(await speech('Hello there.'));
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed', { timeout: 20_000 });
  await talk.open('Settings');
  const kept = page.getByRole('region', { name: 'What is kept' });
  await kept.getByLabel('Sound').fill('30');
  await expect(kept.getByText('Now they would erase nothing.')).toBeVisible();
  await kept.getByLabel('Sound').fill('soon');
  await expect(kept.getByLabel('Sound')).toHaveAccessibleDescription(/whole number/);
  await expect(kept.getByRole('button', { name: 'Keep these rules' })).toBeDisabled();
  await kept.getByLabel('Sound').fill('30');
  await expect(kept.getByRole('button', { name: 'Erase now' })).toHaveCount(0);
  await kept.getByRole('button', { name: 'Keep these rules' }).click();
  await expect(kept.getByText('These rules are in force.')).toBeVisible();
  await kept.getByRole('button', { name: 'Erase now' }).click();
  await expect(kept.getByText('This can’t be undone.')).toBeVisible();
  await kept.getByRole('button', { name: 'Erase for good' }).click();
  await expect(kept.getByText('Erased: nothing.')).toBeVisible();
  await page.reload();
  await talk.open('Settings');
  await expect(kept.getByLabel('Sound')).toHaveValue('30');
});

test('a backup is made, listed and restored into a new folder', async ({ talk, page, home }, testInfo) => {
  const [folder, restored] = [testInfo.outputPath('backups'), testInfo.outputPath('restored')];
  await talk.type('Hello');
  await talk.idle();
  await talk.open('Settings');
  const backups = page.getByRole('region', { name: 'Backups' });
  await backups.getByLabel('Folder').fill(folder);
  await backups.getByLabel('Folder').press('Enter');
  await expect(backups.getByText('There is none yet.')).toBeVisible();
  await backups.getByRole('button', { name: 'Back up now' }).click();
  await expect(backups.getByText(/^Backed up, \d+ entries\.$/)).toBeVisible();
  await expect(backups.getByRole('list', { name: 'Backups' }).getByRole('listitem')).toHaveCount(1);
  await backups.getByRole('button', { name: /^Restore Today/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore a backup' });
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog.getByLabel('New folder')).toHaveAccessibleDescription(/^Say where/);
  await dialog.getByLabel('New folder').fill(home);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog.locator('.field-error')).toBeVisible();
  await dialog.getByLabel('New folder').fill(restored);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog.getByText(/^Restored and verified, \d+ entries\.$/)).toBeVisible();
  await expectAccessible(page);
  expect(existsSync(join(restored, 'log', 'squelch.db'))).toBe(true);
});

test('an anchor is written, and the log verified against one that was kept elsewhere', async ({
  talk,
  page,
}, testInfo) => {
  await talk.type('Hello');
  await talk.idle();
  await talk.open('Settings');
  const anchors = page.getByRole('region', { name: 'Anchors' });
  const folder = testInfo.outputPath('anchors');
  await anchors.getByLabel('Folder').fill(folder);
  await anchors.getByLabel('Folder').press('Enter');
  await expect(anchors.getByText('Saved')).toBeVisible();
  await anchors.getByRole('button', { name: 'Write one now' }).click();
  await expect(anchors.getByText(/^Written, up to entry \d+\.$/)).toBeVisible();
  await expect(anchors.getByRole('list', { name: 'Newest anchors' })).toContainText('in your folder');

  const [name = ''] = await readdir(folder);
  const anchor = JSON.parse(await readFile(join(folder, name), 'utf8'));
  const file = anchors.getByLabel('Verify against an anchor');
  await file.setInputFiles(join(folder, name));
  await expect(anchors.getByText(/^Nothing was changed\. \d+ entries checked\./)).toBeVisible();
  await anchors.getByRole('button', { name: 'Close' }).click();

  const later = join(folder, 'later.json');
  await writeFile(later, JSON.stringify({ ...anchor, seq: anchor.seq + 1_000 }));
  await file.setInputFiles(later);
  await expect(anchors.getByText('The end of the log was cut off')).toBeVisible();
  await anchors.getByRole('button', { name: 'Close' }).click();
  await writeFile(later, 'not an anchor');
  await file.setInputFiles(later);
  await expect(anchors.locator('.verification-bad')).toBeVisible();
});

test('a collector for traces is named, and words go along only when that is wanted', async ({ talk, page }) => {
  await talk.open('Settings');
  const traces = page.getByRole('region', { name: 'Traces' });
  const collector = traces.getByLabel('Collector');
  await collector.fill('collector.local');
  await collector.press('Enter');
  await expect(collector).toHaveAccessibleDescription(/http/);
  await collector.fill('http://127.0.0.1:9');
  await collector.press('Enter');
  await expect(traces.getByText('Saved')).toBeVisible();
  await traces.getByLabel('Send the words too').check();
  await page.reload();
  await talk.open('Settings');
  await expect(collector).toHaveValue('http://127.0.0.1:9');
  await expect(traces.getByLabel('Send the words too')).toBeChecked();
});

test.describe('with prices of one’s own', () => {
  // Automatic, so that the file is there before the host reads it.
  test.beforeEach(({ home }) =>
    writeFile(
      join(home, 'prices.json'),
      JSON.stringify({
        version: 1,
        prices: [{ server: 'localhost:8000', model: 'parrot-1', from: '2026-12-01', input: 7, output: 8 }],
      }),
    ),
  );

  test('the prices in force are listed, and whose they are', async ({ talk, page, home }) => {
    await talk.open('Settings');
    const prices = page.getByRole('region', { name: 'Prices' });
    await prices.getByText(/^Show all \d+$/).click();
    const own = prices.getByRole('row', { name: /^parrot-1/ });
    await expect(own).toContainText('localhost:8000, yours');
    await expect(own.getByRole('cell')).toHaveText(['2026-12-01', '7', '8', '', 'Change parrot-1']);
    await expect(prices.getByRole('row', { name: /^tts-1 / })).toContainText('15 a million characters');
    await expect(prices).toContainText(join(home, 'prices.json'));
    await expectAccessible(page);
  });

  test('a price is changed from a day on, added, refused at its field, and removed', async ({ talk, page, home }) => {
    const file = async () => JSON.parse(await readFile(join(home, 'prices.json'), 'utf8')).prices;
    await talk.open('Settings');
    const prices = page.getByRole('region', { name: 'Prices' });
    await prices.getByText(/^Show all \d+$/).click();
    await prices.getByRole('button', { name: 'Change gpt-5-mini' }).click();
    const dialog = page
      .getByRole('dialog', { name: 'Change this price' })
      .or(page.getByRole('dialog', { name: 'A price of yours' }));
    await dialog.getByLabel('From').fill('2027-01-01');
    await dialog.getByLabel('Tokens out').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByText('Tokens need a price both ways, in and out.')).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel('Tokens out').fill('1,8');
    await dialog.getByLabel('Note').fill('as the letter says');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(prices.getByText('Saved, and in force.')).toBeVisible();
    // What was used before keeps the price that comes with Squelch, and what stood in the file is still there.
    expect(await file()).toEqual([
      { server: 'localhost:8000', model: 'parrot-1', from: '2026-12-01', input: 7, output: 8 },
      { server: 'api.openai.com', model: 'gpt-5-mini', input: 0.25, cachedInput: 0.025, output: 2 },
      expect.objectContaining({ model: 'gpt-5-mini', from: '2027-01-01', output: 1.8, note: 'as the letter says' }),
    ]);
    await expect(prices.getByRole('row', { name: /^gpt-5-mini .*yours “as the letter says”/ })).toContainText('1.8');

    await prices.getByRole('button', { name: 'Add a price' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByLabel('Server')).toHaveAccessibleDescription(/^Say which server/);
    await dialog.getByLabel('Server').fill('http://localhost:9000/v1');
    await dialog.getByLabel('Model').fill('whisper-local');
    await dialog.getByLabel('From').fill('');
    await dialog.getByLabel('A minute').fill('0');
    await dialog.getByLabel('A minute').press('Enter');
    await expect(dialog).toHaveCount(0);
    expect(await file()).toContainEqual({ server: 'localhost:9000', model: 'whisper-local', perMinute: 0 });

    await prices.getByRole('button', { name: 'Change whisper-local' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(prices.getByRole('row', { name: /^whisper-local/ })).toHaveCount(0);
    expect(await file()).toHaveLength(3);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the upkeep of the log is accessible', async ({ talk, page }, testInfo) => {
      await talk.type('Hello');
      await talk.idle();
      await talk.open('Settings');
      const backups = page.getByRole('region', { name: 'Backups' });
      await backups.getByLabel('Folder').fill(testInfo.outputPath('backups'));
      await backups.getByLabel('Folder').press('Enter');
      await backups.getByRole('button', { name: 'Back up now' }).click();
      await expect(backups.getByText(/^Backed up/)).toBeVisible();
      await page.getByRole('button', { name: 'Write one now' }).click();
      await expect(page.getByText(/^Written/)).toBeVisible();
      await page.getByRole('region', { name: 'What is kept' }).getByLabel('Size').fill('1');
      await expect(page.getByText('Now they would erase nothing.')).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('region', { name: 'What is kept' }).scrollIntoViewIfNeeded();
      await page.setViewportSize({ width: 1280, height: 2_400 });
      const path = testInfo.outputPath(`log-settings-${colorScheme}.png`);
      await testInfo.attach('log-settings', { body: await page.screenshot({ path }), contentType: 'image/png' });
    });
  });
}
