/** A guest's page: opened with a link, it holds the key in a real room, and hears and reads along. */

import { LIVEKIT_SERVER, needsServer } from '../support/livekit-server.ts';
import type { AgentBehaviour } from '../support/push-to-talk-agent.ts';
import { joinAsAgent } from '../support/push-to-talk-agent.ts';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './rooms.ts';

test.skip(LIVEKIT_SERVER === null, needsServer('Guests'));

const ADA = { room: 'lab', identity: 'ada', name: 'Ada Lovelace' };

test.describe('with an agent', () => {
  test.beforeEach(({ microphone }) => microphone.plugIn());

  test('holds the key, reads both sides live and hears the answer', async ({ page, livekit, enterAsGuest }) => {
    const agent = await joinAsAgent(livekit, 'lab');
    const guest = await enterAsGuest(page, ADA);
    await expect(guest.member('Clock')).toContainText('agent');
    await guest.hold();
    await expect(guest.member('Ada Lovelace')).toContainText('has the key');
    await guest.speak(await speech('What time is it?'));
    await guest.letGo();
    await expect(guest.line('You')).toHaveText('What time is it?');
    await expect(guest.line('Clock')).toHaveText('It is noon. The sun is high.');
    await expect(guest.member('Clock')).toHaveAttribute('data-speaking', 'true');
    await guest.idle();
    expect(agent.calls).toEqual(['start_turn ada', 'end_turn ada']);
    await expectAccessible(page);
    await agent.leave();
  });

  test('is heard from the first sample to the last', async ({ page, livekit, enterAsGuest }) => {
    const agent = await joinAsAgent(livekit, 'lab');
    const guest = await enterAsGuest(page, ADA);
    const said = await speech('Every word of this sentence must arrive.');
    await guest.say(said);
    await guest.idle();
    const [turn] = agent.turns;
    // A receiver on a busy machine stretches what comes late; it never has less than there was, nor all of it twice.
    expect(voicedMs(turn?.samples)).toBeGreaterThan(voicedMs(said) * 0.9);
    expect(voicedMs(turn?.samples)).toBeLessThan(voicedMs(said) * 1.6);
    await agent.leave();
  });

  test('presses again while the last words are kept: the key says that the microphone is live', async ({
    page,
    livekit,
    enterAsGuest,
  }) => {
    const agent = await joinAsAgent(livekit, 'lab');
    const guest = await enterAsGuest(page, ADA);
    await guest.say(await speech('What time is it?'));
    await guest.hold();
    await guest.letGo();
    await guest.idle();
    await agent.leave();
  });

  test('types, and Esc takes back what was said', async ({ page, livekit, enterAsGuest }) => {
    const agent = await joinAsAgent(livekit, 'lab');
    const guest = await enterAsGuest(page, ADA);
    await guest.message.fill('What time is it?');
    await guest.message.press('Enter');
    await expect(guest.line('Clock')).toHaveText('It is noon. The sun is high.');
    expect(agent.messages).toEqual([{ identity: 'ada', text: 'What time is it?' }]);
    await guest.message.blur();
    await guest.hold();
    await page.keyboard.press('Escape');
    await guest.idle();
    await expect.poll(() => agent.turns.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    await agent.leave();
  });

  test('keeps speaking while the server is away: the turn is sent when it is back', async ({
    page,
    livekit,
    enterAsGuest,
  }) => {
    test.setTimeout(90_000);
    const agent = await joinAsAgent(livekit, 'lab');
    const guest = await enterAsGuest(page, ADA);
    await guest.hold();
    await expect.poll(() => agent.turns.length).toBe(1);
    await livekit.kill();
    await expect(page.getByText('The connection was lost.')).toBeVisible({ timeout: 30_000 });
    const said = await speech('This must not be lost.');
    await guest.speak(said);
    await guest.letGo();
    await expect(guest.key).toContainText('Kept, and sent when the room is back');
    await livekit.run();
    // The agent comes back by itself, as any written with LiveKit's SDK does.
    await expect(guest.line('You')).toHaveText('What time is it?', { timeout: 60_000 });
    expect(agent.turns.map(({ outcome }) => outcome)).toEqual(['cancelled', 'committed']);
    expect(voicedMs(agent.turns[1]?.samples)).toBeGreaterThan(voicedMs(said) * 0.9);
    await agent.leave();
  });
});

test.describe('told why a press was not taken', () => {
  test.beforeEach(({ microphone }) => microphone.plugIn());

  const held = JSON.stringify({ code: 'x', message: 'The log can’t be written', hint: 'Free some space.' });
  const refusals: readonly (readonly [string, AgentBehaviour, string])[] = [
    ['somebody else has the key', { refusal: { code: 4_090, message: 'held', data: 'clock' } }, 'Clock has the key.'],
    ['the agent can’t', { refusal: { code: 4_091, message: 'no', data: held } }, 'The log can’t be written'],
    [
      'an agent of others says no',
      { refusal: { code: 1_500, message: 'not now' } },
      'Clock did not take the turn: not now',
    ],
    ['it never answers', { mute: true }, 'Clock did not answer.'],
  ];
  for (const [why, behaviour, words] of refusals) {
    test(why, async ({ page, livekit, enterAsGuest }) => {
      const agent = await joinAsAgent(livekit, 'lab', behaviour);
      const guest = await enterAsGuest(page, ADA);
      await page.keyboard.down('Space');
      await expect(page.getByText(words)).toBeVisible({ timeout: 15_000 });
      await expect(guest.member('Ada Lovelace')).not.toContainText('has the key');
      await page.keyboard.up('Space');
      await guest.idle();
      await agent.leave();
    });
  }
});

test('is told when the agent takes the key back', async ({ page, livekit, enterAsGuest, microphone }) => {
  await microphone.plugIn();
  const agent = await joinAsAgent(livekit, 'lab');
  const guest = await enterAsGuest(page, ADA);
  await guest.hold();
  await agent.setAttributes({ 'squelch.key.holder': 'ada', 'squelch.key.queue': '[]' });
  await expect(guest.member('Ada Lovelace')).toContainText('has the key');
  await agent.setAttributes({ 'squelch.key.holder': '' });
  await expect(page.getByText('The key was taken back.')).toBeVisible();
  await expect(guest.member('Ada Lovelace')).not.toContainText('has the key');
  await guest.letGo();
  await expectAccessible(page);
  await agent.leave();
});

test('an agent that knows no turns hears whoever holds the key', async ({
  page,
  livekit,
  enterAsGuest,
  microphone,
}) => {
  await microphone.plugIn();
  const agent = await joinAsAgent(livekit, 'lab', { withoutTurns: true });
  const guest = await enterAsGuest(page, ADA);
  await guest.hold();
  await expect(guest.member('Ada Lovelace')).toContainText('has the key');
  await guest.letGo();
  await guest.idle();
  await expect(guest.member('Ada Lovelace')).not.toContainText('has the key');
  await agent.leave();
});

test('two agents, and one that says nonsense: the first is talked to, and it is said', async ({
  page,
  livekit,
  enterAsGuest,
}) => {
  const clock = await joinAsAgent(livekit, 'lab');
  const other = await joinAsAgent(livekit, 'lab', { identity: 'other', name: 'Other' });
  await clock.setAttributes({ 'lk.agent.state': 'dancing', 'squelch.key.queue': '{"not":"a list' });
  await clock.say('lk.transcription', 'Without any attributes', {});
  await clock.say('lk.transcription', 'Not whose', { 'lk.transcribed_track_id': 'TR_nobody', 'lk.segment_id': '' });
  const guest = await enterAsGuest(page, ADA);
  await expect(page.getByText('2 agents are here. You talk to Clock, who came first.')).toBeVisible();
  await clock.say('lk.transcription', 'Still here', { 'lk.transcription_final': 'perhaps' });
  await expect(guest.line('Clock')).toHaveText('Still here');
  await Promise.all([clock.leave(), other.leave()]);
});

test('says that the server records as long as it does', async ({ page, livekit, enterAsGuest }, testInfo) => {
  await enterAsGuest(page, ADA);
  const recorded = page.getByText('Recorded by the server', { exact: true });
  await expect(recorded).toHaveCount(0);
  const recorder = await livekit.record('lab');
  await expect(recorded).toBeVisible();
  await expectAccessible(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const path = testInfo.outputPath(`recorded-${colorScheme}.png`);
    await testInfo.attach(colorScheme, { body: await page.screenshot({ path }), contentType: 'image/png' });
  }
  await recorder.disconnect();
  await expect(recorded).toHaveCount(0);
});

test.describe('not let in, and told why', () => {
  test('with an invitation that has expired', async ({ page, enterAsGuest }) => {
    await enterAsGuest(page, { ...ADA, ttl: -60 }, 'outside');
    await expect(page.getByText('The invitation has expired.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Come in again' })).toBeVisible();
    await expectAccessible(page);
  });

  test('with a token of another server', async ({ page, livekit, guestPage }) => {
    const token = `${await livekit.token(ADA)}x`;
    await page.goto(`${guestPage}#${new URLSearchParams({ url: livekit.url, token })}`);
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect(page.getByText('The server does not accept this token.')).toBeVisible();
  });

  test('with a server that is not there', async ({ page, livekit, guestPage }) => {
    const token = await livekit.token(ADA);
    await livekit.kill();
    await page.goto(`${guestPage}#${new URLSearchParams({ url: livekit.url, token })}`);
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect(page.getByText(/^No LiveKit server answers at 127\.0\.0\.1/)).toBeVisible({ timeout: 20_000 });
  });

  test('into a room that is full', async ({ page, context, livekit, enterAsGuest }) => {
    await livekit.makeRoom('lab', 1);
    await enterAsGuest(page, ADA);
    const second = await context.newPage();
    await enterAsGuest(second, { room: 'lab', identity: 'grace', name: 'Grace Hopper' }, 'outside');
    await expect(second.getByText('the room is probably full')).toBeVisible();
  });

  test('without a link', async ({ page, guestPage }) => {
    await page.goto(`${guestPage}#url=nonsense`);
    await expect(page.getByText('This page needs a link.')).toBeVisible();
  });

  test('any more, once shown out', async ({ page, livekit, enterAsGuest }) => {
    await enterAsGuest(page, ADA);
    await livekit.remove('lab', 'ada');
    await expect(page.getByText('You were shown out of the room.')).toBeVisible();
  });
});

