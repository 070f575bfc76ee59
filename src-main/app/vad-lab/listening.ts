/** The microphone as a source: what it brings is kept as a file, and what the model hears in it is told at once. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { EventPayload } from '../../../src-preload/contract.ts';
import { SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { encodePcm, encodeWavHeader, WAV_HEADER_BYTES } from '../../audio/wav.ts';
import type { Vad, VadStream } from '../../speech/vad/vad.ts';
import type { Track } from '../../vad-lab/segmentation.ts';

/** Of the sound as it arrives, 32 ms. */
const WINDOW = (PIPELINE_RATE * 32) / 1000;
const SILERO_WINDOW = 512;

type Heard = EventPayload<'vadLab.heard'>;

export class Listening {
  readonly sourceId: string;
  readonly takeId: number;
  /** The file it writes. */
  readonly path: string;
  readonly #file: number;
  readonly #stream: VadStream;
  readonly #tell: (heard: Heard) => void;
  readonly #probabilities: number[] = [];
  readonly #lowest: number[] = [];
  readonly #highest: number[] = [];
  #samples = 0;
  #told = 0;
  #closed = false;

  constructor(
    { sourceId, takeId, path }: { sourceId: string; takeId: number; path: string },
    vad: Vad,
    tell: (heard: Heard) => void,
  ) {
    this.sourceId = sourceId;
    this.takeId = takeId;
    this.path = path;
    this.#tell = tell;
    this.#file = openSync(path, 'w', 0o600);
    writeSync(this.#file, encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes: null }));
    this.#stream = vad.open(PIPELINE_RATE, SILERO_PARAMETERS);
  }

  /** What was heard so far. */
  get track(): Track {
    const probabilities = Float32Array.from(this.#probabilities);
    return { sampleRate: 16_000, samples: probabilities.length * SILERO_WINDOW, probabilities };
  }

  receive(samples: Int16Array): void {
    if (this.#closed) return;
    writeSync(this.#file, encodePcm(samples));
    this.#outline(samples);
    void this.#stream.push(samples).then(({ probabilities }) => {
      if (this.#closed || probabilities.length === 0) return;
      this.#probabilities.push(...probabilities);
      const firstWindow = this.#told;
      this.#told = this.#probabilities.length;
      this.#tell({
        sourceId: this.sourceId,
        firstWindow,
        probabilities,
        lowest: this.#lowest.slice(firstWindow, this.#told),
        highest: this.#highest.slice(firstWindow, this.#told),
      });
    });
  }

  /** @returns whether anything was recorded */
  close(): boolean {
    if (this.#closed) return this.#samples > 0;
    this.#closed = true;
    const header = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes: 2 * this.#samples });
    writeSync(this.#file, header, 0, WAV_HEADER_BYTES, 0);
    closeSync(this.#file);
    return this.#samples > 0;
  }

  #outline(samples: Int16Array): void {
    for (const sample of samples) {
      const window = Math.floor(this.#samples++ / WINDOW);
      this.#lowest[window] = Math.min(this.#lowest[window] ?? sample, sample);
      this.#highest[window] = Math.max(this.#highest[window] ?? sample, sample);
    }
  }
}
