/** Each stage's provider called once, with everything that came back. */
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import type { OpenAiServer } from '../../../src-main/providers/openai/client.ts';
import { directFetch } from '../../../src-main/providers/openai/direct-fetch.ts';
import { openAiLlm } from '../../../src-main/providers/openai/llm.ts';
import { openAiTranscriber } from '../../../src-main/providers/openai/stt.ts';
import { openAiSpeaker } from '../../../src-main/providers/openai/tts.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import type { Llm } from '../../../src-main/speech/llm/llm.ts';
import type { SpeechEvent, Transcriber } from '../../../src-main/speech/stt/stt.ts';
import type { Speaker } from '../../../src-main/speech/tts/tts.ts';

export function serverAt(baseUrl: string): OpenAiServer {
  return { apiKey: 'test-key', baseUrl, fetch: directFetch, timeouts: { firstByteMs: 2_000, stallMs: 2_000 } };
}

/** Gives up at once on what does not come. */
export function impatient(baseUrl: string): OpenAiServer {
  return { ...serverAt(baseUrl), timeouts: { firstByteMs: 150, stallMs: 150 } };
}

export const transcriberAt = (server: OpenAiServer, model = 'gpt-4o-mini-transcribe') =>
  openAiTranscriber({ ...server, model });
export const llmAt = (server: OpenAiServer, model = 'gpt-4o-mini') => openAiLlm({ ...server, model });
export const speakerAt = (server: OpenAiServer, sampleRate = 24_000) =>
  openAiSpeaker({ ...server, model: 'gpt-4o-mini-tts', voice: 'alloy', sampleRate });

export const QUESTION = Int16Array.from({ length: 24_000 }, (_, i) => (i * 37) % 2_000);
const never = new AbortController().signal;

export async function transcribe(
  transcriber: Transcriber,
  options: { signal?: AbortSignal; samples?: Int16Array; prompt?: string } = {},
) {
  const { signal = never, samples = QUESTION, prompt = null } = options;
  const usage: Usage[] = [];
  const events: SpeechEvent[] = [];
  const call = { signal, language: 'en-GB', prompt, onUsage: (reported: Usage) => usage.push(reported) };
  for await (const event of transcriber.transcribe(samples, 24_000, call)) events.push(event);
  return { events, text: events.at(-1)?.text, usage };
}

export async function chat(llm: Llm, options: { signal?: AbortSignal; onText?: () => void } = {}) {
  const { signal = never, onText } = options;
  const usage: Usage[] = [];
  const chunks: string[] = [];
  let thought = '';
  const context = new ChatContext();
  context.addMessage({ role: 'user', content: 'What time is it?' });
  for await (const chunk of llm.chat(context.items, { signal, onUsage: (reported) => usage.push(reported) })) {
    chunks.push(chunk.text);
    thought += chunk.thought ?? '';
    onText?.();
  }
  return { text: chunks.join(''), thought, chunks, usage };
}

export async function speak(speaker: Speaker, options: { signal?: AbortSignal; onSound?: () => void } = {}) {
  const { signal = never, onSound } = options;
  const usage: Usage[] = [];
  const samples: number[] = [];
  const rates = new Set<number>();
  for await (const frame of speaker.speak('Hello there.', { signal, onUsage: (reported) => usage.push(reported) })) {
    samples.push(...frame.samples);
    rates.add(frame.sampleRate);
    onSound?.();
  }
  return { samples, rates: [...rates], usage };
}
