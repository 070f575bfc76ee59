/** A room with everything it needs: the way in, the way of the microphone, the loudspeaker. */
import type { StoreApi } from 'zustand/vanilla';
import type { FaultView } from '../../src-preload/contract.ts';
import { newTakeId } from '../talk/take-id.ts';
import type { RoomKey } from './room-key.ts';
import { type RoomAccess, RoomLink } from './room-link.ts';
import type { RoomState } from './room-state.ts';
import { RoomTurns } from './room-turns.ts';
import { RoomVoices } from './room-voices.ts';
import { SpokenAlong } from './spoken-along.ts';
import { Uplink } from './uplink.ts';

export interface OpenRoomOptions {
  /** Asked before every attempt to get in. */
  readonly access: () => Promise<RoomAccess>;
  /** `turns`: the key talks to the room's agent. `along`: it talks to the core, and the room listens. */
  readonly mode: 'turns' | 'along';
  /** Brings the capture's packets. */
  readonly capture: MessagePort;
  /** Takes packets of what the agent was heard to say; null where nobody keeps them. */
  readonly heard: MessagePort | null;
  /** Where the room is heard. */
  readonly context: AudioContext;
  /** The agent did not take the turn. */
  readonly refused: (takeId: number, fault: FaultView) => void;
}

export interface OpenRoom {
  readonly store: StoreApi<RoomState>;
  readonly key: RoomKey;
  say(text: string): Promise<void>;
  /** Sound of a turn that is sent again, as one take. @param samples 24 kHz mono */
  sayAgain(samples: Int16Array): void;
  leave(): Promise<void>;
}

/** Returns before it is in the room; `store` tells how it goes. */
export async function openRoom(options: OpenRoomOptions): Promise<OpenRoom> {
  const { access, mode, capture, heard, context, refused } = options;
  const [uplink, voices] = await Promise.all([Uplink.open(capture), RoomVoices.open(context, heard)]);
  const link = new RoomLink({ access, track: uplink.track, voices });
  void link.enter();
  const key =
    mode === 'turns' ? new RoomTurns({ link, uplink, voices, refused }) : new SpokenAlong(link, uplink, voices);
  return {
    store: link.store,
    key,
    say: (text) => link.say(text),
    sayAgain(samples) {
      const takeId = newTakeId();
      uplink.keep(takeId, samples);
      key.begin(takeId);
      key.end(takeId);
    },
    async leave() {
      await link.leave();
      voices.close();
      uplink.close();
    },
  };
}
