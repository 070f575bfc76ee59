/** The embedded voice: Flite, on this machine. */
import type { Speaker } from '../../speech/tts/tts.ts';
import { FLITE_VOICES, type FliteVoice, speakWithFlite } from './flite.ts';

/** @param voice one of Flite's; any other name means the first of them, so that settings made for a server do no harm. */
export function practiceSpeaker(voice: string = FLITE_VOICES[0]): Speaker {
  const known: FliteVoice = FLITE_VOICES.find((name) => name === voice) ?? FLITE_VOICES[0];
  return {
    label: `practice/flite-${known}`,
    maxCharacters: 400,
    async *speak(text, { signal, onUsage }) {
      const aborted = Promise.withResolvers<never>();
      aborted.promise.catch(() => {});
      const abort = () => aborted.reject(signal.reason);
      signal.throwIfAborted();
      signal.addEventListener('abort', abort, { once: true });
      try {
        const speech = await Promise.race([speakWithFlite(text, known), aborted.promise]);
        onUsage?.({
          stage: 'tts',
          provider: 'practice',
          model: `flite-${known}`,
          raw: null,
          audioMs: (speech.samples.length * 1000) / speech.sampleRate,
          characters: text.length,
        });
        if (speech.samples.length > 0) yield speech;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    warm() {
      speakWithFlite('').catch(() => {});
    },
  };
}
