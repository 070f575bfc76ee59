/** What History shows beside the list, light and dark: without an accessibility violation, and pictured. */
import { concatSamples } from '../../src-main/audio/frame.ts';
import { quiet, speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';

const QUESTION = 'What is the weather like in Graz tomorrow, and shall I take the train?';
const REPLY = 'It rains in the morning and clears up after noon. The train runs every hour. Take a coat, and a book.';

test.use({ providerOptions: { transcript: QUESTION, reply: REPLY } });

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1440, height: 900 }, contextOptions: { reducedMotion: 'reduce' } });
    test.describe.configure({ timeout: 120_000 });

    test('words, evidence, answers, selection, keys and usage', async ({ talk, page }, testInfo) => {
      const inspect = async (name: string) => {
        await expectAccessible(page);
        const path = testInfo.outputPath(`${name}-${colorScheme}.png`);
        await testInfo.attach(name, { body: await page.screenshot({ path }), contentType: 'image/png' });
      };
      const said = await speech(QUESTION);
      await talk.say(concatSamples([quiet(400), said, quiet(900)]));
      await expect(talk.key).toHaveAttribute('data-mode', 'speaking', { timeout: 20_000 });
      await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('It rains in');
      await page.keyboard.press('Escape');
      await talk.idle();

      await talk.open('History');
      const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
      await rows.first().click();
      await page.getByRole('button', { name: 'Play what you said' }).click();
      await page.getByRole('button', { name: 'Pause, Player' }).click();
      await expect(page.locator('.player .waveform-vad')).toHaveAttribute('d', /L/);
      await page.locator('[data-turn]').focus();
      await inspect('turn');
      await page.keyboard.press('i');
      await expect(page.locator('.voice-detection .waveform-rest')).toHaveAttribute('d', /^M/);
      await inspect('evidence');
      await page.keyboard.press('Escape');
      await expect(page.locator('[data-turn]')).toBeFocused();

      await page.keyboard.press('a');
      await page.getByLabel('Thinking').fill('parrot-1');
      await page.getByRole('button', { name: 'Ask', exact: true }).click();
      await expect(page.locator('.answer')).toHaveCount(2);
      await expect(page.locator('.answer').last()).toHaveAttribute('data-outcome', 'completed', { timeout: 30_000 });
      await inspect('answers');

      await expect(rows).toHaveCount(2);
      await rows.first().focus();
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+ArrowDown');
      await expect(page.getByText('2 conversations selected')).toBeVisible();
      await inspect('selection');
      await page.keyboard.press('Shift+?');
      await expect(page.getByRole('dialog', { name: 'Keys of History' })).toBeVisible();
      await inspect('keys');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Usage' }).click();
      await expect(page.getByRole('region', { name: 'Usage' }).getByRole('table')).toBeVisible();
      await inspect('usage');
    });
  });
}
