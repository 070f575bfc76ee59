/** A microphone that is missing, refused or taken away: named as the cause, and typing still works. */
import { speech } from '../support/speech.ts';
import { expect, test } from './fixtures.ts';

test.use({ providerOptions: { transcript: 'Half a sentence.', reply: 'Good.' } });

test.describe('without one', () => {
  test.use({ injectMicrophone: false });

  test('says so, and typing works', async ({ talk, page }) => {
    await page.keyboard.down('Space');
    await expect(talk.lastTurn()).toContainText('No microphone was found.');
    await expect(talk.lastTurn()).toContainText('You can type meanwhile.');
    await page.keyboard.up('Space');
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'failed');
    await talk.type('Hello');
    await expect(talk.lastTurn()).toContainText('Good.');
    await talk.idle();
  });
});

test('unplugged in mid-sentence: what was said is sent, and the loss is said', async ({ talk, page, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('This is half of a sentence that'));
  await microphone.unplug();
  await expect(talk.lastTurn()).toContainText('Half a sentence.');
  await expect(page.getByText(/went away while you spoke/)).toBeVisible();
  await talk.letGo();
  await talk.idle();
});
