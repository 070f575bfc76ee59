/**
 * A take: what the microphone brings while the key is held and shortly after. Each frame is announced (and so
 * on disk) before anything else looks at it, goes through voice detection once, and then on to recognition.
 */
import { setImmediate as nextRound } from 'node:timers/promises';
import { type AudioFrame, msToSamples, PIPELINE_RATE } from '../audio/frame.ts';
import { Channel } from '../channel.ts';
import { type Fault, reportFault, toFault } from '../fault.ts';
import type { VadStream } from '../speech/vad/vad.ts';
import type { CaptureReport } from './events.ts';

/** Kept after the release at most. */
const TAIL_MS = 300;
/** Silence that ends the tail before that. */
const QUIET_TAIL_MS = 160;
/**
 * Sound that is measured together, at most, while nothing can come of it: a model that finds its memory cold takes
 * three times as long. A pause that begins in such a group is still known before it has ended a segment.
 */
const GROUP_MS = 250;
/** A microphone that delivers nothing for this long after the release has nothing more to give. */
const TAIL_TIMEOUT_MS = 500;

export interface TakeEvents {
  /** Called once, before the frame is used. */
  firstSample(): void;
  /** 24 kHz mono. */
  captured(samples: Int16Array): void;
  measured(probabilities: readonly number[]): void;
  /** Called once after `release`, unless resumed before. */
  tailEnded(): void;
}

export class Take {
  readonly #vad: VadStream;
  readonly #events: TakeEvents;
  readonly #groupSamples: number;
  readonly #frames = new Channel<AudioFrame>();
  readonly #framesEnded = Promise.withResolvers<void>();
  #detection: Promise<void> = Promise.resolve();
  /** Announced, and not yet measured. */
  #unmeasured: Int16Array[] = [];
  #unmeasuredSamples = 0;
  #vadFault: Fault | null = null;
  #silenceMs = 0;
  #spoken = false;
  #nextSequence = 0;
  #samples = 0;
  #lostFrames = 0;
  #lateFrames = 0;
  #tailLeft: number | null = null;
  #tailTimer: NodeJS.Timeout | null = null;
  #ended: Promise<CaptureReport> | null = null;

  /** @param minSilenceMs silence that ends a segment */
  constructor(vad: VadStream, minSilenceMs: number, events: TakeEvents) {
    this.#vad = vad;
    this.#events = events;
    this.#groupSamples = msToSamples(Math.min(GROUP_MS, minSilenceMs), PIPELINE_RATE);
  }

  /** Every captured frame with what voice detection made of it; ends when the take ends. */
  get frames(): AsyncIterable<AudioFrame> {
    return this.#frames;
  }

  /** Resolves when the last frame is there, read or not. */
  get framesEnded(): Promise<void> {
    return this.#framesEnded.promise;
  }

  /** @param sequence counts the frames of this take from 0. */
  receive(sequence: number, samples: Int16Array): void {
    if (this.#ended) return;
    if (sequence < this.#nextSequence) {
      this.#lateFrames += 1;
      return;
    }
    this.#lostFrames += sequence - this.#nextSequence;
    this.#nextSequence = sequence + 1;
    if (samples.length === 0) return;
    if (this.#samples === 0) this.#events.firstSample();
    this.#samples += samples.length;
    this.#events.captured(samples);
    this.#unmeasured.push(samples);
    this.#unmeasuredSamples += samples.length;
    this.#measureUnlessLater();
    if (this.#tailLeft !== null) {
      this.#tailLeft -= samples.length;
      if (this.#tailLeft <= 0) this.#endTail();
    }
  }

  /** The key is up: keeps what is still under way, up to TAIL_MS of sound, less when it is silent already. */
  release(): void {
    this.#tailLeft = msToSamples(TAIL_MS, PIPELINE_RATE);
    this.#tailTimer = setTimeout(() => this.#endTail(), TAIL_TIMEOUT_MS);
    this.#measure();
    void this.#detection.then(() => this.#endQuietTail());
  }

  /** The key is down again before the tail ended. */
  resume(): void {
    this.#tailLeft = null;
    this.#clearTimer();
  }

  /** Closes the take; what comes later was recorded after its end and is not part of it. Idempotent. */
  end(): Promise<CaptureReport> {
    this.#clearTimer();
    this.#ended ??= this.#close();
    return this.#ended;
  }

  async #close(): Promise<CaptureReport> {
    this.#measure();
    await this.#detection;
    // Speech that is certain already need not wait for what the detector still has to say.
    if (this.#spoken) {
      this.#endFrames();
      // The request for the words leaves first.
      await nextRound();
    }
    const rest = await this.#guard(() => this.#vad.finish());
    if (rest && rest.probabilities.length > 0) this.#events.measured(rest.probabilities);
    this.#endFrames();
    return {
      samples: this.#samples,
      lostFrames: this.#lostFrames,
      lateFrames: this.#lateFrames,
      segments: rest?.segments ?? [],
      vadError: this.#vadFault && reportFault(this.#vadFault),
    };
  }

  /** No pause is decided on while a voice is heard, or before one was: what comes then is measured in groups. */
  #measureUnlessLater(): void {
    const pausing = this.#spoken && this.#silenceMs > 0;
    const released = this.#tailLeft !== null;
    if (released || pausing || this.#unmeasuredSamples >= this.#groupSamples) this.#measure();
  }

  #measure(): void {
    const group = this.#unmeasured;
    if (group.length === 0) return;
    this.#unmeasured = [];
    this.#unmeasuredSamples = 0;
    this.#detection = this.#detection.then(() => this.#detect(group));
  }

  #endFrames(): void {
    this.#frames.close();
    this.#framesEnded.resolve();
  }

  async #detect(group: readonly Int16Array[]): Promise<void> {
    const measured: number[] = [];
    for (const samples of group) {
      const report = await this.#guard(() => this.#vad.push(samples));
      if (!report) {
        this.#frames.push({ samples, sampleRate: PIPELINE_RATE });
        continue;
      }
      const { probabilities, speaking, segmentEnded, silenceMs } = report;
      this.#silenceMs = silenceMs;
      this.#spoken ||= speaking || segmentEnded;
      measured.push(...probabilities);
      const probability = probabilities.length > 0 ? Math.max(...probabilities) : null;
      this.#frames.push({ samples, sampleRate: PIPELINE_RATE, activity: { probability, speaking, segmentEnded } });
      this.#endQuietTail();
    }
    if (measured.length > 0) this.#events.measured(measured);
    this.#measureUnlessLater();
  }

  /** A detector that fails is not asked again; the recording goes on without it. */
  async #guard<T>(run: () => Promise<T>): Promise<T | null> {
    if (this.#vadFault) return null;
    try {
      return await run();
    } catch (thrown) {
      this.#vadFault = toFault(thrown, 'vad');
      this.#silenceMs = 0;
      return null;
    }
  }

  #endQuietTail(): void {
    if (this.#tailLeft !== null && this.#silenceMs >= QUIET_TAIL_MS) this.#endTail();
  }

  #endTail(): void {
    if (this.#tailLeft === null) return;
    this.#tailLeft = null;
    this.#clearTimer();
    this.#events.tailEnded();
  }

  #clearTimer(): void {
    if (this.#tailTimer) clearTimeout(this.#tailTimer);
    this.#tailTimer = null;
  }
}

/** Runs a recording through a take as if it were spoken now, as fast as it goes. */
export async function replay(frames: AsyncIterable<AudioFrame>, take: Take): Promise<void> {
  let sequence = 0;
  for await (const frame of frames) take.receive(sequence++, frame.samples);
}
