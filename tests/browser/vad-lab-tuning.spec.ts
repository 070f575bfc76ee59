/** Tuning, presets and places worth listening to. */
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './accessible.ts';
import { expect } from './fixtures.ts';
import { labelledFolder, test } from './lab-page.ts';

test.describe.configure({ timeout: 90_000 });

test('settings are tuned against labels, tried, and chosen from the front', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  const before = await page.getByRole('slider', { name: 'Shortest pause' }).inputValue();
  await lab.panel('Tune');
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await expect(found).toBeVisible({ timeout: 40_000 });
  await expect(found).toContainText('On the recordings it was chosen by');
  await expect(found).toContainText(/On recordings it had not seen\d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\)/);
  await found.getByRole('button', { name: 'Try these settings' }).click();
  await lab.panel('Settings');
  await expect(page.getByRole('slider', { name: 'Shortest pause' })).not.toHaveValue(before);

  await lab.panel('Tune');
  const front = page.getByRole('slider', { name: 'Misses against delay' });
  await front.focus();
  await page.keyboard.press('End');
  await expect(front).toHaveAttribute('aria-valuetext', /^\d+\.\d% missed, end known after \d+ ms$/);

  // The first point and the last one of a front are never the same settings.
  const told = page.locator('.pareto-told');
  const settings = () => page.getByRole('tabpanel').locator('.parameter-value').allTextContents();
  const seen: string[][] = [];
  for (const point of ['first', 'last'] as const) {
    await page.locator('.pareto-point')[point]().click();
    await expect(told).toHaveText((await front.getAttribute('aria-valuetext')) ?? '');
    await lab.panel('Settings');
    seen.push(await settings());
    await lab.panel('Tune');
  }
  expect(seen[0]).not.toEqual(seen[1]);
});

test('objectives are mixed by weight, and the longest segment is sought too', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.panel('Tune');
  await page.getByRole('combobox', { name: 'Best for' }).selectOption('A mix, by weight');
  const fast = page.getByRole('slider', { name: 'Turns that end fast' });
  await expect(fast).toHaveAttribute('aria-valuetext', '1, 50%');
  await fast.press('ArrowRight');
  await expect(fast).toHaveAttribute('aria-valuetext', '1.5, 60%');
  await page.getByRole('checkbox', { name: 'Seek the longest segment too' }).check();
  await page.getByRole('combobox', { name: 'Search' }).selectOption('By chance, then nearby');
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  await expect(page.getByRole('region', { name: 'What was found' })).toBeVisible({ timeout: 40_000 });
  await expectAccessible(page);
});

test('what a miss costs is set by keyboard, spoken, and counts at once', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.setThreshold(0.99);
  await lab.panel('Scores');
  const cost = page.getByRole('slider', { name: 'Cost, missed to too much' });
  await expect(cost).toHaveAttribute('aria-valuetext', '0.75 to 0.25');
  const figure = async (name: string) => {
    const row = page.locator('.lab-figures > div', { has: page.getByText(name, { exact: true }) });
    return Number.parseFloat((await row.locator('dd').textContent()) ?? '');
  };
  const missed = (100 - (await figure('Recall'))) / 100;
  expect(Math.abs((await figure('Detection cost')) - missed)).toBeGreaterThan(0.02);
  await cost.press('End');
  await expect(cost).toHaveAttribute('aria-valuetext', '1.00 to 0.00');
  await expect.poll(async () => Math.abs((await figure('Detection cost')) - missed)).toBeLessThan(0.001);

  await lab.panel('Tune');
  await page.getByRole('combobox', { name: 'Best for' }).selectOption('Lowest detection cost');
  await expect(cost).toHaveAttribute('aria-valuetext', '1.00 to 0.00');
  await page.getByRole('combobox', { name: 'Search' }).selectOption('By chance, then nearby');
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  // Where too much costs nothing, nothing need be missed.
  const found = page.getByRole('region', { name: 'What was found' });
  await expect(found).toContainText('On the recordings it was chosen by1.000', { timeout: 40_000 });

  // A preset of it says with which weights it was found.
  await found.getByRole('button', { name: 'Try these settings' }).click();
  await lab.panel('Settings');
  await page.getByRole('button', { name: 'Save as preset' }).click();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Tuned for cost on 2 recordings. Cost, missed to too much: 1.00 to 0.00.')).toBeVisible();
});

