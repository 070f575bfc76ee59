/** The grammar of the talk key, and everything that can take the key away. */
import { speech } from '../support/speech.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

test.use({ providerOptions: { transcript: 'Some words.', reply: 'Good.' } });

const mode = (talk: TalkPage, expected: string) => expect(talk.key).toHaveAttribute('data-mode', expected);

test('a lone tap is discarded and leaves no line', async ({ talk, page, provider }) => {
  await page.keyboard.press('Space', { delay: 80 });
  await talk.idle();
  await expect(talk.turns).toHaveCount(0);
  expect(provider.requests().filter(({ stage }) => stage !== null)).toEqual([]);
});

test('two taps listen without the key; the next press sends', async ({ talk, page, microphone }) => {
  await page.keyboard.press('Space', { delay: 60 });
  await page.keyboard.press('Space', { delay: 60 });
  await mode(talk, 'locked');
  await microphone.say(await speech('Hands free.'));
  await mode(talk, 'locked');
  await page.keyboard.press('Space', { delay: 60 });
  await expect(talk.lastTurn()).toContainText('Some words.');
  await talk.idle();
});

test('the key’s own repetition changes nothing', async ({ talk, page, microphone }) => {
  await talk.hold();
  for (let repeat = 0; repeat < 5; repeat++) await page.keyboard.down('Space');
  await microphone.say(await speech('One turn only.'));
  await talk.letGo();
  await talk.idle();
  await expect(talk.turns).toHaveCount(1);
});

test('Esc discards what was said; it is kept, not sent', async ({ talk, page, microphone, provider }) => {
  await talk.hold();
  await microphone.say(await speech('Forget everything that I have just said, please.'));
  await page.keyboard.press('Escape');
  await expect(talk.lastTurn()).toContainText('(discarded after');
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'cancelled');
  await talk.letGo();
  await talk.idle();
  expect(provider.requests('llm')).toEqual([]);
});

test('a key that comes up in a text field still ends the turn', async ({ talk, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('The focus went elsewhere.'));
  await talk.message.focus();
  await talk.letGo();
  await expect(talk.lastTurn()).toContainText('Some words.');
  await talk.idle();
});

test('Space in the text field is a space', async ({ talk, page }) => {
  await talk.message.focus();
  await page.keyboard.type('two words');
  await expect(talk.message).toHaveValue('two words');
  await mode(talk, 'idle');
});

test('another key can be chosen, and stays chosen', async ({ talk, page }) => {
  await talk.open('Settings');
  await page
    .getByRole('button', { name: /Key to hold|Change/ })
    .first()
    .click();
  await page.keyboard.press('F8');
  await expect(page.getByText('Saved').first()).toBeVisible();
  await page.reload();
  await mode(talk, 'idle');
  await page.keyboard.down('F8');
  await mode(talk, 'recording');
  await page.keyboard.press('Escape');
  await page.keyboard.up('F8');
  await talk.idle();
});

test('a window that loses the focus ends the turn and keeps it', async ({ talk, page, context, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('And then the window went away.'));
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  const other = await context.newPage();
  await other.bringToFront();
  await expect(talk.lastTurn()).toContainText('Some words.');
  await talk.letGo();
  await page.bringToFront();
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
  await other.close();
});

test('a window that is hidden ends the turn and keeps it', async ({ talk, page, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('And then it was hidden.'));
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(talk.lastTurn()).toContainText('Some words.');
  await talk.letGo();
  await talk.idle();
  await expect(talk.turns).toHaveCount(1);
});

test.describe('on macOS', () => {
  test.beforeEach(({ page }) =>
    page.addInitScript(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })),
  );

  test('a key that comes up unheard, because Command is down, is let go with Command', async ({
    talk,
    page,
    microphone,
  }) => {
    await talk.hold();
    await microphone.say(await speech('Then I pressed Command.'));
    await page.keyboard.down('Meta');
    await page.keyboard.up('Meta');
    await expect(talk.lastTurn()).toContainText('Some words.');
    await talk.idle();
  });
});
