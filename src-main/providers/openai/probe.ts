/** Tries out a stage's settings with one small real request: a second of a quiet tone, one word to answer, one to speak. */
import type { CallStage } from '../../speech/call.ts';
import { type OpenAiLlmConfig, openAiLlm } from './llm.ts';
import { type OpenAiTranscriberConfig, openAiTranscriber } from './stt.ts';
import { type OpenAiSpeakerConfig, openAiSpeaker } from './tts.ts';

export interface StageConfigs {
  readonly stt: OpenAiTranscriberConfig;
  readonly llm: OpenAiLlmConfig;
  readonly tts: OpenAiSpeakerConfig;
}

const TONE_RATE = 24_000;
const TONE_HZ = 440;
const TONE_AMPLITUDE = 1_000;

const probes: { readonly [S in CallStage]: (config: StageConfigs[S], signal: AbortSignal) => Promise<string> } = {
  async stt(config, signal) {
    const options = { signal, language: null, prompt: null };
    let heard = '';
    for await (const { text } of openAiTranscriber(config).transcribe(quietTone(), TONE_RATE, options)) heard = text;
    return heard
      ? `${config.model} took a second of a test tone for “${heard}”.`
      : `${config.model} heard no words in a second of a test tone, as it should.`;
  },
  async llm(config, signal) {
    let reply = '';
    const question = { type: 'message', id: 'test', role: 'user', text: 'Answer with the single word: ready' } as const;
    for await (const { text } of openAiLlm(config).chat([question], { signal })) reply += text;
    return `${config.model} answered “${reply.trim()}”.`;
  },
  async tts(config, signal) {
    let seconds = 0;
    for await (const { samples, sampleRate } of openAiSpeaker(config).speak('Ready.', { signal }))
      seconds += samples.length / sampleRate;
    return `${config.model} spoke one word in ${seconds.toFixed(1)} seconds as ${config.voice}.`;
  },
};

/**
 * @returns one line on what came back
 * @throws Fault, or the signal's reason
 */
export function testStage<S extends CallStage>(
  stage: S,
  config: StageConfigs[S],
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  return probes[stage](config, signal);
}

function quietTone(): Int16Array {
  return Int16Array.from({ length: TONE_RATE }, (_, i) =>
    Math.round(TONE_AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * i) / TONE_RATE)),
  );
}
