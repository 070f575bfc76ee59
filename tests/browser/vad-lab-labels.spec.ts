/** Labels in the VAD Lab: drawn by pointer and by keyboard, taken back, saved beside the recording. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from './fixtures.ts';
import { labelledFolder, test } from './lab-page.ts';

test.describe.configure({ timeout: 60_000 });

test('labels are dragged, drawn, taken back and saved', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await lab.openPath(folder);
  await lab.panel('Labels');
  await expect(lab.labels).toHaveAttribute('aria-label', '2 labels');

  // The end of the first one, at 1.3 s, is dragged to 1.4 s.
  await lab.drag(lab.labels, 1_300, 1_400);
  const end = page.getByRole('spinbutton', { name: 'Ends' });
  await expect.poll(async () => Math.abs(Number(await end.inputValue()) - 1.4)).toBeLessThan(0.02);
  await expect(page.getByText('not saved')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(end).toHaveValue('1.300');
  await expect(page.getByText('not saved')).toHaveCount(0);

  // A third one, where there is none yet.
  await lab.drag(lab.labels, 100, 400);
  await expect(lab.labels).toHaveAttribute('aria-label', '3 labels');
  await page.getByRole('textbox', { name: 'Text' }).fill('breath');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save labels' }).click();
  await expect(page.getByText(/^Saved to .*first\.txt$/)).toBeVisible();
  expect(await readFile(join(folder, 'first.txt'), 'utf8')).toMatch(/^0\.\d+\t0\.\d+\tbreath\n0\.6/);
});

test('all of it by keyboard, and spoken', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await lab.openPath(folder);
  await page.getByRole('slider', { name: 'Position' }).focus();
  await page.keyboard.press(']');
  const said = page.getByText(/^Label \d of \d, /);
  await expect(said).toHaveText('Label 1 of 2, hold the key, 0:00.60 to 0:01.30');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(said).toHaveText('Label 1 of 2, hold the key, 0:00.61 to 0:01.29');
  await page.keyboard.press('m');
  await expect(said).toHaveText('Label 1 of 1, hold the key and speak, 0:00.61 to 0:02.30');
  await page.getByRole('slider', { name: 'Position' }).fill('1000');
  await page.keyboard.press('s');
  await expect(said).toHaveText('Label 2 of 2, hold the key and speak, 0:01.00 to 0:02.30');
  await page.keyboard.press('Delete');
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  await page.keyboard.press('Control+z');
  await expect(lab.labels).toHaveAttribute('aria-label', '2 labels');
  await page.keyboard.press('Control+Shift+Z');
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  // With Caps Lock the letter is a capital, and Shift is not down.
  await page.keyboard.press('Control+Z');
  await expect(lab.labels).toHaveAttribute('aria-label', '2 labels');
  await page.keyboard.press('Control+s');
  await expect.poll(() => readFile(join(folder, 'first.txt'), 'utf8')).toContain('1.000000\t2.300000');
});

test('labels that are not saved are asked about before something else is opened', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await lab.openPath(folder);
  await page.keyboard.press(']');
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Open other' }).click();
  const path = page.getByLabel('Or a path on this machine');
  await path.fill(folder);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Labels are not saved' });
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await path.press('Enter');
  await dialog.getByRole('button', { name: 'Save and go on' }).click();
  await lab.ready();
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  expect(await readFile(join(folder, 'first.txt'), 'utf8')).not.toContain('hold the key');
});

test('a label file that can’t be read is named, with its line', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await writeFile(join(folder, 'first.txt'), '0.1\t0.2\tfine\nnot a label\n');
  await lab.openPath(folder);
  await expect(page.getByRole('list', { name: 'What is odd about it' })).toContainText('first.txt:2');
});

test('labels are handed out and taken in as files of other programs', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.panel('Labels');
  await page.getByLabel('Format').selectOption('WebVTT');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('00:00:00.600 --> 00:00:01.300');
  const text = 'WEBVTT\n\n00:00.500 --> 00:01.000\nother\n';
  await page.getByLabel('Import').setInputFiles({ name: 'x.vtt', mimeType: 'text/vtt', buffer: Buffer.from(text) });
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  await page
    .getByLabel('Import')
    .setInputFiles({ name: 'x.vtt', mimeType: 'text/vtt', buffer: Buffer.from('nonsense') });
  await expect(page.getByText(/x\.vtt:1: /)).toBeVisible();
});
