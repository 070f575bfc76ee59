/** History heard: words lead into the recording, voice detection lies over it, and what nobody heard is marked. */
import { concatSamples } from '../../src-main/audio/frame.ts';
import { quiet, speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

const TRANSCRIPT = 'Alpha bravo charlie delta echo.';
const REPLY =
  'One is the first sentence. Two is the second sentence. Three is the third. Four is the last of them all.';

test.use({ providerOptions: { transcript: TRANSCRIPT, reply: REPLY } });
// Speaks in real time first.
test.describe.configure({ timeout: 60_000 });

/** A spoken turn whose reply is cut short; then History with it open. */
async function tellSpoken(talk: TalkPage): Promise<void> {
  // What follows the words keeps the recording playing until it is looked at.
  const said = await speech('Alpha, bravo, charlie, delta, echo.');
  await talk.say(concatSamples([quiet(500), said, quiet(4_000)]));
  await expect(talk.key).toHaveAttribute('data-mode', 'speaking', { timeout: 20_000 });
  // Some of it has been heard, and much has not.
  await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('One is');
  await talk.page.keyboard.press('Escape');
  await talk.idle();
  await talk.open('History');
  await talk.page.getByRole('button', { name: /Alpha bravo/ }).click();
  await expect(talk.page.getByRole('article')).toHaveCount(1);
}

/** Clicks the middle of a word of the script, as a hand does. */
async function clickWord({ page }: TalkPage, word: string): Promise<void> {
  const box = await page.evaluate((looked) => {
    const walker = document.createTreeWalker(document.querySelector('.session-script') as Node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode as Text;
      const from = node.data.indexOf(looked);
      if (from === -1) continue;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + looked.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    return null;
  }, word);
  if (!box) throw new Error(`${word} is not in the script`);
  await page.mouse.click(box.x, box.y);
}

/** The word that is marked as heard. */
function markedWord({ page }: TalkPage): Promise<string> {
  return page.evaluate(() => [...(CSS.highlights.get('spoken-word') ?? [])].map(String).join(' '));
}

test('a clicked word is heard from there on, and marked while it is', async ({ talk, page }) => {
  await tellSpoken(talk);
  await clickWord(talk, 'delta');
  const position = page.getByRole('slider', { name: 'Position, what you said' });
  await expect(page.getByRole('button', { name: 'Pause, Player' })).toBeVisible();
  await page.getByRole('button', { name: 'Pause, Player' }).click();
  const delta = Number(await position.inputValue());
  expect(delta).toBeGreaterThan(1_000);
  await expect.poll(() => markedWord(talk)).toMatch(/^(delta|echo)\.?$/);

  await clickWord(talk, 'Alpha');
  await expect.poll(() => position.inputValue().then(Number)).toBeLessThan(delta);
  await page.getByRole('button', { name: 'Pause, Player' }).click();
  await position.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(() => markedWord(talk)).toBe('Alpha');
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(() => markedWord(talk)).toBe('bravo');
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Control+ArrowLeft');
  await expect.poll(() => markedWord(talk)).toBe('bravo');
});

test('a word that was never heard aloud can be heard now; the interruption is marked in words and outline', async ({
  talk,
  page,
}) => {
  await tellSpoken(talk);
  await expect(page.getByRole('article').getByText('(interrupted)')).toBeVisible();
  await expect(page.locator('.said-unheard')).toContainText('Four');
  await clickWord(talk, 'Three');
  await expect(page.getByRole('slider', { name: 'Position, what Squelch said' })).toBeVisible();
  await expect.poll(() => markedWord(talk)).not.toBe('');
  await expect(page.getByText(/^not heard from 0:0\d on$/)).toBeVisible();
  await expect(page.locator('.waveform-mark')).toHaveCount(1);
  await expect(page.locator('.waveform-unheard')).toHaveAttribute('d', /^M/);
  await page.getByLabel('Speed').selectOption('2×');
  await expect.poll(() => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.playbackRate)).toBe(2);
});

test('voice detection lies over the recording, and the inspector says what it found', async ({ talk, page }) => {
  await tellSpoken(talk);
  await page.getByRole('button', { name: 'Play what you said' }).click();
  await page.getByRole('button', { name: 'Pause, Player' }).click();
  const player = page.getByRole('region', { name: 'Player' });
  await expect(player.locator('.waveform-vad')).toHaveAttribute('d', /^M.+L/);
  await expect(player.locator('.waveform-threshold')).toHaveAttribute('d', 'M0 16H160');
  await expect(player.locator('.waveform-speech').first()).toHaveAttribute('width', /^\d/);

  await page.getByRole('article').locator('..').focus();
  await page.keyboard.press('i');
  const inspector = page.getByRole('complementary', { name: /^Turn of/ });
  const detection = inspector.getByRole('region', { name: 'Voice detection' });
  await expect(detection).toContainText(/Speech: 0\.\d\d s to \d\.\d\d s.*Threshold 0\.50\./);
  await expect(detection.locator('.waveform-vad')).toHaveAttribute('d', /^M.+L/);
  await expectAccessible(page);
  // The focus goes back to where it came from.
  await page.keyboard.press('Escape');
  await expect(inspector).toHaveCount(0);
  await expect(page.locator('[data-turn]:focus')).toHaveCount(1);
});

test('sound that was erased can’t be played, and says so', async ({ talk, page }) => {
  await tellSpoken(talk);
  await page.locator('[data-turn]').focus();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Redact this turn' });
  await dialog.getByLabel('What').selectOption('Sound');
  await dialog.getByLabel('Reason').fill('A bystander was heard');
  await dialog.getByRole('button', { name: 'Redact' }).click();
  const turn = page.getByRole('article');
  await expect(turn).toContainText(/\(sound erased, Today \d\d:\d\d: “A bystander was heard”\)/);
  await expect(turn).toContainText(TRANSCRIPT);
  await expect(page.getByRole('button', { name: /^Play/ })).toHaveCount(0);
});
