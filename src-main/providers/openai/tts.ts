/** Speech by the OpenAI API, as raw PCM that can be heard from its first bytes. */
import { samplesToMs } from '../../audio/frame.ts';
import { Fault } from '../../fault.ts';
import { hasSound } from '../../speech/tts/spoken-text.ts';
import type { Speaker } from '../../speech/tts/tts.ts';
import { readSound } from './answer-sound.ts';
import type { OpenAiServer } from './client.ts';
import { warmConnection } from './connection.ts';
import { OptionalParameters } from './optional-parameters.ts';
import { type Answer, Requester } from './request.ts';

export interface OpenAiSpeakerConfig extends OpenAiServer {
  readonly model: string;
  readonly voice: string;
  /** Rate of the server's raw PCM, in Hz; OpenAI's is 24,000. */
  readonly sampleRate: number;
}

/** OpenAI's own limit. */
const MAX_CHARACTERS = 4_096;
/** Models that read every text in one manner. */
const UNDIRECTED_MODEL = /^(?:openai\/)?tts-1/;
const OTHER_VOICE = 'Try again, or choose another voice or model for speech in Settings.';

export function openAiSpeaker(config: OpenAiSpeakerConfig): Speaker {
  const { model, voice, sampleRate, baseUrl } = config;
  const requester = new Requester('tts', config);
  // A server that does not make raw PCM makes WAV files.
  const optional = new OptionalParameters<'pcm' | 'instructions'>();

  return {
    label: `openai/${model}/${voice}`,
    maxCharacters: MAX_CHARACTERS,
    async *speak(text, { signal, onUsage, instructions }) {
      if (!hasSound(text)) return;
      async function* read(answer: Answer) {
        let silent = true;
        for await (const frame of readSound(answer, sampleRate)) {
          silent = false;
          yield frame;
        }
        if (silent) throw new Fault('empty-answer', `${model} sent no sound`, { hint: OTHER_VOICE });
      }
      const directed = instructions !== undefined && !UNDIRECTED_MODEL.test(model);
      const frames = optional.offer(directed ? ['pcm', 'instructions'] : ['pcm'], (offered) =>
        requester.ask(
          {
            signal,
            send: (client, options) =>
              client.audio.speech
                .create(
                  {
                    model,
                    voice,
                    input: text,
                    response_format: offered.has('pcm') ? 'pcm' : 'wav',
                    ...(instructions && offered.has('instructions') ? { instructions } : {}),
                  },
                  options,
                )
                .asResponse(),
          },
          read,
        ),
      );
      let audioMs = 0;
      for await (const frame of frames) {
        audioMs += samplesToMs(frame.samples.length, frame.sampleRate);
        yield frame;
      }
      onUsage?.({ stage: 'tts', provider: 'openai', model, raw: null, audioMs, characters: text.length });
    },
    warm: () => void warmConnection(baseUrl),
  };
}
