/** One answer of a realtime model as its events tell it: words, sound and function calls, until the response is done. */
import type { AudioFrame } from '../../audio/frame.ts';
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { Fault } from '../../fault.ts';
import type { Usage } from '../../speech/call.ts';
import type { RealtimeOutput } from '../../speech/realtime/realtime.ts';
import type { ClientEvent, ServerEvent } from './realtime-connection.ts';
import { reportedError } from './realtime-errors.ts';
import { count, record } from './usage.ts';

/** A message of the server's, with the sound that came of it. */
export interface SpokenItem {
  readonly itemId: string;
  contentIndex: number;
  /** At 24 kHz. */
  samples: number;
}

/** Older servers leave `output_` out. */
const TEXT = /^response\.(output_)?(audio_transcript|text)\.delta$/;
const AUDIO = /^response\.(output_)?audio\.delta$/;

export class RealtimeAnswer {
  readonly items: SpokenItem[] = [];
  /** The server's items for the functions it called, by call id. */
  readonly calls = new Map<string, string>();
  done = false;
  /** Nobody listens any more. */
  cancelled = false;
  usage: unknown = null;
  #responseId: string | null = null;
  #spoke = false;
  #half: Buffer = Buffer.alloc(0);

  /** @returns what the event adds. @throws an error that `providerFault` explains, when the response failed */
  take(event: ServerEvent): RealtimeOutput[] {
    const response = record(event.response);
    if (event.type === 'response.created') this.#responseId ??= String(response.id);
    if (this.#responseId === null || (event.response_id ?? response.id) !== this.#responseId) return [];
    if (TEXT.test(event.type)) return this.#text(event);
    if (AUDIO.test(event.type)) return this.#audio(event);
    if (event.type === 'response.output_item.done') return this.#call(record(event.item));
    if (event.type === 'response.done') this.#end(response);
    return [];
  }

  #text({ item_id: itemId, delta }: ServerEvent): RealtimeOutput[] {
    if (typeof delta !== 'string' || delta === '') return [];
    const before = this.items.length;
    this.#item(itemId);
    const next = this.#spoke && this.items.length > before;
    this.#spoke = true;
    return [{ type: 'text', text: next ? ` ${delta}` : delta }];
  }

  #audio({ item_id: itemId, content_index: contentIndex, delta }: ServerEvent): RealtimeOutput[] {
    const bytes = Buffer.concat([this.#half, Buffer.from(String(delta), 'base64')]);
    const whole = bytes.length & ~1;
    this.#half = bytes.subarray(whole);
    if (whole === 0) return [];
    const samples = new Int16Array(whole / 2);
    for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i);
    const item = this.#item(itemId);
    if (typeof contentIndex === 'number') item.contentIndex = contentIndex;
    item.samples += samples.length;
    const frame: AudioFrame = { samples, sampleRate: PIPELINE_RATE };
    return [{ type: 'audio', frame }];
  }

  #call({ id, type, call_id: callId, name, arguments: args }: Readonly<Record<string, unknown>>): RealtimeOutput[] {
    if (type !== 'function_call' || typeof callId !== 'string' || typeof name !== 'string') return [];
    this.calls.set(callId, String(id));
    return [{ type: 'call', call: { callId, name, arguments: typeof args === 'string' ? args : '' } }];
  }

  #item(itemId: unknown): SpokenItem {
    const known = this.items.find((item) => item.itemId === itemId);
    if (known) return known;
    const item: SpokenItem = { itemId: String(itemId), contentIndex: 0, samples: 0 };
    this.items.push(item);
    return item;
  }

  #end({ status, status_details: details, usage }: Readonly<Record<string, unknown>>): void {
    this.done = true;
    this.usage = usage;
    if (status === 'failed') throw reportedError(record(details).error);
    if (this.items.length > 0 || this.calls.size > 0 || this.cancelled) return;
    const filtered = record(details).reason === 'content_filter';
    throw new Fault('empty-answer', filtered ? 'The provider withheld the answer' : 'The model said nothing', {
      hint: 'Ask in other words, or choose another model in Settings.',
    });
  }
}

/**
 * What makes the server forget all but the first `heardSamples` of an answer.
 * @param cancelled it was broken off: the server may have said more than came
 */
export function truncation(items: readonly SpokenItem[], heardSamples: number, cancelled = false): ClientEvent[] {
  let start = 0;
  return items.flatMap(({ itemId, contentIndex, samples }, index): ClientEvent[] => {
    const heard = heardSamples - start;
    start += samples;
    if (heard <= 0) return [{ type: 'conversation.item.delete', item_id: itemId }];
    const open = cancelled && index === items.length - 1;
    if (heard >= samples && !open) return [];
    const audioEndMs = Math.floor(samplesToMs(Math.min(heard, samples), PIPELINE_RATE));
    return [
      { type: 'conversation.item.truncate', item_id: itemId, content_index: contentIndex, audio_end_ms: audioEndMs },
    ];
  });
}

export function answerUsage(model: string, raw: unknown): Usage {
  const usage = record(raw);
  const input = record(usage.input_token_details);
  const output = record(usage.output_token_details);
  return {
    stage: 'llm',
    provider: 'openai',
    model,
    raw: raw ?? null,
    ...count('inputTokens', usage.input_tokens),
    ...count('cachedInputTokens', input.cached_tokens),
    ...count('inputAudioTokens', input.audio_tokens),
    ...count('outputTokens', usage.output_tokens),
    ...count('outputAudioTokens', output.audio_tokens),
  };
}
