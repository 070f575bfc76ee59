/** Conversations of several people, over a real LiveKit server. */
import type { Page } from '@playwright/test';
import { openAuditReader } from '../../src-main/audit/audit-log.ts';
import { LIVEKIT_SERVER, needsServer } from '../support/livekit-server.ts';
import { joinAsAgent } from '../support/push-to-talk-agent.ts';
import { RoomPerson } from '../support/room-person.ts';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, RoomPage, test } from './rooms.ts';

test.skip(LIVEKIT_SERVER === null, needsServer('Rooms'));

test.describe('a shared conversation', () => {
  test.use({ providerOptions: { transcript: 'What time is it?', reply: 'It is noon. The sun is high.' } });

  test('is held by two at one key: each reads the other live and hears the answer, and the log says who spoke', async ({
    talk,
    page,
    openGuest,
  }) => {
    test.setTimeout(90_000);
    const owner = await share(page);
    const guest = await openGuest(await invite(owner, 'Ada Lovelace'));
    await guest.say(await speech('What time is it?'));
    await expect(guest.line('You')).toHaveText('What time is it?');
    await expect(guest.line('Assistant')).toHaveText('It is noon. The sun is high.');
    await expect(owner.line('Ada Lovelace')).toHaveText('What time is it?');
    await expect(owner.script).toContainText('It is noon. The sun is high.');
    await expect(owner.member('Assistant')).toHaveAttribute('data-speaking', 'true');
    await talk.idle();

    await owner.hold();
    await expect(guest.member('Grace Hopper')).toContainText('has the key');
    await expect(guest.key).toContainText('Grace Hopper has the key');
    await owner.speak(await speech('What time is it?'));
    await expect(guest.member('Grace Hopper')).toHaveAttribute('data-speaking', 'true');
    await owner.letGo();
    await expect(guest.line('Grace Hopper')).toHaveText('What time is it?');
    await talk.idle();
    await expectAccessible(page);
    await expectAccessible(guest.page);

    await page.getByRole('button', { name: 'Stop sharing' }).click();
    await expect(guest.page.getByText('The room was closed.')).toBeVisible();
    await openInHistory(page, /What time is it/);
    await expect(page.getByRole('article').first()).toContainText('Ada Lovelace');
    await expect(page.getByRole('article').last()).toContainText('You');
  });

  test('has one key: who presses second is told who has it', async ({ talk: { page }, openGuest }) => {
    const owner = await share(page);
    const guest = await openGuest(await invite(owner, 'Ada Lovelace'));
    await guest.hold();
    await expect(owner.key).toContainText('Ada Lovelace has the key');
    await expect(owner.key).toHaveAttribute('data-mode', 'idle');
    await page.keyboard.down('Space');
    await expect(page.getByText('Ada Lovelace', { exact: false }).and(page.locator('.notice-message'))).toBeVisible();
    await page.keyboard.up('Space');
    await guest.page.keyboard.press('Escape');
    await guest.letGo();
    await owner.hold();
    await guest.page.keyboard.down('Space');
    await expect(guest.page.getByText('Grace Hopper has the key.')).toBeVisible();
    await guest.page.keyboard.up('Space');
    await page.keyboard.press('Escape');
    await owner.letGo();
  });

  test('goes on when the server was away in mid-turn: what the guest said meanwhile is answered', async ({
    livekit,
    openGuest,
    page,
    microphone,
    host,
  }) => {
    test.setTimeout(120_000);
    await microphone.plugIn();
    // The browser itself complains of a server that is not there.
    await page.goto(host.link);
    const owner = await share(page);
    const guest = await openGuest(await invite(owner, 'Ada Lovelace'));
    const question = await speech('What time is it?');
    await guest.hold();
    await expect(owner.member('Ada Lovelace')).toContainText('has the key');
    await guest.speak(question);
    await livekit.kill();
    await expect(guest.page.getByText('The connection was lost.')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('The connection was lost.')).toBeVisible({ timeout: 30_000 });
    await guest.speak(question);
    await guest.letGo();
    await livekit.run();
    // Both halves, each as the recogniser has it.
    const whole = 'What time is it? What time is it?';
    await expect(guest.line('You')).toHaveText(whole, { timeout: 60_000 });
    await expect(guest.line('Assistant')).toHaveText('It is noon. The sun is high.', { timeout: 20_000 });
    await expect(owner.line('Ada Lovelace')).toHaveText(whole);
    await expect(owner.member('Ada Lovelace')).toBeVisible();
    await expect(page.getByText('The connection was lost.')).toHaveCount(0);
    await owner.idle();

    // What had arrived is in the log once, and so is the whole of it, as the same said again.
    const log = openAuditReader(host.home);
    const [session] = log?.queries.listSessions({ before: null, limit: 1 }) ?? [];
    const told = log?.queries.getSession(session?.id ?? '');
    log?.close();
    const voiced = told?.turns.filter(({ source }) => source === 'voice') ?? [];
    expect(voiced.map(({ speaker }) => speaker?.name)).toEqual(['Ada Lovelace', 'Ada Lovelace']);
    expect(voiced[1]?.retryOf).toBe(voiced[0]?.id);
    expect(voiced[1]?.user.audioMs).toBeGreaterThan(voiced[0]?.user.audioMs ?? 0);
    expect(told?.faults.map(({ code }) => code)).toContain('room-connection-lost');
    await openInHistory(page, /What time is it/);
    await expect(page.getByText(/^The connection to .* was lost\./).first()).toBeVisible();
    await expectAccessible(page);
  });

  test('lets people wait in line, and shows them their place', async ({ page, talk, openGuest }) => {
    test.setTimeout(90_000);
    await choose(page, 'Somebody has the key', 'Others wait their turn');
    const owner = await share(page);
    const ada = await openGuest(await invite(owner, 'Ada Lovelace'));
    const alan = await openGuest(await invite(owner, 'Alan Turing'));
    await ada.hold();
    await alan.hold();
    await alan.speak(await speech('What time is it?'));
    await alan.letGo();
    await expect(alan.key).toContainText('Next to have the key');
    await ada.speak(await speech('What time is it?'));
    await ada.letGo();
    await expect(owner.line('Ada Lovelace')).toHaveText('What time is it?');
    // What was said while waiting is sent when the turn comes.
    await expect(owner.line('Alan Turing')).toHaveText('What time is it?', { timeout: 20_000 });
    await alan.idle();
    await talk.idle();
  });

  test('hears whoever speaks, where that is chosen', async ({ page, talk, livekit }) => {
    await choose(page, 'How others speak', 'With an open microphone');
    const owner = await share(page);
    const room = await livekit.onlyRoom();
    const anna = await RoomPerson.enter(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.agent();
    await anna.speak(await speech('What time is it?'));
    await anna.speak(new Int16Array(24_000 * 2));
    await expect(owner.line('Anna')).toHaveText('What time is it?');
    await anna.leave();
    await talk.idle();
  });

  test('takes an invitation back: the guest is shown out', async ({ talk: { page }, openGuest }) => {
    const owner = await share(page);
    const guest = await openGuest(await invite(owner, 'Ada Lovelace'));
    await page.getByRole('button', { name: 'Invite' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take back the link of Ada Lovelace' }).click();
    await expect(page.getByText('taken back')).toBeVisible();
    await expect(guest.page.getByText('You were shown out of the room.')).toBeVisible();
  });
});

test.describe('a room with somebody else’s agent', () => {
  test('is joined with a token: the turn is taken there, and kept here', async ({ talk, page, livekit }) => {
    test.setTimeout(60_000);
    const agent = await joinAsAgent(livekit, 'lab');
    const token = await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace Hopper' });
    await page.getByRole('button', { name: 'Share' }).click();
    await expectAccessible(page);
    await page.getByLabel('Address').fill(livekit.url);
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Join' }).click();
    const room = new RoomPage(page);
    await expect(room.member('Clock')).toContainText('agent');
    const said = await speech('What time is it, please?');
    await room.say(said);
    await expect(room.line('You')).toHaveText('What time is it?');
    await expect(room.line('Clock')).toHaveText('It is noon. The sun is high.');
    await talk.idle();
    expect(agent.calls).toEqual(['start_turn grace', 'end_turn grace']);
    await room.message.fill('And tomorrow?');
    await room.message.press('Enter');
    await expect(room.script.getByRole('article')).toHaveCount(4);
    await room.message.blur();
    await talk.idle();
    expect(agent.messages).toEqual([{ identity: 'grace', text: 'And tomorrow?' }]);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Leave the room' }).click();
    await expect(room.members).toHaveCount(0);
    await openInHistory(page, /What time is it/);
    const turn = page.getByRole('article').first();
    await expect(turn).toContainText('It is noon. The sun is high.');
    await expect(page.getByRole('article').last()).toContainText('And tomorrow?');
    await expect(page.getByRole('article').last()).toContainText('It is noon. The sun is high.');
    for (const what of ['what you said', 'what Squelch said']) {
      await turn.getByRole('button', { name: `Play ${what}` }).click();
      await expect(turn.getByRole('button', { name: `Pause ${what}` })).toBeVisible();
    }
    await agent.leave();
  });

  test('is joined by its name, with the key of the Settings', async ({ talk, page, livekit }) => {
    const agent = await joinAsAgent(livekit, 'lab');
    await page.getByRole('button', { name: 'Share' }).click();
    const form = page.getByRole('form', { name: 'Join a room' });
    await form.getByLabel('With').selectOption('the room’s name');
    await form.getByRole('button', { name: 'Join' }).click();
    await expect(form.getByText('Fill in both fields')).toBeVisible();
    await form.getByLabel('Room').fill('lab');
    await form.getByLabel('Your name').fill('Grace Hopper');
    await expectAccessible(page);
    await form.getByRole('button', { name: 'Join' }).click();
    const room = new RoomPage(page);
    await expect(room.member('Grace Hopper')).toBeVisible();
    await room.say(await speech('What time is it?'));
    await expect(room.line('Clock')).toHaveText('It is noon. The sun is high.');
    await talk.idle();
    await agent.leave();
  });

  test('keeps what is said while its server is away, and sends it when it is back', async ({
    page,
    livekit,
    host,
    microphone,
  }) => {
    test.setTimeout(120_000);
    const agent = await joinAsAgent(livekit, 'lab');
    await microphone.plugIn();
    // The browser itself complains of a server that is not there.
    await page.goto(host.link);
    await join(page, livekit.url, await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace Hopper' }));
    const room = new RoomPage(page);
    // At once: what is said while the room is being entered counts too.
    await expect(page.getByRole('button', { name: 'Leave the room' })).toBeVisible();
    await room.hold();
    await expect.poll(() => agent.turns.length).toBe(1);
    await livekit.kill();
    await expect(page.getByText('The connection was lost.')).toBeVisible({ timeout: 30_000 });
    await room.speak(await speech('This must not be lost.'));
    await room.letGo();
    await expect(room.key).toContainText('Kept, and sent when the room is back');
    await livekit.run();
    await expect(room.line('Clock')).toHaveText('It is noon. The sun is high.', { timeout: 60_000 });
    await room.idle();
    expect(agent.turns.map(({ outcome }) => outcome)).toEqual(['cancelled', 'committed']);
    await openInHistory(page, /What time is it/);
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page.getByRole('article')).toContainText('It is noon. The sun is high.');
    await agent.leave();
  });

  test('gets a turn that failed again, as it was said', async ({ talk, page, livekit }) => {
    test.setTimeout(90_000);
    const grumpy = await joinAsAgent(livekit, 'lab', { refusal: { code: 1_500, message: 'not now' } });
    await join(page, livekit.url, await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace Hopper' }));
    const room = new RoomPage(page);
    await expect(room.member('Clock')).toBeVisible();
    const said = await speech('What time is it, please?');
    await room.say(said);
    await expect(page.getByText('Clock did not take the turn: not now.')).toBeVisible();
    await room.idle();
    await expectAccessible(page);
    await grumpy.leave();
    const agent = await joinAsAgent(livekit, 'lab');
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(room.line('Clock')).toHaveText('It is noon. The sun is high.');
    await talk.idle();
    await expect(page.getByRole('button', { name: 'Retry' })).toHaveCount(0);
    expect(agent.turns.map(({ outcome }) => outcome)).toEqual(['committed']);
    expect(agent.turns[0]?.samples.length).toBeGreaterThan(said.length * 0.9);
    await agent.leave();
  });

  test('gets what was typed again, after an agent that left over it', async ({ talk, page, livekit }) => {
    const leaving = await joinAsAgent(livekit, 'lab', { replyMs: 20_000 });
    await join(page, livekit.url, await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace Hopper' }));
    const room = new RoomPage(page);
    await expect(room.member('Clock')).toBeVisible();
    await room.message.fill('And tomorrow?');
    await room.message.press('Enter');
    await expect(room.member('Clock')).toHaveAttribute('data-speaking', 'true');
    await leaving.leave();
    await expect(page.getByText('The agent left the room while answering.', { exact: true })).toBeVisible();
    const agent = await joinAsAgent(livekit, 'lab');
    await expect(room.member('Clock')).toBeVisible();
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => agent.messages).toEqual([{ identity: 'grace', text: 'And tomorrow?' }]);
    await talk.idle();
    await expect(page.getByRole('button', { name: 'Retry' })).toHaveCount(0);
    await agent.leave();
  });

  test('the window itself reaches nobody but its core, and its frame the room’s server alone', async ({
    page,
    livekit,
    host,
    microphone,
  }) => {
    await microphone.plugIn();
    await page.goto(host.link);
    const policy = () =>
      page.evaluate(async () => (await fetch('/room.html')).headers.get('content-security-policy') ?? '');
    expect(await policy()).toMatch(/connect-src 'self';/);
    await join(page, livekit.url, await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace' }));
    await expect(new RoomPage(page).member('Grace')).toBeVisible();
    const { host: server } = new URL(livekit.url);
    expect(await policy()).toContain(`connect-src 'self' ws://${server} http://${server};`);
    const reach = (url: string) =>
      fetch(url, { mode: 'no-cors' }).then(
        () => true,
        () => false,
      );
    expect(await page.evaluate(reach, `http://${server}/`)).toBe(false);
    const [frame] = page.frames().filter((one) => one.url().endsWith('/room.html'));
    expect(await frame?.evaluate(reach, `http://${server}/`)).toBe(true);
    expect(await frame?.evaluate(reach, `http://127.0.0.1:${host.port + 1}/`)).toBe(false);
    await page.getByRole('button', { name: 'Leave the room' }).click();
    await expect.poll(policy).toMatch(/connect-src 'self';/);
    await expect.poll(() => page.frames()).toHaveLength(1);
  });

  test('with a server that is not there: said, and the window is as before', async ({ page, livekit, host }) => {
    await page.goto(host.link);
    const token = await livekit.token({ room: 'lab', identity: 'grace', name: 'Grace' });
    await livekit.kill();
    await join(page, livekit.url, token);
    await expect(page.getByText(/^No LiveKit server answers at/)).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Leave the room' }).click();
    await expect(page.locator('[data-talk-key]')).toContainText('Hold to talk');
  });
});

async function openInHistory(page: Page, title: RegExp): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'History' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: title }).click();
}

async function share(page: Page): Promise<RoomPage> {
  await page.getByRole('button', { name: 'Share' }).click();
  const form = page.getByRole('form', { name: 'Share this conversation' });
  await form.getByLabel('Your name').fill('Grace Hopper');
  await form.getByRole('button', { name: 'Share' }).click();
  const owner = new RoomPage(page);
  await expect(owner.member('Grace Hopper')).toBeVisible();
  return owner;
}

async function choose(page: Page, setting: string, choice: string): Promise<void> {
  const screens = page.getByRole('navigation', { name: 'Screens' });
  await screens.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel(setting).selectOption(choice);
  await screens.getByRole('button', { name: 'Talk' }).click();
}

/** @returns the link */
async function invite({ page }: RoomPage, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByRole('img', { name: `QR code of the link for ${name}` })).toBeVisible();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.getByRole('button', { name: 'Close' }).click();
  return link;
}

async function join(page: Page, url: string, token: string): Promise<void> {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('Address').fill(url);
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Join' }).click();
}
