/** Somebody in a LiveKit room with a client of their own: speaks, presses the key by RPC, writes, listens and reads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { concatSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import { patiently } from '../../src-main/transport/livekit/patience.ts';
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  type RemoteParticipant,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '../../src-main/transport/livekit/sdk.ts';
import { RPC, STREAM_ATTRIBUTE, TOPIC } from '../../src-preload/room-protocol.ts';
import type { LiveKitServer } from './livekit-server.ts';

const FRAME = PIPELINE_RATE / 50;
/** Somebody with a key of their own does not let go on the last syllable. */
const SILENCE_MS = 400;
/** Louder than this is a voice and not the line. */
const AUDIBLE = 200;

export interface Line {
  /** Whose words they are. */
  readonly identity: string;
  readonly text: string;
  readonly final: boolean;
  readonly trackId: string | undefined;
}

export interface RoomPersonOptions {
  readonly identity: string;
  readonly name?: string;
  readonly room: string;
}

export class RoomPerson {
  readonly room: Room;
  readonly identity: string;
  /** By segment, as last told. */
  readonly lines = new Map<string, Line>();
  /** How often the key was given to us after waiting for it. */
  granted = 0;
  readonly #source = new AudioSource(PIPELINE_RATE, 1, 2_000);
  readonly #heard = new Map<string, Int16Array[]>();
  readonly #audible = new Map<string, (at: number) => void>();
  readonly #waiting = new Set<() => void>();

  /** In a test of Vitest's, which they leave with. */
  static async join(
    server: LiveKitServer,
    { identity, name = identity, room }: RoomPersonOptions,
  ): Promise<RoomPerson> {
    return RoomPerson.joinWith(server.url, await server.token({ identity, name, room }), identity);
  }

  static async joinWith(url: string, token: string, identity: string): Promise<RoomPerson> {
    const person = await RoomPerson.joinUnheard(url, token, identity);
    await person.#publish();
    return person;
  }

  static async joinUnheardIn(server: LiveKitServer, { identity, room }: RoomPersonOptions): Promise<RoomPerson> {
    return RoomPerson.joinUnheard(server.url, await server.token({ identity, room }), identity);
  }

  /** As a participant without a microphone. */
  static async joinUnheard(url: string, token: string, identity: string): Promise<RoomPerson> {
    const { onTestFinished } = await import('vitest');
    const person = new RoomPerson(identity);
    onTestFinished(() => person.leave());
    await person.#enter(url, token);
    return person;
  }

  /** Outside a test; stays until told to leave. */
  static async enter(
    server: LiveKitServer,
    { identity, name = identity, room }: RoomPersonOptions,
  ): Promise<RoomPerson> {
    return RoomPerson.enterWith(server.url, await server.token({ identity, name, room }), identity);
  }

  static async enterWith(url: string, token: string, identity: string): Promise<RoomPerson> {
    const person = new RoomPerson(identity);
    await person.#enter(url, token);
    await person.#publish();
    return person;
  }

