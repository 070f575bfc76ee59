import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudioFile } from '../../../src-main/audio/decode.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { measureLevel } from '../../../src-main/audio/level.ts';
import { RPC } from '../../../src-preload/room-protocol.ts';
import type { RoomsView } from '../../../src-preload/rooms-contract.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { type SharedApp, type SharedAppOptions, startSharedApp } from '../../support/shared-app.ts';
import { channelsOf, find } from '../../support/sound-places.ts';
import { quiet, speech } from '../../support/speech.ts';

const question = await speech('What can you do for me today?');

function isAudible(samples: Int16Array): boolean {
  return measureLevel(samples).rmsDbfs > -50;
}

/** An app that shares, and what its window was last told of the room. */
async function share(options: SharedAppOptions = {}): Promise<SharedApp & { rooms: () => RoomsView | null }> {
  const shared = await startSharedApp({ transcript: 'What can you do?', reply: 'I can listen.', ...options });
  let view: RoomsView | null = null;
  shared.window.on('room.changed', (changed) => {
    view = changed;
  });
  return { ...shared, rooms: () => view };
}

describe.skipIf(!LIVEKIT_SERVER)(needsServer('A shared conversation'), { timeout: 60_000 }, () => {
  it('answers a guest in the room, and the log says who spoke', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.say(question);

    await anna.until(() => anna.wordsOf('agent')[0]);
    expect(anna.wordsOf('anna')).toEqual(['What can you do?']);
    expect(anna.wordsOf('agent')).toEqual(['I can listen.']);
    expect(isAudible(anna.heard('agent'))).toBe(true);
    const turn = await window.outcome([...window.turns.keys()][0] as string);
    expect(turn).toMatchObject({ outcome: 'completed', speaker: { identity: 'anna', name: 'Anna' } });
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]).toMatchObject({ speaker: { identity: 'anna', name: 'Anna' } });
  });

  it('lets the guests follow what is said at this machine', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    const owner = await window.invoke('room.access', {});
    const olga = await RoomPerson.joinWith(owner.url, owner.token, 'owner');
    const turn = await window.say(concatSamples([question, quiet(400)]));

    expect(turn).toMatchObject({ outcome: 'completed', speaker: null });
    await anna.until(() => anna.wordsOf('agent')[0]);
    expect(anna.wordsOf('owner')).toEqual(['What can you do?']);
    expect(anna.wordsOf('agent')).toEqual(['I can listen.']);
    await olga.until(() => isAudible(olga.heard('agent')));
    expect([...window.played.values()], 'the window hears the agent in the room').toEqual([]);
  });

  it('refuses whoever sits here while a guest speaks, and says who', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.call(RPC.startTurn);
    await expect(window.press()).rejects.toMatchObject({ code: 'key-held', message: 'Anna is speaking' });
    await anna.call(RPC.cancelTurn);
    await window.until(() => window.conversation?.phase === 'idle' || null);
    await window.press();
    await expect(anna.call(RPC.startTurn)).rejects.toMatchObject({ code: 4_090, data: 'owner' });
    const turnId = window.conversation?.turnId;
    const { sessionId } = window.turns.get(turnId ?? '') ?? {};
    const logged = async () => (await window.invoke('sessions.get', { sessionId: sessionId ?? '' })).faults;
    await expect
      .poll(logged)
      .toMatchObject([
        { turnId, code: 'room-key-held', participant: { identity: 'anna', name: 'Anna' }, hint: expect.any(String) },
      ]);
  });

  it('answers what a guest writes', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.agent();
    await anna.write('What can you do?');
    await anna.until(() => anna.wordsOf('agent')[0]);
    const turn = await window.outcome([...window.turns.keys()][0] as string);
    expect(turn).toMatchObject({ source: 'text', outcome: 'completed', speaker: { identity: 'anna', name: 'Anna' } });
    expect(turn.user.committed).toBe('What can you do?');
  });

  it('keeps and answers what somebody said who leaves with the key', async () => {
    const { window, livekit, room, rooms } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    const ben = await RoomPerson.join(livekit, { identity: 'ben', room });
    await anna.call(RPC.startTurn);
    await anna.speak(concatSamples([question, quiet(400)]));
    await anna.leave();

    await ben.until(() => ben.wordsOf('agent')[0]);
    const turn = await window.outcome([...window.turns.keys()][0] as string);
    expect(turn).toMatchObject({ outcome: 'completed', speaker: { name: 'Anna' } });
    expect(rooms()?.room?.fault).toMatchObject({ code: 'room-speaker-left' });
    const { faults } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(faults).toMatchObject([{ turnId: turn.id, code: 'room-speaker-left', participant: { name: 'Anna' } }]);
    expect(await ben.call(RPC.startTurn)).toBe('ok');
  });

  it('invites guests by a link, and shows out whom it revokes', async () => {
    const { window, rooms } = await share();
    const { id, link } = await window.invoke('room.invite', { name: 'Carla', expiresInMs: 60_000 });
    const [page, invitation] = link.split('#');
    expect(page).toBe('https://guests.example/page');
    const parameters = new URLSearchParams(invitation);
    const [url, token] = ['url', 'token'].map((name) => parameters.get(name) as string) as [string, string];

    const carla = await RoomPerson.joinWith(url, token, id);
    await window.until(() => rooms()?.room?.participants.find(({ role }) => role === 'guest'));
    await carla.agent();
    await window.invoke('room.revoke', { guestId: id });
    await carla.until(() => !carla.room.isConnected);
    // The token itself is good until it expires.
    const again = await RoomPerson.joinUnheard(url, token, id);
    await again.until(() => !again.room.isConnected);
    expect(rooms()?.room?.guests).toMatchObject([{ name: 'Carla', revoked: true }]);
  });

  it('tells of a second agent, and is not heard by it', async () => {
    const { window, livekit, room, rooms } = await share();
    const other = await livekit.token({ identity: 'other-agent', name: 'Other', room, agent: true });
    const second = await RoomPerson.joinUnheard(livekit.url, other, 'other-agent');
    await window.until(() => rooms()?.room?.fault?.code === 'room-second-agent' || null);
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    await anna.say(question);
    await anna.until(() => anna.wordsOf('agent')[0]);
    await second.leave();
  });

  it('survives chat that is no chat', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    await anna.agent();
    await anna.write('   ');
    await anna.write('x'.repeat(200_000));
    const broken = await anna.room.localParticipant?.streamText({ topic: 'lk.chat' });
    await broken?.write('never finished');
    await anna.room.localParticipant?.setAttributes({ 'lk.agent.state': '', 'squelch.key.queue': '{' });
    await anna.room.localParticipant?.setAttributes({ 'lk.agent.state': '', 'squelch.key.queue': '' });
    const ben = await RoomPerson.join(livekit, { identity: 'ben', room });
    await ben.write('Hello');
    await ben.until(() => ben.wordsOf('agent')[0]);
    expect([...window.turns.values()].map(({ user }) => user.committed)).toEqual(['Hello']);
  });

  it('stops reading what is longer than it would read', async () => {
    const { window, livekit, room, rooms } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    await anna.agent();
    const endless = await anna.room.localParticipant?.streamText({ topic: 'lk.chat' });
    for (let written = 0; written <= 100_000; written += 10_000) await endless?.write('x'.repeat(10_000));
    // It is never closed.
    await window.until(() => rooms()?.room?.fault?.code === 'room-message-too-long' || null);
  });

  it('exports both voices, each on its side', async () => {
    const { window, livekit, room } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.say(question);
    await anna.until(() => anna.wordsOf('agent')[0]);
    const { id, sessionId } = await window.outcome([...window.turns.keys()][0] as string);
    for (const track of ['user', 'agent'] as const) {
      const { path } = await window.invoke('sessions.export', {
        exportId: `${id}-${track}`,
        selection: { sessionIds: [sessionId] },
        format: 'mp3',
        track,
      });
      const sound: Int16Array[] = [];
      for await (const { samples } of decodeAudioFile(path)) sound.push(samples);
      expect(isAudible(concatSamples(sound)), track).toBe(true);
    }
    const take = (format: 'json' | 'mp3') =>
      window.invoke('sessions.export', {
        exportId: `${id}-${format}`,
        selection: { sessionIds: [sessionId] },
        format,
        track: 'both',
      });
    const [document, sound] = await Promise.all([take('json'), take('mp3')]);
    const [{ user, reply, timeline }] = JSON.parse(await readFile(document.path, 'utf8')).turns;
    const home = dirname(dirname(document.path));
    const voices = [
      { file: user.audio.file, at: timeline.user },
      { file: reply.audio.file, at: timeline.agent[0] },
    ];
    const channels = await channelsOf(sound.path);
    for (const [side, { file, at }] of voices.entries()) {
      const [voice] = await channelsOf(join(home, file));
      const piece = Int16Array.from(voice?.subarray(at.firstSample, at.firstSample + at.samples) ?? []);
      const { offMs, likeness } = find(channels[side] as Float32Array, piece, at.startMs);
      expect(Math.abs(offMs)).toBeLessThanOrEqual(50);
      expect(likeness).toBeGreaterThan(0.9);
    }
    expect(timeline.agent[0].startMs).toBeGreaterThanOrEqual(timeline.user.startMs + timeline.user.durationMs);
  });
});
