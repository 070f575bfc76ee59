/** A realtime model and a recogniser at a server, and takes to speak to them. */
import { WebSocket } from 'ws';
import { type AudioFrame, concatSamples } from '../../../src-main/audio/frame.ts';
import { Channel } from '../../../src-main/channel.ts';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import { openAiRealtime } from '../../../src-main/providers/openai/realtime.ts';
import { openAiRealtimeStt } from '../../../src-main/providers/openai/realtime-stt.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import type { ChatItem } from '../../../src-main/speech/llm/chat.ts';
import type { RealtimeOutput, RealtimeSession, RespondOptions } from '../../../src-main/speech/realtime/realtime.ts';
import type { SpeechEvent, Stt } from '../../../src-main/speech/stt/stt.ts';

export function realtimeServerAt(baseUrl: string, webSocket: typeof WebSocket = WebSocket) {
  return { apiKey: 'test-key', baseUrl, webSocket, timeouts: { firstByteMs: 2_000, stallMs: 2_000 } };
}

export const modelAt = (server: ReturnType<typeof realtimeServerAt>) =>
  openAiRealtime({
    ...server,
    model: 'gpt-realtime',
    transcriptionModel: 'gpt-4o-mini-transcribe',
    voice: 'marin',
    language: 'en-GB',
  });

export const sttAt = (server: ReturnType<typeof realtimeServerAt>) =>
  openAiRealtimeStt({ ...server, model: 'gpt-4o-mini-transcribe', language: null });

/** Frames of 20 ms: phrases of 200 ms, each closed by voice detection, then silence. */
export function take(phrases: number, silentFrames = 0): AudioFrame[] {
  return Array.from({ length: phrases * 10 + silentFrames }, (_, index) => {
    const silent = index >= phrases * 10;
    const last = index % 10 === 9;
    return {
      samples: Int16Array.from({ length: 480 }, (_, i) => ((index * 480 + i) * 13) % 20_000),
      sampleRate: 24_000,
      activity: { probability: silent ? 0.01 : 0.9, speaking: !silent && !last, segmentEnded: !silent && last },
    };
  });
}

export const samplesOf = (frames: readonly AudioFrame[]) => concatSamples(frames.map(({ samples }) => samples));

/** A held key: frames are pushed one by one, and closed at the release. */
export function microphone(frames: readonly AudioFrame[] = []) {
  const channel = new Channel<AudioFrame>();
  for (const frame of frames) channel.push(frame);
  return channel;
}

export async function recognize(
  stt: Stt,
  audio: AsyncIterable<AudioFrame>,
  { signal = new AbortController().signal, onEvent = (_: SpeechEvent) => {} } = {},
) {
  const events: SpeechEvent[] = [];
  const usage: Usage[] = [];
  const options = { signal, language: null, onUsage: (reported: Usage) => usage.push(reported) };
  for await (const event of stt.recognize(audio, options)) {
    events.push(event);
    onEvent(event);
  }
  const finals = events.filter(({ type }) => type === 'final').map(({ text }) => text);
  return { events, finals, usage };
}

/** Speaks a whole take to the model. */
export async function say(session: RealtimeSession, messageId: string, frames: readonly AudioFrame[]) {
  const audio = microphone(frames);
  audio.close();
  const { promise: heard, resolve: onHeard } = Promise.withResolvers<void>();
  const signal = new AbortController().signal;
  const usage: Usage[] = [];
  const events: SpeechEvent[] = [];
  const transcribed = (async () => {
    const onUsage = (reported: Usage) => usage.push(reported);
    for await (const event of session.listen(audio, { messageId, signal, onHeard, onUsage })) events.push(event);
    return events.at(-1)?.text ?? '';
  })();
  transcribed.catch(() => {});
  return { heard, transcribed, usage };
}

export interface Answered {
  readonly text: string;
  readonly sound: Int16Array;
  readonly calls: readonly { readonly callId: string; readonly name: string; readonly arguments: string }[];
  readonly usage: readonly Usage[];
}

export async function answer(
  session: RealtimeSession,
  items: readonly ChatItem[],
  options: Partial<RespondOptions> & { onOutput?: (output: RealtimeOutput) => void } = {},
): Promise<Answered> {
  const usage: Usage[] = [];
  const outputs: RealtimeOutput[] = [];
  const responding = session.respond(items, {
    messageId: 'answer',
    instructions: 'Be brief.',
    tools: [],
    signal: new AbortController().signal,
    onUsage: (reported) => usage.push(reported),
    ...options,
  });
  for await (const output of responding) {
    outputs.push(output);
    options.onOutput?.(output);
  }
  return {
    text: outputs.flatMap((output) => (output.type === 'text' ? [output.text] : [])).join(''),
    sound: concatSamples(outputs.flatMap((output) => (output.type === 'audio' ? [output.frame.samples] : []))),
    calls: outputs.flatMap((output) => (output.type === 'call' ? [output.call] : [])),
    usage,
  };
}

/** A conversation of typed words: `user` first, then by turns. */
export function conversation(...texts: readonly string[]): ChatContext {
  const context = new ChatContext();
  for (const [index, text] of texts.entries()) {
    context.addMessage({ role: index % 2 === 0 ? 'user' : 'assistant', content: text });
  }
  return context;
}

/** A message whose words are not known yet. */
export function spoken(id: string, text = ''): ChatItem {
  return { type: 'message', id, createdAt: Date.now(), role: 'user', content: [text] };
}
