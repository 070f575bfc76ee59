/** Who is heard in a room: limits of holding the key, and a take that is sent again. */
import { expect, it } from 'vitest';
import { Floor, type FloorOptions } from '../../../src-main/app/rooms/floor.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import type { Fault } from '../../../src-main/fault.ts';
import { type Conversation, withHost } from '../../support/conversation.ts';
import { quiet, speech } from '../../support/speech.ts';

const FRAME = 480;
const question = concatSamples([await speech('What can you do for me today?'), quiet(400)]);
const NEVER = 1_000_000;

interface Room {
  readonly conversation: Conversation;
  readonly floor: Floor;
  readonly faults: Fault[];
  readonly refusals: string[];
  speak(identity: string, samples: Int16Array): void;
  turns(): { turnId: string; retryOf: string | null; speaker: string | undefined }[];
}

async function room(options: Partial<FloorOptions> = {}): Promise<Room> {
  const conversation = await withHost({}, { transcript: 'What can you do?', reply: 'I can listen.' });
  const faults: Fault[] = [];
  const refusals: string[] = [];
  const floor = new Floor(conversation.session, {
    rules: () => ({ whenHeld: 'refuse', listening: 'push-to-talk' }),
    admits: () => true,
    owner: null,
    voice: conversation.transport,
    nameOf: (identity) => identity,
    offer: async () => true,
    changed: () => {},
    fault: (fault) => void faults.push(fault),
    refused: ({ code }, { name }) => void refusals.push(`${name} ${code}`),
    ...options,
  });
  return {
    conversation,
    floor,
    faults,
    refusals,
    speak(identity, samples) {
      for (let start = 0; start < samples.length; start += FRAME) {
        floor.hear(identity, samples.slice(start, start + FRAME));
      }
    },
    turns: () =>
      conversation.eventsOf('turn_started').map(({ turnId, retryOf, configuration }) => ({
        turnId,
        retryOf,
        speaker: configuration.input.speaker?.identity,
      })),
  };
}

it('takes the key from whoever brings no sound, and gives it to the next', async () => {
  const { conversation, floor, faults, turns } = await room({ limits: { silentMs: 50, longestMs: NEVER } });
  await floor.start('anna', '');
  const silent = await conversation.outcome(turns()[0]?.turnId as string);
  expect(silent.outcome).toBe('no-speech');
  expect(faults).toMatchObject([
    { code: 'room-key-taken-back', message: 'anna held the key for 0.05 s without speaking' },
  ]);
  expect(floor.holder).toBeNull();
  expect(await floor.start('ben', '')).toBe('ok');
});

it('leaves the key to whoever speaks, until they have had it for long; what they said is answered', async () => {
  const { conversation, floor, faults, speak, turns } = await room({ limits: { silentMs: NEVER, longestMs: 300 } });
  await floor.start('anna', '');
  speak('anna', question);
  const turn = await conversation.outcome(turns()[0]?.turnId as string);
  expect(turn).toMatchObject({ outcome: 'completed', user: 'What can you do?', reply: 'I can listen.' });
  expect(faults.map(({ code }) => code)).toEqual(['room-key-taken-back']);
});

it('takes what is sent again from its beginning in place of what had arrived of it', async () => {
  const { conversation, floor, speak, turns } = await room();
  await floor.start('anna', 'take-1');
  speak('anna', question.slice(0, question.length >> 1));
  // Cut off and back before anybody noticed.
  expect(await floor.start('anna', 'take-1')).toBe('ok');
  expect(floor.holder).toBe('anna');
  speak('anna', question);
  floor.release('anna');
  const [first, second] = turns();
  expect(await conversation.outcome(first?.turnId as string)).toMatchObject({ outcome: 'cancelled' });
  expect(await conversation.outcome(second?.turnId as string)).toMatchObject({ outcome: 'completed' });
  const [, capture] = conversation.eventsOf('capture_ended');
  expect(capture?.report.samples).toBe(question.length);
  expect(second?.retryOf).toBe(first?.turnId);
});

it('knows a take again that was answered half, and a new one for what it is', async () => {
  const { conversation, floor, speak, turns } = await room();
  for (const name of ['take-1', 'take-1', 'take-2', '', '']) {
    await floor.start('anna', name);
    speak('anna', question);
    floor.release('anna');
    await conversation.outcome(turns().at(-1)?.turnId as string);
  }
  const all = turns();
  expect(all.map(({ retryOf }) => retryOf)).toEqual([null, all[0]?.turnId, null, null, null]);
});

it('notes whom it refuses, and why', async () => {
  const { floor, refusals } = await room({ admits: (identity) => identity !== 'carla' });
  await floor.start('anna', '');
  await expect(floor.start('ben', '')).rejects.toMatchObject({ code: 4_090 });
  await expect(floor.start('carla', '')).rejects.toMatchObject({ code: 4_091 });
  expect(refusals).toEqual(['ben room-key-held', 'carla room-not-admitted']);
});
