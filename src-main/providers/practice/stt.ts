/**
 * The embedded "recogniser" understands nothing and says so: it is a meter. It tells for how long there was speech, in
 * how many phrases and how loud, which makes the first minute with Squelch a microphone check.
 */
import { type AudioFrame, samplesToMs } from '../../audio/frame.ts';
import type { Stt } from '../../speech/stt/stt.ts';
import { describeMeasurement, type Measurement } from './measurement.ts';

/** How often the words on the screen change while the key is held. */
const INTERIM_EVERY_MS = 200;
/** A voice detector this sure has heard a voice, also before it calls it a phrase. */
const VOICED_PROBABILITY = 0.5;
/** Nothing quieter can be said in 16 bits. */
const QUIETEST_DBFS = -96;
/** A sample this close to the limit was most likely cut off. */
const CLIPPED = 32_700;

export function practiceStt(): Stt {
  return {
    label: 'practice/meter',
    async *recognize(audio, { signal, onUsage }) {
      signal.throwIfAborted();
      const meter = new Meter();
      let shownMs = 0;
      for await (const frame of audio) {
        signal.throwIfAborted();
        meter.add(frame);
        if (meter.capturedMs - shownMs < INTERIM_EVERY_MS) continue;
        shownMs = meter.capturedMs;
        yield { type: 'interim', text: `${(meter.read().speechMs / 1000).toFixed(1)} s of speech…` };
      }
      signal.throwIfAborted();
      if (meter.capturedMs === 0) return;
      onUsage?.({ stage: 'stt', provider: 'practice', model: 'meter', raw: null, audioMs: meter.capturedMs });
      yield { type: 'final', text: describeMeasurement(meter.read()) };
    },
    warm() {},
  };
}

class Meter {
  capturedMs = 0;
  #speechMs = 0;
  #phrases = 0;
  #inPhrase = false;
  #energy = 0;
  #samples = 0;
  #clipped = 0;

  add({ samples, sampleRate, activity }: AudioFrame): void {
    const lengthMs = samplesToMs(samples.length, sampleRate);
    this.capturedMs += lengthMs;
    const speaking = activity?.speaking ?? false;
    if (speaking && !this.#inPhrase) this.#phrases += 1;
    this.#inPhrase = speaking;
    if (speaking) this.#speechMs += lengthMs;
    if (!speaking && (activity?.probability ?? 0) < VOICED_PROBABILITY) return;
    this.#samples += samples.length;
    for (const sample of samples) {
      this.#energy += sample * sample;
      if (Math.abs(sample) >= CLIPPED) this.#clipped += 1;
    }
  }

  read(): Measurement {
    return {
      speechMs: this.#speechMs,
      phrases: this.#phrases,
      levelDbfs: Math.max(QUIETEST_DBFS, 10 * Math.log10(this.#energy / Math.max(1, this.#samples) / 32_768 ** 2)),
      clipped: this.#clipped > this.#samples / 1_000,
    };
  }
}
