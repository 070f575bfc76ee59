/** The browser refuses the microphone: its real refusal, from a real (fake) device. */
import { expect, test } from './fixtures.ts';

test.use({
  injectMicrophone: false,
  providerOptions: { reply: 'Good.' },
  launchOptions: async ({ launchOptions }, use) => {
    const args = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...args] });
  },
});

test('says what to allow, and typing works', async ({ talk, page }) => {
  await page.keyboard.down('Space');
  await expect(talk.lastTurn()).toContainText('may not be used by Squelch');
  await expect(talk.lastTurn()).toContainText('Allow the microphone for Squelch');
  await page.keyboard.up('Space');
  await talk.idle();
  await talk.type('Hello');
  await expect(talk.lastTurn()).toContainText('Good.');
  await talk.idle();
});
