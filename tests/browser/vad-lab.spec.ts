/** The VAD Lab: a recording is seen and heard, settings are tried on it, and put to use. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, serve } from './fixtures.ts';
import { labelledFolder, test } from './lab-page.ts';

test.describe.configure({ timeout: 60_000 });

test.describe('with a provider', () => {
  test.use({ providerOptions: { transcript: 'One, two, three', reply: 'Four.' } });

  test('a turn of History is opened, and what is found there is used in the next turn', async ({ lab, talk, page }) => {
    const said = await speech('One. Two. Three. This is the lab.');
    await talk.say(said);
    await talk.idle();
    await talk.open('History');
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').first().click();
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

test.describe('with two agents', () => {
  test.use({ providerOptions: { transcript: 'Take this down', reply: 'Done.' } });

  test('settings are used for one agent alone', async ({ lab, talk, page, home }) => {
    const said = await speech('Take this down, please.');
    await lab.openPath(await labelledFolder(home));
    await page.getByRole('slider', { name: 'Shortest speech' }).fill('1000');
    await page.getByRole('slider', { name: 'Shortest pause' }).fill('40');
    await lab.setThreshold(0.99);
    await page.getByRole('combobox', { name: 'For' }).selectOption('Dictation');
    await page.getByRole('button', { name: 'Use these settings' }).click();
    await expect(page.getByText('In use from the next turn.')).toBeVisible();

    await talk.open('Talk');
    await talk.say(said);
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
    await page.getByRole('combobox', { name: /^Agent\./ }).selectOption({ label: 'Dictation' });
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
  await expect(page.getByText(/^Selected 0:00\.\d\d – 0:00\.\d\d$/)).toBeVisible();
  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // It comes round: a place is passed again that was passed before.
  await expect.poll(at).toBeGreaterThan(700);
  await expect.poll(at, { intervals: [20] }).toBeLessThan(650);
  await page.getByRole('button', { name: 'Pause' }).click();
});

test('what is kept and what is cut are heard to the sample', async ({ lab, page, home }) => {
  // What the loudspeaker is given, in the order it is given.
  await page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...at: []) {
      heard.push(...(this.buffer?.getChannelData(0) ?? []).map((value) => Math.round(value * 32_768)));
      return start.apply(this, at);
    };
  });
  await page.reload();
  await lab.openPath(await labelledFolder(home));
  const bytes = await readFile(join(home, 'recordings', 'first.wav'));
  const sound = new Int16Array(new Uint8Array(bytes.subarray(44)).buffer);
  const heard = async (what: string) => {
    await page.evaluate('window.heard.length = 0');
    await page.getByRole('slider', { name: 'Position' }).fill('0');
    await page.getByLabel('Hear').selectOption(what);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    return page.evaluate<number[]>('window.heard');
  };
  const kept = await heard('what is kept');
  const cut = await heard('what is cut');
  // One stretch is kept. Where the sound jumps it fades, for 64 samples.
  expect(await lab.segments()).toBe(1);
  const whole = (samples: Iterable<number>) => [...samples].slice(64, -64).join();
  const start = sound.findIndex((_, at) => kept.slice(64, 1_064).every((sample, i) => sample === sound[at + 64 + i]));
  const end = start + kept.length;
  expect(kept.length).toBeGreaterThan(sound.length / 2);
  expect(whole(kept)).toBe(whole(sound.subarray(start, end)));
  expect(whole(cut.slice(0, start))).toBe(whole(sound.subarray(0, start)));
  expect(whole(cut.slice(start))).toBe(whole(sound.subarray(end)));
});

test('the list begins with the lowest score when that is wanted', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await writeFile(join(folder, 'second.txt'), '0.00\t0.30\tnothing is said here\n');
  await lab.openPath(folder);
  const list = page.getByRole('navigation', { name: 'Recordings' });
  const names = list.getByRole('listitem');
  await expect(names).toContainText(['first.wav', 'second.wav']);
  const order = list.getByRole('button', { name: 'Worst first' });
  await order.click();
  await expect(order).toHaveAttribute('aria-pressed', 'true');
  await expect(names).toContainText(['second.wav', 'first.wav']);
});

test('opening is cancelled at once, and what was open stays', async ({ lab, page, home }) => {
  const folder = await labelledFolder(home);
  await lab.openPath(folder);
  await page.getByRole('button', { name: 'Open other' }).click();
  await page.getByLabel('Or a path on this machine').fill(folder);
  await page.getByRole('button', { name: 'Open', exact: true }).evaluate(async (open: HTMLElement) => {
    open.click();
    const cancel = () => document.querySelector<HTMLElement>('.open-source-progress ~ .button');
    while (!cancel()) await new Promise(requestAnimationFrame);
    cancel()?.click();
  });
  await page.getByRole('button', { name: 'Back to the recordings' }).click();
  await lab.ready();
  const before = (await lab.summary.textContent()) ?? '';
  await lab.setThreshold(0.99);
  await expect(lab.summary).not.toHaveText(before);
});

test('recordings are opened again in a core that was started anew, with what was drawn on them', async ({
  lab,
  page,
  home,
  host,
  context,
}) => {
  await lab.openPath(await labelledFolder(home));
  await page.getByRole('navigation', { name: 'Recordings' }).getByRole('button', { name: 'second.wav' }).click();
  await lab.ready();
  await page.keyboard.press(']');
  await page.keyboard.press('Delete');
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  await host.stop();
  const away = page.getByText('Squelch can’t be reached.');
  await expect(away.first()).toBeVisible();
  const second = await serve(home, {}, host.port);
  const other = await context.newPage();
  await other.goto(second.link);
  await expect(away).toHaveCount(0);
  await lab.ready();
  await expect(page.getByRole('heading', { name: 'second.wav' })).toHaveCount(1);
  await expect(lab.labels).toHaveAttribute('aria-label', '1 label');
  await page.keyboard.press('Control+s');
  await expect.poll(() => readFile(join(home, 'recordings', 'second.txt'), 'utf8')).not.toContain('hold the key');
  const before = (await lab.summary.textContent()) ?? '';
  await lab.setThreshold(0.99);
  await expect(lab.summary).not.toHaveText(before);
  await second.stop();
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
