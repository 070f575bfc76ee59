/**
 * The words of a conversation as LiveKit's own components expect them: text streams on `lk.transcription`. What a person
 * says comes as the whole text so far, in one stream for each version; what the agent says as it is heard, in one stream
 * that grows, and once more whole when it is over.
 */
import { STREAM_ATTRIBUTE, TOPIC } from '../../../src-preload/room-protocol.ts';
import { patiently } from './patience.ts';
import type { Room, TextStreamWriter } from './sdk.ts';

export interface Segment {
  readonly id: string;
  /** Whose words these are. */
  readonly identity: string;
  /** Of the track that they are the words of; null when there is none. */
  readonly trackId: string | null;
}

export class RoomTranscripts {
  readonly #room: () => Room | null;
  /** One after the other: what is written later must arrive later. */
  #writing: Promise<void> = Promise.resolve();
  #growing: { readonly room: Room; readonly id: string; readonly writer: TextStreamWriter } | null = null;

  /** @param room null while it is out of reach: what is said then is not told */
  constructor(room: () => Room | null) {
    this.#room = room;
  }

  /** The whole text of a segment so far. */
  write(segment: Segment, text: string, final: boolean): void {
    this.#queue(async (room) => {
      if (this.#growing?.id === segment.id) await this.#closeGrowing();
      const writer = await open(room, segment, final);
      await writer.write(text);
      await writer.close();
    });
  }

  /** More of a segment's text. */
  append(segment: Segment, text: string): void {
    this.#queue(async (room) => {
      if (this.#growing?.id !== segment.id) {
        await this.#closeGrowing();
        this.#growing = { room, id: segment.id, writer: await open(room, segment, false) };
      }
      await this.#growing.writer.write(text);
    });
  }

  /** Resolves when everything so far was handed over. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #closeGrowing(): Promise<void> {
    const growing = this.#growing;
    this.#growing = null;
    await growing?.writer.close();
  }

  #queue(work: (room: Room) => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      const room = this.#room();
      // What was begun in a room before goes on in a stream of this one.
      if (this.#growing?.room !== room) this.#growing = null;
      try {
        if (room) await patiently(work(room));
      } catch {
        // The connection went away under it; the log has the words.
        this.#growing = null;
      }
    });
  }
}

async function open(room: Room, { id, identity, trackId }: Segment, final: boolean): Promise<TextStreamWriter> {
  const participant = room.localParticipant;
  if (!participant) throw new Error('not in the room');
  return participant.streamText({
    topic: TOPIC.transcription,
    senderIdentity: identity,
    attributes: {
      [STREAM_ATTRIBUTE.final]: String(final),
      [STREAM_ATTRIBUTE.segmentId]: id,
      ...(trackId === null ? {} : { [STREAM_ATTRIBUTE.trackId]: trackId }),
    },
  });
}
