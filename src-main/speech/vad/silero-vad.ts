/**
 * Voice activity detection with Silero, for live signals of any rate: each is brought to 16 kHz, measured window by
 * window and segmented as it arrives. The model is shared; a stream costs a few kilobytes.
 */
import { negativeThresholdOf } from '../../../src-preload/vad-parameters.ts';
import { Segmenter } from './segmenter.ts';
import { loadSilero, SILERO_RATE, SILERO_WINDOW, type SileroSignal } from './silero.ts';
import { openSileroInput, type SileroInput } from './silero-input.ts';
import type { Vad, VadOptions, VadReport, VadStream, VadSummary } from './vad.ts';

const SAMPLES_PER_MS = SILERO_RATE / 1000;
/** Silero's own: silence that a segment may be cut at. */
const SHORTEST_CUT_MS = 98;
const NOTHING_MEASURED: readonly number[] = Object.freeze([]);

/**
 * @param modelsFolder holds `manifest.json` and the weights
 * @throws Fault `weights-missing`, `weights-altered`, `vad-unavailable`
 */
export async function loadVad(modelsFolder: string): Promise<Vad> {
  const model = await loadSilero(modelsFolder);
  return {
    modelSha256: model.sha256,
    open: (sampleRate, options) => new SileroVadStream(model.open(), sampleRate, options),
  };
}

class SileroVadStream implements VadStream {
  private readonly signal: SileroSignal;
  private readonly sampleRate: number;
  private readonly input: SileroInput;
  private readonly segmenter: Segmenter;
  /** Samples already in the signal's window. */
  private filled = 0;
  private pushedSamples = 0;
  /** Settles when everything pushed so far has been measured. */
  private measured: Promise<unknown> = Promise.resolve();

  constructor(signal: SileroSignal, sampleRate: number, options: VadOptions) {
    this.signal = signal;
    this.sampleRate = sampleRate;
    this.input = openSileroInput(sampleRate);
    this.segmenter = new Segmenter({
      windowSamples: SILERO_WINDOW,
      threshold: options.threshold,
      negativeThreshold: negativeThresholdOf(options),
      minSpeechSamples: options.minSpeechMs * SAMPLES_PER_MS,
      minSilenceSamples: options.minSilenceMs * SAMPLES_PER_MS,
      padBeforeSamples: options.padBeforeMs * SAMPLES_PER_MS,
      padAfterSamples: options.padAfterMs * SAMPLES_PER_MS,
      maxSpeechSamples: (options.maxSpeechMs ?? Number.POSITIVE_INFINITY) * SAMPLES_PER_MS,
      minSilenceAtMaxSamples: SHORTEST_CUT_MS * SAMPLES_PER_MS,
      cutAtLongestSilence: true,
      smoothing: options.smoothing,
    });
  }

  push(samples: Int16Array): Promise<VadReport> {
    this.pushedSamples += samples.length;
    return this.inTurn(() => this.measure(this.input.push(samples)));
  }

  finish(): Promise<VadSummary> {
    return this.inTurn(async () => {
      const { probabilities } = await this.measure(this.input.flush());
      const padding = new Float32Array(this.filled > 0 ? SILERO_WINDOW - this.filled : 0);
      const last = await this.measure(padding);
      const length = Math.round((this.pushedSamples * SILERO_RATE) / this.sampleRate);
      return {
        probabilities: [...probabilities, ...last.probabilities],
        segments: this.segmenter.finish(length).map((segment) => ({
          startSample: this.toPushedRate(segment.startSample),
          endSample: this.toPushedRate(segment.endSample),
        })),
      };
    });
  }

  private async measure(samples: Float32Array): Promise<VadReport> {
    const { window } = this.signal;
    let probabilities: number[] | null = null;
    let segmentEnded = false;
    for (let offset = 0; offset < samples.length; ) {
      const count = Math.min(SILERO_WINDOW - this.filled, samples.length - offset);
      window.set(samples.subarray(offset, offset + count), this.filled);
      offset += count;
      this.filled += count;
      if (this.filled < SILERO_WINDOW) break;
      this.filled = 0;
      const probability = await this.signal.measure();
      segmentEnded = this.segmenter.push(probability) || segmentEnded;
      probabilities ??= [];
      probabilities.push(probability);
    }
    return {
      probabilities: probabilities ?? NOTHING_MEASURED,
      speaking: this.segmenter.speaking,
      segmentEnded,
      silenceMs: this.segmenter.silenceSamples / SAMPLES_PER_MS,
    };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.measured.then(work, work);
    this.measured = result;
    return result;
  }

  private toPushedRate(sample: number): number {
    return Math.min(this.pushedSamples, Math.round((sample * this.sampleRate) / SILERO_RATE));
  }
}
