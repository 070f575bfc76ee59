/**
 * Transcription by the OpenAI API: words stream back where the model can do that. Servers that can't are noticed by
 * what they answer, once.
 */

import { msToSamples, samplesToMs } from '../../audio/frame.ts';
import { encodeWav } from '../../audio/wav.ts';
import type { Usage } from '../../speech/call.ts';
import type { SpeechEvent, Transcriber } from '../../speech/stt/stt.ts';
import { readAnswer } from './answer-body.ts';
import type { OpenAiServer } from './client.ts';
import { warmConnection } from './connection.ts';
import { MalformedAnswer } from './faults.ts';
import { encodeForm } from './multipart.ts';
import { OptionalParameters } from './optional-parameters.ts';
import { type Answer, Requester } from './request.ts';
import { count, record } from './usage.ts';

export interface OpenAiTranscriberConfig extends OpenAiServer {
  readonly model: string;
}

/** The API refuses less; what is missing is silence. */
const SHORTEST_MS = 100;

interface Reading {
  readonly event: SpeechEvent;
  /** The provider's usage object; only with the final event. */
  readonly usage?: unknown;
}

export function openAiTranscriber(config: OpenAiTranscriberConfig): Transcriber {
  const { model, baseUrl } = config;
  const requester = new Requester('stt', config);
  // A stream that can't be read is as good as one that was refused.
  const optional = new OptionalParameters<'stream' | 'prompt'>(['request-refused', 'malformed-answer']);

  async function* read(answer: Answer, streamed: boolean): AsyncGenerator<Reading, void> {
    const body = await readAnswer(answer, requester.client);
    if (body.kind === 'events') return yield* readEvents(body.events);
    if (streamed) optional.refuse('stream');
    yield readWhole(body.kind === 'document' ? body.value : body.text);
  }

  return {
    label: `openai/${model}`,
    async *transcribe(samples, sampleRate, { signal, language, prompt, onUsage }) {
      const bytes = encodeWav(padded(samples, sampleRate), sampleRate);
      const audioMs = samplesToMs(samples.length, sampleRate);
      const wanted = [...(prompt ? ['prompt' as const] : []), ...(model === 'whisper-1' ? [] : ['stream' as const])];
      const readings = optional.offer(wanted, (offered) =>
        requester.ask(
          {
            signal,
            extraMs: audioMs,
            repeatable: true,
            send(client, options) {
              const form = encodeForm(
                { name: 'file', filename: 'speech.wav', type: 'audio/wav', bytes },
                {
                  model,
                  ...(language ? { language: primarySubtag(language) } : {}),
                  ...(prompt && offered.has('prompt') ? { prompt } : {}),
                  ...(offered.has('stream') ? { stream: 'true' } : {}),
                },
              );
              const { body, contentType } = form;
              return client
                .post('/audio/transcriptions', { ...options, body, headers: { 'content-type': contentType } })
                .asResponse();
            },
          },
          (answer) => read(answer, offered.has('stream')),
        ),
      );
      for await (const { event, usage } of readings) {
        if (event.type === 'final') onUsage?.(transcriptionUsage(model, usage, audioMs));
        yield event;
      }
    },
    warm: () => void warmConnection(baseUrl),
  };
}

async function* readEvents(events: AsyncIterable<unknown>): AsyncGenerator<Reading, void> {
  let text = '';
  let usage: unknown = null;
  let understood = false;
  for await (const event of events) {
    const { type, text: whole, usage: reported, choices } = record(event);
    // vLLM sends the chunks of a chat.
    const choice = record(Array.isArray(choices) ? choices[0] : null);
    const delta = record(event).delta ?? record(choice.delta).content;
    usage = reported ?? usage;
    if (type === 'transcript.text.done' && typeof whole === 'string') text = whole;
    else if (typeof delta === 'string') text += delta;
    // Servers that stream segments send `{ "text": … }` for each.
    else if (typeof whole === 'string') text = `${text} ${whole.trim()}`;
    else continue;
    understood = true;
    yield { event: { type: 'interim', text: text.trim() } };
  }
  if (!understood) throw new MalformedAnswer('it has no text');
  yield { event: { type: 'final', text: text.trim() }, usage };
}

function readWhole(answer: unknown): Reading {
  if (typeof answer === 'string') return { event: { type: 'final', text: plainWords(answer) } };
  const { text, usage } = record(answer);
  if (typeof text !== 'string') throw new MalformedAnswer('it has no text');
  return { event: { type: 'final', text: plainWords(text) }, usage };
}

/** The words alone, of subtitles too, and of a recogniser that says that it heard none. */
function plainWords(text: string): string {
  const cues = /^.*\d\d:\d\d[,.]\d{3} --> .*$/m.test(text);
  const words = cues ? wordsOfCues(text) : text.trim();
  return words === '[BLANK_AUDIO]' ? '' : words;
}

/** SubRip or WebVTT: what stands under the times, up to an empty line. */
function wordsOfCues(text: string): string {
  const cues = text.split(/\r?\n[ \t]*\r?\n/).flatMap((cue) => {
    const [, words] = /-->.*\r?\n([\s\S]*)/.exec(cue) ?? [];
    return words === undefined
      ? []
      : [
          words
            .replace(/<[^>]*>/g, '')
            .replace(/\s+/g, ' ')
            .trim(),
        ];
  });
  return cues.filter((words) => words !== '').join(' ');
}

/** @param raw the provider's usage object, if it sent one */
export function transcriptionUsage(model: string, raw: unknown, audioMs: number): Usage {
  const usage = record(raw);
  return {
    stage: 'stt',
    provider: 'openai',
    model,
    raw: raw ?? null,
    audioMs,
    ...count('inputTokens', usage.input_tokens),
    ...count('inputAudioTokens', record(usage.input_token_details).audio_tokens),
    ...count('outputTokens', usage.output_tokens),
  };
}

function padded(samples: Int16Array, sampleRate: number): Int16Array {
  const shortest = msToSamples(SHORTEST_MS, sampleRate);
  if (samples.length >= shortest) return samples;
  const longer = new Int16Array(shortest);
  longer.set(samples);
  return longer;
}

/** The API knows languages by ISO 639: `en` of `en-GB`. */
export function primarySubtag(language: string): string {
  return language.split('-')[0] ?? language;
}