test('tuning is cancelled, and can be started again', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.panel('Tune');
  // So little sound is tuned in a second: it is cancelled in the same breath.
  await page.getByRole('button', { name: 'Tune', exact: true }).evaluate(async (start: HTMLElement) => {
    start.click();
    const button = () => document.querySelector<HTMLElement>('.tune-wish .button');
    while (button()?.textContent !== 'Cancel') await new Promise(requestAnimationFrame);
    button()?.click();
  });
  await expect(page.getByText('Tuning was cancelled.')).toBeVisible();
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  await expect(page.getByRole('region', { name: 'What was found' })).toBeVisible({ timeout: 40_000 });
});

test('without labels, settings are sought that give so many segments', async ({ lab, page }) => {
  await lab.openPath('tests/support/audio/speech.wav');
  await lab.panel('Tune');
  await page.getByRole('spinbutton', { name: 'How many' }).fill('50');
  await page.getByRole('combobox', { name: 'Search' }).selectOption('By chance, then nearby');
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  await page.getByRole('button', { name: 'Try these settings' }).click({ timeout: 40_000 });
  // 50 a minute are two in 2.4 seconds.
  await expect(lab.lane('Yours')).toHaveAttribute('aria-label', 'Yours: 2 segments');
});

test('a preset is kept under a name, handed out, deleted and taken in again', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.setThreshold(0.77);
  await page.getByRole('button', { name: 'Save as preset' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Quiet room');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved as Quiet room.')).toBeVisible();
  const chosen = page.getByRole('combobox', { name: 'Preset' });
  await expect(chosen.locator('option:checked')).toHaveText('Quiet room');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ name: 'Quiet room', parameters: { threshold: 0.77 } });

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(chosen.locator('option', { hasText: 'Quiet room' })).toHaveCount(0);
  await chosen.selectOption('Silero');
  await expect(lab.threshold).toHaveValue('0.5');
  const file = { name: 'quiet.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.getByLabel('Import').setInputFiles(file);
  await expect(lab.threshold).toHaveValue('0.77');
});

test('places where settings differ are listened to one key press at a time', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.panel('Listen');
  await page.getByRole('checkbox', { name: 'vad-web' }).check();
  await page.getByRole('button', { name: 'Find places' }).click();
  await expect(page.getByText(/^Place 1 of \d+$/)).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByText(/^Place 2 of \d+$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByText(/^Place 1 of \d+$/)).toBeVisible();
});

test('a place is labelled as speech by a key', async ({ lab, page }) => {
  await lab.openPath('tests/support/audio/speech.wav');
  await lab.panel('Listen');
  await page.getByRole('button', { name: 'Find places' }).click();
  const place = page.getByText(/^\d:\d\d\.\d\d – \d:\d\d\.\d\d$/).first();
  const [start, end] = ((await place.textContent()) ?? '').split(' – ');
  await page.keyboard.press('y');
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  await expect(page.getByText(/^Label 1 of 1, /)).toHaveText(`Label 1 of 1, speech, ${start} to ${end}`);
});

test('scores are told for all recordings and for each, and a report is handed out', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  await lab.panel('Scores');
  const all = page.getByRole('region', { name: 'All recordings together' });
  await expect(all).toContainText(/F10\.\d{3}/);
  const f1 = await all.locator('dd').first().textContent();
  await page.getByRole('button', { name: 'second.wav' }).last().click();
  await expect(page.getByRole('heading', { name: 'second.wav' })).toHaveCount(1);
  await lab.panel('Settings');
  await lab.setThreshold(0.99);
  await lab.panel('Scores');
  await expect(all.locator('dd').first()).not.toHaveText(f1 ?? '');
  await page.getByRole('button', { name: 'Report' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the page' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('<svg');
});
