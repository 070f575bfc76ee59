/** The window in a room with an agent that is really written with LiveKit Agents, as its push-to-talk example is. */
import type { Page } from '@playwright/test';
import { type PeerAgent, startPeerAgent, whyNoPeer } from '../support/livekit-agents.ts';
import { LIVEKIT_SERVER, needsServer } from '../support/livekit-server.ts';
import { speech } from '../support/speech.ts';
import { expect, RoomPage, test as roomTest } from './rooms.ts';

interface PeerFixtures {
  /** In the room `lab`, as Clock. */
  peer: PeerAgent;
  /** The window, in that room. */
  room: RoomPage;
}

const test = roomTest.extend<PeerFixtures, { whyNot: string | null }>({
  whyNot: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      const reason = whyNoPeer();
      if (reason) process.stderr.write(`The tests with LiveKit Agents are skipped: ${reason}.\n`);
      await use(reason);
    },
    { scope: 'worker', timeout: 300_000 },
  ],

  peer: async ({ whyNot, livekit, provider }, use, testInfo) => {
    testInfo.skip(whyNot !== null, whyNot ?? '');
    const token = await livekit.token({ room: 'lab', identity: 'clock', name: 'Clock', agent: true });
    const peer = await startPeerAgent(livekit.url, [token], provider.baseUrl);
    await use(peer);
    await peer.stop();
  },

  room: async ({ peer: _, talk: { page }, livekit }, use) => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByLabel('Address').fill(livekit.url);
    await page
      .getByLabel('Token', { exact: true })
      .fill(await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace Hopper' }));
    await page.getByRole('button', { name: 'Join' }).click();
    const room = new RoomPage(page);
    await expect(room.member('Clock')).toContainText('agent');
    await use(room);
  },
});

test.skip(LIVEKIT_SERVER === null, needsServer('LiveKit Agents'));
test.setTimeout(60_000);

test.describe('an agent written with LiveKit Agents', () => {
  test.use({ providerOptions: { transcript: 'What time is it?', reply: 'It is noon. The sun is high.' } });

  test('answers in words and with its voice, turn after turn, and the log has both sides', async ({
    room,
    page,
    provider,
  }) => {
    const said = await speech('What time is it?');
    await room.say(said);
    await expect(room.line('You')).toHaveText('What time is it?');
    await expect(room.line('Clock')).toHaveText('It is noon. The sun is high.');
    await expect(room.member('Clock')).toHaveAttribute('data-speaking', 'true');
    await room.idle();
    await room.say(said);
    await expect(room.script.getByRole('article')).toHaveCount(4);
    await room.idle();
    expect(provider.requests().flatMap(({ stage }) => stage ?? [])).toEqual(['stt', 'llm', 'tts', 'stt', 'llm', 'tts']);
    for (const { audio } of provider.requests('stt')) {
      const heardMs = ((audio?.samples.length ?? 0) / (audio?.sampleRate ?? 1)) * 1000;
      expect(heardMs, 'it cuts the head of what it hears itself').toBeGreaterThan((said.length / 24) * 0.6);
    }

    await openInHistory(page);
    for (const turn of [page.getByRole('article').first(), page.getByRole('article').last()]) {
      await expect(turn).toContainText('What time is it?');
      await expect(turn).toContainText('It is noon. The sun is high.');
      for (const what of ['what you said', 'what Squelch said']) {
        await turn.getByRole('button', { name: `Play ${what}` }).click();
        await expect(turn.getByRole('button', { name: `Pause ${what}` })).toBeVisible();
      }
    }
  });
});

test.describe('the key, with an agent written with LiveKit Agents', () => {
  const reply = 'One is the first of them. Two is the next. Three is the third. Four is the last of them all.';
  test.use({ providerOptions: { transcript: 'Count to four.', reply } });

  test('takes back what was said, and interrupts the answer', async ({ room, page, provider }) => {
    await room.hold();
    await room.speak(await speech('Never mind.'));
    await page.keyboard.press('Escape');
    await room.letGo();
    await room.idle();
    await room.say(await speech('Count to four.'));
    await expect(room.line('Clock')).toContainText('One is');
    await room.say(await speech('Count to four.'));
    await expect(room.script.getByRole('article')).toHaveCount(4);
    await room.idle();
    expect(provider.requests('llm')).toHaveLength(2);
    await openInHistory(page);
    const outcomes = await page.getByRole('article').evaluateAll((turns) => turns.map((turn) => turn.dataset.outcome));
    expect(outcomes).toEqual(['cancelled', 'interrupted', 'completed']);
  });
});

async function openInHistory(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'History' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').first().click();
  await expect(page.getByRole('article').first()).toBeVisible();
}
