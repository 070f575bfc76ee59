/**
 * What of a voice did not arrive in time. The decoder makes up something for it and tells nobody: it has to be asked,
 * again and again while somebody speaks.
 */
import { type RemoteTrack, statsOf } from './sdk.ts';

/** In frames of 20 ms. */
const INTERVAL = 12;
/** The decoder's clock: 48 kHz. */
const SAMPLES_A_FRAME = 960;

export class TrackLosses {
  readonly #track: RemoteTrack;
  readonly #lost: (frames: number) => void;
  #framesLeft = 0;
  /** The decoder's count, as far as it was told; null before the first sound, until when a muted track has nothing to lose. */
  #told: Promise<number> | null = null;

  /** @param lost frames of 20 ms */
  constructor(track: RemoteTrack, lost: (frames: number) => void) {
    this.#track = track;
    this.#lost = lost;
  }

  /** A frame was heard of somebody whose words count. */
  heard(samples: Int16Array): void {
    if (this.#told === null) {
      if (samples.every((sample) => sample === 0)) return;
      this.#told = this.#madeUp();
      this.#framesLeft = INTERVAL;
    } else if (--this.#framesLeft === 0) {
      this.#framesLeft = INTERVAL;
      this.#told = this.#tell(this.#told);
    }
  }

  /** What comes now does not count. */
  rest(): void {
    this.#told = null;
  }

  async #tell(before: Promise<number>): Promise<number> {
    const told = await before;
    const frames = Math.floor(((await this.#madeUp(told)) - told) / SAMPLES_A_FRAME);
    if (frames > 0) this.#lost(frames);
    return told + frames * SAMPLES_A_FRAME;
  }

  /** @returns samples; `otherwise` when the track is gone */
  async #madeUp(otherwise = 0): Promise<number> {
    const stats = await statsOf(this.#track);
    const voice = stats.find(({ stats }) => stats?.case === 'inboundRtp')?.stats;
    return voice?.case === 'inboundRtp' ? Number(voice.value.inbound?.concealedSamples ?? otherwise) : otherwise;
  }
}