test('with a token that allows to listen alone, a press is refused and said so', async ({
  page,
  livekit,
  guestPage,
  microphone,
}) => {
  await microphone.plugIn();
  const agent = await joinAsAgent(livekit, 'lab');
  const token = await livekit.listenerToken('lab', 'ada');
  await page.goto(`${guestPage}#${new URLSearchParams({ url: livekit.url, token })}`);
  await page.getByRole('button', { name: 'Come in' }).click();
  await expect(page.getByText('Clock')).toBeVisible();
  await page.keyboard.down('Space');
  await expect(page.getByText('You may listen in this room, not speak.')).toBeVisible();
  await page.keyboard.up('Space');
  expect(agent.turns).toEqual([]);
  await agent.leave();
});

test('without a microphone a guest is told, and types', async ({ page, livekit, enterAsGuest }) => {
  const agent = await joinAsAgent(livekit, 'lab');
  const guest = await enterAsGuest(page, ADA);
  await page.keyboard.down('Space');
  await expect(page.getByText('No microphone was found.')).toBeVisible();
  await page.keyboard.up('Space');
  await guest.idle();
  expect(agent.turns.every(({ outcome }) => outcome === 'cancelled')).toBe(true);
  await agent.leave();
});

test('the page talks to the room’s server and to nobody else', async ({ page, enterAsGuest }) => {
  await enterAsGuest(page, ADA);
  const reached = await page.evaluate(() =>
    fetch('https://example.com/').then(
      () => true,
      () => false,
    ),
  );
  expect(reached).toBe(false);
});

/** How long there is a voice, as 20 ms frames that are not quiet. */
function voicedMs(samples: Int16Array = new Int16Array(0)): number {
  let frames = 0;
  for (let start = 0; start + 480 <= samples.length; start += 480) {
    if (samples.subarray(start, start + 480).some((sample) => Math.abs(sample) > 500)) frames += 1;
  }
  return frames * 20;
}
