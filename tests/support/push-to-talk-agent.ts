/**
 * An agent in a LiveKit room that is nobody's product: it behaves as an agent written from LiveKit's push-to-talk
 * example does, over its SDK for Node, and keeps what it heard. Its answer is a tone.
 */
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  type RemoteTrack,
  Room,
  RoomEvent,
  RpcError,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { LiveKitServer } from './livekit-server.ts';

const RATE = 24_000;
const FRAME = RATE / 50;

export interface HeardTurn {
  readonly identity: string;
  /** 24 kHz, between `start_turn` and `end_turn`. */
  samples: Int16Array;
  outcome: 'open' | 'committed' | 'cancelled';
}

export interface AgentBehaviour {
  readonly identity?: string;
  readonly name?: string;
  /** What it says it has heard, word by word as interim results. */
  readonly transcript?: string;
  readonly reply?: string;
  /** Length of the tone that it answers with. */
  readonly replyMs?: number;
  /** Knows no turns by key. */
  readonly withoutTurns?: boolean;
  /** Never answers a call. */
  readonly mute?: boolean;
  /** Takes no turn, and says so. */
  readonly refusal?: { readonly code: number; readonly message: string; readonly data?: string };
}

export interface TestAgent {
  readonly turns: readonly HeardTurn[];
  /** What was typed, and by whom. */
  readonly messages: readonly { readonly identity: string; readonly text: string }[];
  /** Everything that was called, in order. */
  readonly calls: readonly string[];
  setAttributes(attributes: Record<string, string>): Promise<void>;
  /** Sends one text stream. */
  say(topic: string, text: string, attributes: Record<string, string>): Promise<void>;
  leave(): Promise<void>;
}

export async function joinAsAgent(
  livekit: LiveKitServer,
  roomName: string,
  behaviour: AgentBehaviour = {},
): Promise<TestAgent> {
  const { identity = 'clock', name = 'Clock' } = behaviour;
  const { transcript = 'What time is it?', reply = 'It is noon. The sun is high.', replyMs = 600 } = behaviour;
  const turns: HeardTurn[] = [];
  const messages: { identity: string; text: string }[] = [];
  const calls: string[] = [];
  const room = new Room();
  const source = new AudioSource(RATE, 1);
  let open: HeardTurn | null = null;
  let segments = 0;
  let speaking = new AbortController();

  const state = (name: string) => local().setAttributes({ 'lk.agent.state': name });
  const local = () => {
    if (!room.localParticipant) throw new Error('The agent is not in the room');
    return room.localParticipant;
  };

  const hear = async (track: RemoteTrack, identity: string) => {
    for await (const { data } of new AudioStream(track, RATE, 1)) {
      if (open?.identity !== identity) continue;
      const longer = new Int16Array(open.samples.length + data.length);
      longer.set(open.samples);
      longer.set(data, open.samples.length);
      open.samples = longer;
    }
  };

  const transcribe = async (identity: string) => {
    const segment = `user-${++segments}`;
    const words = transcript.split(' ');
    for (let count = 1; count <= words.length; count++) {
      const final = count === words.length;
      const writer = await local().streamText({
        topic: 'lk.transcription',
        senderIdentity: identity,
        attributes: { 'lk.transcription_final': String(final), 'lk.segment_id': segment },
      });
      await writer.write(words.slice(0, count).join(' '));
      await writer.close();
    }
  };

  const answer = async () => {
    speaking = new AbortController();
    const { signal } = speaking;
    await state('thinking');
    const writer = await local().streamText({
      topic: 'lk.transcription',
      attributes: { 'lk.transcription_final': 'false', 'lk.segment_id': `agent-${++segments}` },
    });
    for (const word of reply.split(' ')) await writer.write(`${word} `);
    await writer.close();
    await state('speaking');
    for (let at = 0; at < (replyMs * RATE) / 1000 && !signal.aborted; at += FRAME) {
      await source.captureFrame(new AudioFrame(tone(at), RATE, 1, FRAME));
    }
    if (signal.aborted) source.clearQueue();
    else await source.waitForPlayout();
    await state('listening');
  };

  const takeTurn = (method: string, work: (identity: string) => void) => {
    room.localParticipant?.registerRpcMethod(method, async ({ callerIdentity }) => {
      calls.push(`${method} ${callerIdentity}`);
      if (behaviour.mute) await new Promise(() => {});
      const { refusal } = behaviour;
      if (refusal) throw new RpcError(refusal.code, refusal.message, refusal.data);
      work(callerIdentity);
      return 'ok';
    });
  };

  room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
    if (track.kind === TrackKind.KIND_AUDIO) hear(track, participant.identity).catch(gone);
  });
  room.registerTextStreamHandler('lk.chat', async (reader, { identity }) => {
    messages.push({ identity, text: await reader.readAll() });
    speaking.abort();
    await answer().catch(gone);
  });

  const token = await livekit.token({ room: roomName, identity, name, agent: true });
  await room.connect(livekit.url, token, { autoSubscribe: true, dynacast: false });
  const track = LocalAudioTrack.createAudioTrack('voice', source);
  await local().publishTrack(track, new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }));
  if (!behaviour.withoutTurns) {
    takeTurn('start_turn', (identity) => {
      speaking.abort();
      if (open?.outcome === 'open') open.outcome = 'cancelled';
      open = { identity, samples: new Int16Array(0), outcome: 'open' };
      turns.push(open);
    });
    takeTurn('end_turn', (identity) => {
      if (open?.identity !== identity) return;
      open.outcome = 'committed';
      open = null;
      transcribe(identity).then(answer).catch(gone);
    });
    takeTurn('cancel_turn', (identity) => {
      if (open?.identity !== identity) return;
      open.outcome = 'cancelled';
      open = null;
    });
  }
  await state('listening');
  return {
    turns,
    messages,
    calls,
    setAttributes: (attributes) => local().setAttributes(attributes),
    async say(topic, text, attributes) {
      await local().sendText(text, { topic, attributes });
    },
    leave: () => room.disconnect(),
  };
}

function tone(start: number): Int16Array {
  return Int16Array.from({ length: FRAME }, (_, i) => 6_000 * Math.sin((2 * Math.PI * 440 * (start + i)) / RATE));
}

/** What is under way when the room is left, or lost, is aborted. */
function gone(): void {}
