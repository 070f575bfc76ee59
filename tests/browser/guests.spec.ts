/** A guest's page: opened with a link, it holds the key in a real room, and hears and reads along. */
import { LIVEKIT_SERVER, needsServer } from '../support/livekit-server.ts';
import { joinAsAgent } from '../support/push-to-talk-agent.ts';
import { speech } from '../support/speech.ts';
import { expect, test } from './rooms.ts';

test.skip(LIVEKIT_SERVER === null, needsServer('Guests'));

test('a guest holds the key, and reads and hears the answer', async ({ page, livekit, enterAsGuest, microphone }) => {
  const agent = await joinAsAgent(livekit, 'lab');
  await microphone.plugIn();
  const guest = await enterAsGuest(page, { room: 'lab', identity: 'ada', name: 'Ada Lovelace' });
  await expect(guest.members).toContainText('Clock');
  await guest.hold();
  const said = await speech('What time is it?');
  await microphone.say(said);
  await expect(guest.member('Ada Lovelace')).toContainText('has the key');
  await page.keyboard.up('Space');
  await expect(guest.script).toContainText('What time is it?');
  await expect(guest.script).toContainText('It is noon. The sun is high.');
  await expect(guest.key).toHaveAttribute('data-mode', 'idle');
  expect(agent.turns).toHaveLength(1);
  await agent.leave();
});
