import { describe, expect, it } from 'vitest';
import { KEY_HELD, RPC } from '../../../src-preload/room-protocol.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { startSharedApp } from '../../support/shared-app.ts';
import { speech } from '../../support/speech.ts';

const NAMES = ['anna', 'ben', 'carla'] as const;
const words = await speech('It is my turn to speak now.');

describe.skipIf(!LIVEKIT_SERVER)(needsServer('Three people and one key'), { timeout: 60_000 }, () => {
  it('hears one of them, and tells the others who it is', async () => {
    const { window, livekit, room } = await startSharedApp({ transcript: 'It is my turn.', reply: 'Yes.' });
    const people = await Promise.all(NAMES.map((identity) => RoomPerson.join(livekit, { identity, room })));
    const answers = await Promise.allSettled(people.map((person) => person.call(RPC.startTurn)));
    const winner = answers.findIndex(({ status }) => status === 'fulfilled');
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: KEY_HELD, data: NAMES[winner] });

    // Everybody talks; one is heard.
    await Promise.all(people.map((person) => person.speak(words)));
    await Promise.all(people.map((person) => person.call(RPC.endTurn)));
    const [watcher] = people as [RoomPerson];
    await watcher.until(() => watcher.wordsOf('agent')[0]);
    const turns = [...window.turns.values()];
    expect(turns.map(({ speaker }) => speaker?.identity)).toEqual([NAMES[winner]]);
    expect(watcher.wordsOf(NAMES[winner] as string)).toEqual(['It is my turn.']);
  });

  it('gives it to one after the other where they may wait', async () => {
    const rules = { whenHeld: 'queue' } as const;
    const { window, livekit, room } = await startSharedApp({ transcript: 'It is my turn.', reply: 'Yes.', rules });
    const people = await Promise.all(NAMES.map((identity) => RoomPerson.join(livekit, { identity, room })));
    const [anna, ben, carla] = people as [RoomPerson, RoomPerson, RoomPerson];
    expect(await anna.call(RPC.startTurn)).toBe('ok');
    expect(await ben.call(RPC.startTurn)).toBe('queued');
    expect(await carla.call(RPC.startTurn)).toBe('queued');
    for (const person of [anna, ben, carla]) {
      if (person !== anna) await person.until(() => person.granted > 0);
      await person.speak(words);
      await person.call(RPC.endTurn);
    }
    await window.until(() => ([...window.turns.values()].filter(({ outcome }) => outcome).length === 3 ? true : null));
    expect([...window.turns.values()].map(({ speaker, outcome }) => [speaker?.identity, outcome])).toEqual([
      ['anna', 'completed'],
      ['ben', 'completed'],
      ['carla', 'completed'],
    ]);
  });

  it('passes by whoever left the queue or does not answer', async () => {
    const rules = { whenHeld: 'queue' } as const;
    const { livekit, room } = await startSharedApp({ transcript: 'It is my turn.', reply: 'Yes.', rules });
    const people = await Promise.all(NAMES.map((identity) => RoomPerson.join(livekit, { identity, room })));
    const [anna, ben, carla] = people as [RoomPerson, RoomPerson, RoomPerson];
    await anna.call(RPC.startTurn);
    await ben.call(RPC.startTurn);
    await carla.call(RPC.startTurn);
    await ben.leave();
    await anna.call(RPC.cancelTurn);
    await carla.until(() => carla.granted > 0);
    expect(ben.granted).toBe(0);
  });
});
