/** The VAD Lab: a recording is seen and heard, settings are tried on it, and put to use. */
import { join } from 'node:path';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect } from './fixtures.ts';
import { labelledFolder, test } from './lab-page.ts';

test.describe.configure({ timeout: 60_000 });

test.describe('with a provider', () => {
  test.use({ providerOptions: { transcript: 'One, two, three', reply: 'Four.' } });

  test('a turn of History is opened, and what is found there is used in the next turn', async ({ lab, talk, page }) => {
    const said = await speech('One. Two. Three. This is the lab.');
    await talk.say(said);
    await talk.idle();
    await talk.open('History');
    await page.getByRole('navigation', { name: 'Sessions' }).getByRole('button').first().click();
    await page.getByRole('button', { name: 'Open in VAD Lab' }).click();
    await lab.ready();
    await expect(page.getByRole('heading', { name: 'One, two, three' })).toHaveCount(1);
    expect(await lab.segments()).toBeGreaterThan(0);

    await page.getByRole('slider', { name: 'Shortest speech' }).fill('1000');
    await page.getByRole('slider', { name: 'Shortest pause' }).fill('40');
    await lab.setThreshold(0.99);
    await expect(lab.lane('Yours')).toHaveAttribute('aria-label', 'Yours: 0 segments');
    await page.getByRole('button', { name: 'Use these settings' }).click();
    await expect(page.getByText('In use from the next turn.')).toBeVisible();

    await talk.open('Talk');
    await talk.say(said);
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'no-speech');
  });
});

test('segments follow a slider, and a threshold that is dragged or moved by keyboard', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  const before = (await lab.summary.textContent()) ?? '';
  await lab.setThreshold(0.99);
  await expect(lab.summary).not.toHaveText(before);
  await page.getByRole('button', { name: 'Undo changes' }).click();
  await expect(lab.summary).toHaveText(before);

  const line = page.getByRole('region', { name: 'Timeline' }).getByRole('slider', { name: 'Threshold', exact: true });
  await line.focus();
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveAttribute('aria-valuetext', '0.51');
  await page.keyboard.press('End');
  await expect(lab.threshold).toHaveValue('0.99');
  const box = await line.boundingBox();
  if (!box) throw new Error('The line is not on the screen');
  await page.mouse.move(box.x + 100, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 100, { steps: 5 });
  await page.mouse.up();
  expect(Number(await lab.threshold.inputValue())).toBeLessThan(0.8);
});

test('a recording is played, looped, and what would be cut is heard', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  const position = page.getByRole('slider', { name: 'Position' });
  const at = () => position.inputValue().then(Number);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(at).toBeGreaterThan(300);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  // Only the beginning, which is silent, is cut: the rest is skipped.
  await position.fill('0');
  await page.getByLabel('Hear').selectOption('what is cut');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  expect(await at()).toBeLessThan(450);

  await page.getByLabel('Hear').selectOption('everything');
  await lab.drag(page.locator('[data-row=sound] canvas'), 500, 800);
  await expect(page.getByText(/^Selected 0:00\.\d\d to 0:00\.\d\d$/)).toBeVisible();
  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // It comes round: a place is passed again that was passed before.
  await expect.poll(at).toBeGreaterThan(700);
  await expect.poll(at, { intervals: [20] }).toBeLessThan(650);
  await page.getByRole('button', { name: 'Pause' }).click();
});

test('the wheel zooms and scrolls, keys show all again', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  const frame = page.locator('.overview-frame');
  const width = async () => (await frame.boundingBox())?.width ?? 0;
  const whole = await width();
  await page.locator('[data-row=sound] canvas').hover();
  await page.mouse.wheel(0, -800);
  await expect.poll(width).toBeLessThan(whole / 2);
  const left = async () => (await frame.boundingBox())?.x ?? 0;
  const before = await left();
  await page.mouse.wheel(200, 0);
  await expect.poll(left).toBeGreaterThan(before);
  await page.keyboard.press('0');
  await expect.poll(width).toBeCloseTo(whole, 0);
});

test('files are handed in by the window, labels and all; what is no sound is named', async ({
  lab,
  page,
  home,
  talk,
}) => {
  const folder = await labelledFolder(home);
  await talk.open('VAD Lab');
  const buffer = Buffer.from('not a sound');
  await page.getByLabel('Choose files').setInputFiles([join(folder, 'first.wav'), join(folder, 'first.txt')]);
  await lab.ready();
  await expect(lab.labels).toHaveAttribute('aria-label', '2 labels');
  await page.getByRole('button', { name: 'Open other' }).click();
  await page.getByLabel('Choose files').setInputFiles({ name: 'noise.wav', mimeType: 'audio/wav', buffer });
  await expect(page.getByRole('region', { name: 'Could not be opened' })).toContainText('noise.wav');
  await expect(page.getByText('See what voice detection hears')).toBeVisible();
});

test('the microphone is listened to live, and what was recorded stays', async ({ lab, page, microphone, talk }) => {
  await talk.open('VAD Lab');
  await page.getByRole('button', { name: 'Listen to the microphone' }).click();
  await expect(page.getByRole('img', { name: 'Microphone live' })).toBeVisible();
  await microphone.say(await speech('This is heard while I speak.'));
  await expect.poll(() => lab.segments()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Stop listening' }).click();
  await expect(page.getByRole('img', { name: 'Microphone live' })).toHaveCount(0);
  await lab.ready();
  await expect.poll(() => lab.segments()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('opening something else closes the microphone', async ({ lab, page, home, talk }) => {
  await page.evaluate(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      Object.assign(window, { lastTrack: stream.getAudioTracks()[0] });
      return stream;
    };
  });
  const track = () => page.evaluate('window.lastTrack?.readyState');
  await talk.open('VAD Lab');
  await page.getByRole('button', { name: 'Listen to the microphone' }).click();
  await expect.poll(track).toBe('live');
  await page.getByRole('button', { name: 'Open other' }).click();
  await lab.openPath(await labelledFolder(home));
  await expect.poll(track).toBe('ended');
  await expect(page.getByRole('img', { name: 'Microphone live' })).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every panel is accessible', async ({ lab, talk, page, home }, testInfo) => {
      test.slow();
      const picture = async (name: string) => {
        await expectAccessible(page);
        await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`) });
      };
      await talk.open('VAD Lab');
      await expect(page.getByText('None recorded yet.')).toBeVisible();
      await picture('empty');
      await lab.openPath(await labelledFolder(home));
      await page.getByRole('checkbox', { name: 'LiveKit' }).check();
      await expect(lab.lane('LiveKit')).toBeVisible();
      for (const panel of ['Settings', 'Labels', 'Scores', 'Tune', 'Listen'] as const) {
        await lab.panel(panel);
        await picture(panel.toLowerCase());
      }
    });
  });
}
