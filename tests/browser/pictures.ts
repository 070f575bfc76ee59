/** The pictures of docs/images, taken of the app itself. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concatSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import { encodeWav } from '../../src-main/audio/wav.ts';
import { quiet, speech } from '../support/speech.ts';
import { expect } from './fixtures.ts';
import { LabPage, test } from './lab-page.ts';

const IMAGES = join(import.meta.dirname, '../../docs/images');

const REPLIES: Record<string, string> = {
  'What time is it in Lisbon?': 'Just after four, the same as in London.',
  'And when does the sun set there?':
    'Sunset is at a quarter past five today. You have about an hour of light left, enough for a walk along the river.',
};

/** What is being said. */
let words = '';
const voice = await speech('You have about an hour of light left today.');

test.use({
  providerOptions: {
    transcript: () => words,
    reply: (messages) => REPLIES[String(messages.findLast(({ role }) => role === 'user')?.content)] ?? 'Gladly.',
    speech: voice,
    latencies: { stt: 310, llm: 240, tts: 160 },
  },
});
test.describe.configure({ timeout: 120_000 });

test.describe('a conversation', () => {
  test.use({ viewport: { width: 1_100, height: 700 }, deviceScaleFactor: 1.5 });

  test('on Talk, and in History', async ({ talk, microphone, page }) => {
    const [first = '', second = ''] = Object.keys(REPLIES);
    words = first;
    await talk.say(await speech(words));
    await expect(talk.lastTurn()).toContainText('London');
    await talk.idle();
    words = second;
    await talk.say(await speech(words));
    await expect(talk.key).toHaveAttribute('data-mode', 'speaking', { timeout: 20_000 });
    await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('about an hour');
    words = 'Find me a quiet place by the river.';
    await talk.hold();
    const more = await speech('One with a view of the bridge, and not too far from here.');
    const saying = microphone.say(concatSamples([await speech(words), quiet(900), more]));
    await expect(talk.lastTurn()).toContainText(words);
    // Until the waveform shows some of what is said next.
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(IMAGES, 'talk.png') });

    await saying;
    await talk.letGo();
    await expect(talk.lastTurn()).toContainText('Gladly.');
    await talk.idle();
    await page.setViewportSize({ width: 1_280, height: 800 });
    await talk.open('History');
    await page.getByRole('button', { name: /Lisbon/ }).click();
    await page.getByRole('button', { name: 'Play what Squelch said' }).nth(1).click();
    const position = page.getByRole('slider', { name: 'Position, what Squelch said' });
    await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(800);
    await page.getByRole('button', { name: 'Pause, Player' }).click();
    await page.getByRole('button', { name: 'Inspect' }).nth(1).click();
    await expect(
      page
        .getByRole('complementary', { name: /^Turn of/ })
        .locator('.request')
        .first(),
    ).toBeVisible();
    await page.mouse.move(1, 1);
    await page.screenshot({ path: join(IMAGES, 'history.png') });
  });
});

test.describe('recordings', () => {
  test.use({ viewport: { width: 1_440, height: 900 }, providerOptions: null });

  test('in the VAD Lab', async ({ talk, page, home }) => {
    const lab = new LabPage(talk.page);
    await lab.openPath(await labelledRecordings(home));
    await lab.panel('Scores');
    await expect(page.locator('.scores-files, table').first()).toBeVisible();
    await page.locator('[data-row=sound]').hover();
    await page.screenshot({ path: join(IMAGES, 'vad-lab.png') });
  });
});

const SAID = [
  'Hold the key, speak, and let go.',
  'A quiet room is not a silent one.',
  'Two people spoke, one after the other.',
  'The window was open the whole time.',
  'Nobody said anything for a while.',
  'This sentence is a little longer than those before it.',
  'Yes.',
  'We begin again at a quarter past nine.',
];

/** Ten of them in a noisy room, each with labels by a hand that is never quite exact. */
async function labelledRecordings(home: string): Promise<string> {
  const folder = join(home, 'recordings');
  await mkdir(folder);
  const random = seeded(7);
  for (let number = 1; number <= 10; number++) {
    const parts = [quiet(300 + 500 * random())];
    const lines: string[] = [];
    for (let phrase = 0; phrase < 3; phrase++) {
      const text = SAID[(number * 3 + phrase) % SAID.length] as string;
      const sound = await speech(text);
      const start = parts.reduce((sum, { length }) => sum + length, 0) / PIPELINE_RATE;
      const end = start + sound.length / PIPELINE_RATE;
      lines.push([start + 0.05 + 0.2 * random(), end - 0.3 * random(), text].join('\t'));
      parts.push(sound, quiet(150 + 1_100 * random()));
    }
    const name = join(folder, `desk-${String(number).padStart(2, '0')}`);
    const loud = 400 + 2_200 * random();
    const noisy = concatSamples(parts).map((sample) => clip(sample + loud * (random() + random() - 1)));
    await writeFile(`${name}.wav`, encodeWav(noisy, PIPELINE_RATE));
    await writeFile(`${name}.txt`, `${lines.join('\n')}\n`);
  }
  return folder;
}

function clip(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
