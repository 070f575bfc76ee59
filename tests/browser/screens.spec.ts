/** Every screen, light and dark: reachable by keyboard, without an accessibility violation, and pictured. */
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';

test.use({
  providerOptions: {
    transcript: 'What is the weather like today?',
    reply: 'It rains. Take a coat.',
    chaos: [{ kind: 'error', stage: 'stt', times: 2 }],
  },
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('talk, history, agents and settings', async ({ talk, page, microphone }, testInfo) => {
      test.slow();
      const picture = async (name: string) => {
        const path = testInfo.outputPath(`${name}-${colorScheme}.png`);
        await testInfo.attach(name, { body: await page.screenshot({ path }), contentType: 'image/png' });
      };
      const inspect = async (name: string) => {
        await expectAccessible(page);
        await picture(name);
      };
      await inspect('empty');

      // The first turn fails, the second does not.
      await talk.say(await speech('What is the weather like?'));
      await expect(talk.turns.first()).toHaveAttribute('data-outcome', 'failed', { timeout: 15_000 });
      await inspect('failed');
      await talk.hold();
      await inspect('recording');
      await microphone.say(await speech('What is the weather like today?'));
      await talk.letGo();
      await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed', { timeout: 15_000 });
      await talk.lastTurn().locator('summary').click();
      await inspect('talk');

      await talk.open('History');
      await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').first().click();
      await page.getByRole('button', { name: 'Play what you said' }).first().click();
      await page.getByRole('button', { name: 'Pause, Player' }).click();
      await expect(page.getByText('This recording can’t be played.')).toHaveCount(0);
      await inspect('history');
      await page.getByRole('button', { name: 'Inspect' }).last().click();
      await page.locator('.request summary').first().click();
      await inspect('inspector');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await expect(page.getByText('Nothing was changed.')).toBeVisible();
      await page.getByRole('button', { name: 'Redact' }).first().click();
      await inspect('redact');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+f');
      await page.keyboard.type('coat');
      await page.getByRole('button', { name: 'Filters' }).click();
      await expect(page.locator('mark')).toHaveText('coat');
      await inspect('search');

      await talk.open('Agents');
      await page.getByRole('button', { name: /^Restaurant/ }).click();
      await inspect('agent');
      await page.getByRole('button', { name: 'New persona' }).click();
      await expect(page.getByRole('textbox', { name: 'Instructions' })).toBeVisible();
      await inspect('persona');

      await talk.open('Settings');
      await page.getByRole('button', { name: 'Add a server' }).click();
      await inspect('settings');
    });
  });
}

test('no screen is wider than its window, also at twice its size', async ({ talk, page }) => {
  await talk.type('Pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(4));
  await talk.idle();
  for (const screen of ['Talk', 'History', 'Agents', 'VAD Lab', 'Settings'] as const) {
    await talk.open(screen);
    for (const width of [320, 360, 640, 768]) {
      await page.setViewportSize({ width, height: 640 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), `${screen} in ${width} px`)
        .toBe(width);
    }
  }
});

test('everything by keyboard: the skip link, the screens, a message', async ({ talk, page }) => {
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Talk', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No conversations yet.')).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await talk.message.focus();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  await expect(talk.lastTurn()).toContainText('By hand');
  await page.keyboard.press('Escape');
  await talk.idle();
});

test('the key works without holding: Enter on it listens, Enter sends', async ({ talk, microphone, provider }) => {
  provider.setChaos();
  await talk.key.focus();
  await talk.page.keyboard.press('Enter');
  await expect(talk.key).toHaveAttribute('data-mode', 'locked');
  await expect(talk.key).toHaveAttribute('aria-pressed', 'true');
  await microphone.say(await speech('Pressed, not held.'));
  await talk.page.keyboard.press('Enter');
  await expect(talk.lastTurn()).toContainText('What is the weather like today?');
  await talk.idle();
});
