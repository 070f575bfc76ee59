/** The text streams of a room as lines: transcripts of everybody, and what is typed. */
import type { Room, TextStreamReader } from 'livekit-client';
import { STREAM_ATTRIBUTE, TOPIC } from '../../src-preload/room-protocol.ts';
import type { RoomLine } from './transcript-lines.ts';

/** Call before the room is entered. */
export function hearText(room: Room, hear: (line: RoomLine) => void): void {
  let streams = 0;
  const follow = async (reader: TextStreamReader, begun: Omit<RoomLine, 'text'>) => {
    let text = '';
    try {
      for await (const chunk of reader) {
        text += chunk;
        hear({ ...begun, text });
      }
    } catch {
      // A stream that breaks off has said what it said.
    }
  };

  room.registerTextStreamHandler(TOPIC.transcription, (reader, { identity }) => {
    const attributes = reader.info.attributes ?? {};
    const speaker = ownerOf(room, attributes[STREAM_ATTRIBUTE.trackId]) ?? identity;
    const id = attributes[STREAM_ATTRIBUTE.segmentId] || reader.info.id;
    // What an agent says of itself only grows; what it says of others changes until it is marked as final.
    const own = room.remoteParticipants.get(speaker)?.isAgent === true;
    const final = own || attributes[STREAM_ATTRIBUTE.final] === 'true';
    void follow(reader, { id, ...named(room, speaker), final, typed: false, at: Date.now(), stream: ++streams });
  });
  room.registerTextStreamHandler(TOPIC.chat, (reader, { identity }) => {
    const { id } = reader.info;
    void follow(reader, { id, ...named(room, identity), final: true, typed: true, at: Date.now(), stream: ++streams });
  });
}

function named(room: Room, identity: string): Pick<RoomLine, 'identity' | 'name'> {
  return { identity, name: room.getParticipantByIdentity(identity)?.name || identity };
}

/** Some agents send everybody's words in their own name, and say by the track whose they are. */
function ownerOf(room: Room, trackId: string | undefined): string | null {
  if (!trackId) return null;
  const everybody = [room.localParticipant, ...room.remoteParticipants.values()];
  return (
    everybody.find((one) => [...one.trackPublications.values()].some((t) => t.trackSid === trackId))?.identity ?? null
  );
}
