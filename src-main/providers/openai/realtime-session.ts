/** How sessions of the OpenAI Realtime API are set up: whose turn it is, is decided by the talk key alone. */
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { primarySubtag } from './stt.ts';

const FORMAT = { type: 'audio/pcm', rate: PIPELINE_RATE };

/** @param model that writes down what is heard @param language BCP 47; null lets the provider detect it */
export function hearing(model: string, language: string | null): object {
  return {
    format: FORMAT,
    transcription: { model, ...(language ? { language: primarySubtag(language) } : {}) },
    turn_detection: null,
  };
}

/** @param voice null is the server's usual one */
export function speaking(voice: string | null): object {
  return { format: FORMAT, ...(voice === null ? {} : { voice }) };
}
