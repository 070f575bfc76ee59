/** What the people of a room say, each for themselves, as frames of the pipeline. */
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { isAgent } from './participants.ts';
import {
  AudioStream,
  type Participant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  TrackKind,
  TrackSource,
} from './sdk.ts';
import { TrackLosses } from './track-losses.ts';

const FRAME_MS = 20;

export interface Ears {
  /** @param samples 24 kHz mono, 20 ms */
  hear(identity: string, samples: Int16Array): void;
  /** Whether that one has the floor: what of it does not arrive is counted. */
  follows(identity: string): boolean;
  /** @param frames of 20 ms that did not arrive in time; what was heard instead was made up */
  lost(identity: string, frames: number): void;
}

/** Subscribes to every microphone of a room that is not an agent's, and to nothing else. Call it before it connects. */
export function hearMicrophones(room: Room, ears: Ears): void {
  room.on(RoomEvent.TrackPublished, subscribeToPerson);
  room.on(RoomEvent.TrackSubscribed, (track, _, participant) => void read(track, participant, ears));
}

/** To those who were in the room before us. */
export function hearPresent(room: Room): void {
  for (const participant of room.remoteParticipants.values()) {
    for (const publication of participant.trackPublications.values()) subscribeToPerson(publication, participant);
  }
}

/** Of somebody's microphone; null when it is not published. */
export function microphoneOf(participant: Participant): string | null {
  for (const { kind, source, sid } of participant.trackPublications.values()) {
    if (kind === TrackKind.KIND_AUDIO && source === TrackSource.SOURCE_MICROPHONE) return sid ?? null;
  }
  return null;
}

function subscribeToPerson(publication: RemoteTrackPublication, participant: Participant): void {
  const { kind, source } = publication;
  const microphone = source === TrackSource.SOURCE_MICROPHONE || source === TrackSource.SOURCE_UNKNOWN;
  if (kind === TrackKind.KIND_AUDIO && microphone && !isAgent(participant)) publication.setSubscribed(true);
}

async function read(track: RemoteTrack, { identity }: Participant, ears: Ears): Promise<void> {
  if (track.kind !== TrackKind.KIND_AUDIO) return;
  const losses = new TrackLosses(track, (frames) => ears.lost(identity, frames));
  const stream = new AudioStream(track, { sampleRate: PIPELINE_RATE, numChannels: 1, frameSizeMs: FRAME_MS });
  try {
    for await (const { data } of stream) {
      ears.hear(identity, data);
      if (ears.follows(identity)) losses.heard(data);
      else losses.rest();
    }
  } catch {
    // The track went away, and with it whoever spoke.
  }
}
