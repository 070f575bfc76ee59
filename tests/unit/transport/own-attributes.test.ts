import { expect, it } from 'vitest';
import { OwnAttributes } from '../../../src-main/transport/livekit/own-attributes.ts';
import type { LocalParticipant } from '../../../src-main/transport/livekit/sdk.ts';

/** A place in a room that answers as it is told. */
function place(answer: () => Promise<void>) {
  const told: Record<string, string>[] = [];
  const setAttributes = (attributes: Record<string, string>) => {
    told.push(attributes);
    return answer();
  };
  return { told, participant: { setAttributes } as unknown as LocalParticipant };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('tells again what the room has missed', async () => {
  const attributes = new OwnAttributes();
  let reachable = true;
  const { told, participant } = place(async () => {
    if (!reachable) throw new Error('out of reach');
  });
  attributes.enter(participant, { state: 'listening' });
  await soon();
  reachable = false;
  attributes.set({ state: 'speaking' });
  await soon();
  reachable = true;
  attributes.resume();
  await soon();
  expect(told).toEqual([{ state: 'listening' }, { state: 'speaking' }, { state: 'speaking' }]);
});

it('waits in a new room for no answer of the one before', async () => {
  const attributes = new OwnAttributes();
  attributes.enter(place(() => new Promise(() => {})).participant, { state: 'listening' });
  const next = place(async () => {});
  attributes.enter(next.participant, { state: 'listening' });
  await soon();
  expect(next.told).toEqual([{ state: 'listening' }]);
});
