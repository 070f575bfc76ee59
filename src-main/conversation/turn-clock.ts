/** When the steps of a turn happened, measured on the monotonic clock from the release. */
import type { TurnTimings } from './events.ts';

type Step = 'release' | 'transcript' | 'token' | 'audio';

export class TurnClock {
  readonly #openedAt = performance.now();
  readonly #at = new Map<Step, number>();

  /** Notes the first time of each step; a release is noted anew when the take went on after one. */
  mark(step: Step): void {
    if (step === 'release' || !this.#at.has(step)) this.#at.set(step, performance.now());
  }

  timings(): TurnTimings {
    const release = this.#at.get('release') ?? this.#openedAt;
    const since = (step: Step): number | null => {
      const at = this.#at.get(step);
      return at === undefined ? null : round(at - release);
    };
    return {
      releaseToTranscriptMs: since('transcript'),
      releaseToFirstTokenMs: since('token'),
      releaseToFirstAudioMs: since('audio'),
      totalMs: round(performance.now() - this.#openedAt),
    };
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
