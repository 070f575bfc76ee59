/** Conversations of several people, over a real LiveKit server. */
import { LIVEKIT_SERVER, needsServer } from '../support/livekit-server.ts';
import { speech } from '../support/speech.ts';
import { Microphone } from './microphone.ts';
import { expect, RoomPage, test } from './rooms.ts';

test.skip(LIVEKIT_SERVER === null, needsServer('Rooms'));

test.describe('a shared conversation', () => {
  test.use({ providerOptions: { transcript: 'What time is it?', reply: 'It is noon. The sun is high.' } });

  test('is held by two at one key: each reads the other’s words, and hears the answer', async ({
    talk,
    page,
    browser,
  }) => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByLabel('Your name').first().fill('Grace Hopper');
    await page.getByRole('button', { name: 'Share', exact: true }).last().click();
    const owner = new RoomPage(page);
    await expect(owner.member('Grace Hopper')).toBeVisible();
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.getByRole('button', { name: 'Close' }).click();

    const context = await browser.newContext();
    const other = await context.newPage();
    await new Microphone(other).plugIn();
    await other.goto(link);
    const guest = new RoomPage(other);
    await guest.comeIn();
    await expect(owner.member('Ada Lovelace')).toBeVisible();
    await guest.say(await speech('What time is it?'));
    await expect(guest.script).toContainText('What time is it?');
    await expect(guest.script).toContainText('It is noon. The sun is high.');
    await expect(owner.script).toContainText('Ada Lovelace');
    await expect(owner.script).toContainText('It is noon. The sun is high.');
    await talk.idle();
    await owner.say(await speech('And tomorrow?'));
    await expect(talk.turns).toHaveCount(2);
    await talk.idle();
    await context.close();
  });
});
