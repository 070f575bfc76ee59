/** Who is in a room besides us, and how they come through. */
import type { RoomParticipant } from '../../../src-preload/rooms-contract.ts';
import { isAgent, nameOf, qualityName } from './participants.ts';
import { microphoneOf } from './room-microphones.ts';
import { type Participant, type Room, RoomEvent } from './sdk.ts';

export interface Present extends Pick<RoomParticipant, 'identity' | 'name' | 'speaking' | 'connectionQuality'> {
  readonly agent: boolean;
  /** Of the microphone; null when it is not published. */
  readonly trackId: string | null;
}

export interface AttendanceEvents {
  changed(): void;
  left(participant: { readonly identity: string; readonly name: string }): void;
}

export class Attendance {
  readonly #events: AttendanceEvents;
  readonly #names = new Map<string, string>();
  readonly #qualities = new Map<string, RoomParticipant['connectionQuality']>();
  #speaking: ReadonlySet<string> = new Set();
  #room: Room | null = null;

  constructor(events: AttendanceEvents) {
    this.#events = events;
  }

  /** In the order in which they came. */
  get present(): readonly Present[] {
    return [...(this.#room?.remoteParticipants.values() ?? [])].map((participant) => ({
      identity: participant.identity,
      name: nameOf(participant),
      agent: isAgent(participant),
      trackId: microphoneOf(participant),
      speaking: this.#speaking.has(participant.identity),
      connectionQuality: this.#qualities.get(participant.identity) ?? 'unknown',
    }));
  }

  find(identity: string): Present | null {
    return this.present.find((one) => one.identity === identity) ?? null;
  }

  /** Whether that one can be heard right now; also for ourselves. */
  isSpeaking(identity: string): boolean {
    return this.#speaking.has(identity);
  }

  /** Listens to a room that is about to be joined. */
  watch(room: Room): void {
    const { changed } = this.#events;
    room.on(RoomEvent.ParticipantConnected, (participant) => this.#come(participant));
    room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.#leave(identity));
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
      this.#speaking = new Set(speakers.map(({ identity }) => identity));
      changed();
    });
    room.on(RoomEvent.ConnectionQualityChanged, (quality, { identity }) => {
      this.#qualities.set(identity, qualityName(quality));
      changed();
    });
    for (const event of [
      RoomEvent.ParticipantNameChanged,
      RoomEvent.ParticipantAttributesChanged,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
    ] as const) {
      room.on(event, changed);
    }
  }

  /** The room has been joined: who was in the last one and is not in this one has left. */
  enter(room: Room): void {
    this.#room = room;
    this.#speaking = new Set();
    for (const participant of room.remoteParticipants.values())
      this.#names.set(participant.identity, nameOf(participant));
    for (const identity of [...this.#names.keys()]) {
      if (!room.remoteParticipants.has(identity)) this.#leave(identity);
    }
    this.#events.changed();
  }

  #come(participant: Participant): void {
    this.#names.set(participant.identity, nameOf(participant));
    this.#events.changed();
  }

  #leave(identity: string): void {
    const name = this.#names.get(identity) ?? identity;
    this.#names.delete(identity);
    this.#qualities.delete(identity);
    this.#events.left({ identity, name });
    this.#events.changed();
  }
}
