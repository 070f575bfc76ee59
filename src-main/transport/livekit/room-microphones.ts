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

const FRAME_MS = 20;

/** @param samples 24 kHz mono, 20 ms */
export type HearSound = (identity: string, samples: Int16Array) => void;

/** Subscribes to every microphone of a room that is not an agent's, and to nothing else. Call it before it connects. */
export function hearMicrophones(room: Room, hear: HearSound): void {
  room.on(RoomEvent.TrackPublished, subscribeToPerson);
  room.on(RoomEvent.TrackSubscribed, (track, _, participant) => void read(track, participant, hear));
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

async function read(track: RemoteTrack, { identity }: Participant, hear: HearSound): Promise<void> {
  if (track.kind !== TrackKind.KIND_AUDIO) return;
  const stream = new AudioStream(track, { sampleRate: PIPELINE_RATE, numChannels: 1, frameSizeMs: FRAME_MS });
  try {
    for await (const { data } of stream) hear(identity, data);
  } catch {
    // The track went away, and with it whoever spoke.
  }
}