  private constructor(identity: string) {
    this.identity = identity;
    this.room = new Room();
    this.room.registerTextStreamHandler(TOPIC.transcription, async (reader, sender) => {
      const attributes = reader.info.attributes ?? {};
      const id = attributes[STREAM_ATTRIBUTE.segmentId] ?? reader.info.streamId;
      let text = '';
      try {
        for await (const chunk of reader) {
          text += chunk;
          this.#tell(id, { identity: sender.identity, text, attributes });
        }
      } catch {
        // The connection went away.
      }
    });
    this.room.on(RoomEvent.TrackSubscribed, async (track, _, { identity: speaker }) => {
      if (track.kind !== TrackKind.KIND_AUDIO) return;
      const sound: Int16Array[] = this.#heard.get(speaker) ?? [];
      this.#heard.set(speaker, sound);
      for await (const { data } of new AudioStream(track, { sampleRate: PIPELINE_RATE, numChannels: 1 })) {
        sound.push(data);
        if (data.some((sample) => Math.abs(sample) > AUDIBLE)) this.#audible.get(speaker)?.(performance.now());
        this.#wake();
      }
    });
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantAttributesChanged,
      RoomEvent.Reconnected,
      RoomEvent.Disconnected,
    ] as const) {
      this.room.on(event, () => this.#wake());
    }
  }

  /** The agent, as soon as it is there. */
  agent(): Promise<RemoteParticipant> {
    return this.until(() =>
      [...this.room.remoteParticipants.values()].find((one) => 'lk.agent.state' in one.attributes),
    );
  }

  /** @returns what the agent answers. @throws RpcError */
  async call(method: (typeof RPC)[keyof typeof RPC], responseTimeout = 20_000): Promise<string> {
    const { identity } = await this.agent();
    const call = { destinationIdentity: identity, method, payload: '', responseTimeout };
    return (await this.room.localParticipant?.performRpc(call)) ?? '';
  }

  /** Into the microphone, at the pace of sound. */
  async speak(samples: Int16Array): Promise<void> {
    for (let start = 0; start < samples.length; start += FRAME) {
      const frame = new Int16Array(FRAME);
      frame.set(samples.subarray(start, start + FRAME));
      await this.#source.captureFrame(new AudioFrame(frame, PIPELINE_RATE, 1, FRAME));
    }
    await this.#source.waitForPlayout();
  }

  /** Presses, says it, lets go. */
  async say(samples: Int16Array): Promise<void> {
    await this.call(RPC.startTurn);
    await this.speak(concatSamples([samples, new Int16Array((PIPELINE_RATE * SILENCE_MS) / 1000)]));
    await this.call(RPC.endTurn);
  }

  async write(text: string): Promise<void> {
    await this.room.localParticipant?.sendText(text, { topic: TOPIC.chat });
  }

  /** Resolves when somebody is heard next, with the time as `performance.now()` has it. */
  nextSound(identity: string): Promise<number> {
    return new Promise((resolve) => this.#audible.set(identity, resolve));
  }

  /** Everything that was heard of somebody, at 24 kHz. */
  heard(identity: string): Int16Array {
    return concatSamples(this.#heard.get(identity) ?? []);
  }

  /** Final words of somebody, one after the other. */
  wordsOf(identity: string): string[] {
    return [...this.lines.values()].filter((line) => line.final && line.identity === identity).map(({ text }) => text);
  }

  /** Waits for something in the room after which `look` finds something. */
  async until<T>(look: () => T | null | undefined | false): Promise<T> {
    while (true) {
      const found = look();
      if (found) return found;
      // Some of what changes has no event of its own.
      await Promise.race([new Promise<void>((resolve) => this.#waiting.add(resolve)), sleep(100)]);
    }
  }

  async leave(): Promise<void> {
    // A connection that is lost under it may never answer.
    await patiently(this.room.disconnect()).catch(() => {});
    if (!this.#source.closed) await this.#source.close();
  }

  #enter(url: string, token: string): Promise<void> {
    return this.room.connect(url, token, { autoSubscribe: true, dynacast: false });
  }

  async #publish(): Promise<void> {
    const participant = this.room.localParticipant;
    if (!participant) throw new Error('not in the room');
    participant.registerRpcMethod(RPC.turnGranted, async () => {
      this.granted += 1;
      this.#wake();
      return '';
    });
    const track = LocalAudioTrack.createAudioTrack('microphone', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false });
    const publication = await participant.publishTrack(track, options);
    // Before anybody listens nothing can be heard.
    await publication.waitForSubscription();
  }

  #tell(id: string, line: { identity: string; text: string; attributes: Record<string, string> }): void {
    const { identity, text, attributes } = line;
    this.lines.set(id, {
      identity,
      text,
      final: attributes[STREAM_ATTRIBUTE.final] === 'true',
      trackId: attributes[STREAM_ATTRIBUTE.trackId],
    });
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
