/** Where a reply goes to be heard: this window, a file, later a room. Captured sound comes the other way, as frames pushed to the session. */
import type { AudioFrame } from '../audio/frame.ts';

/** The playback of one reply. */
export interface Playback {
  /** Queues sound; never blocks. */
  write(frame: AudioFrame): void;
  /** No more sound will come. */
  end(): void;
  /** Stops at once and forgets what is queued. */
  stop(): void;
  /** Called whenever more samples have left the loudspeaker; the count is absolute, at 24 kHz. */
  onHeard(listener: (heardSamples: number) => void): void;
  /** Resolves when all was heard, or when it was stopped or the listener went away; never rejects. */
  readonly done: Promise<{ heardSamples: number; complete: boolean }>;
}

export interface Transport {
  /** @param turnId of the turn that speaks. */
  play(turnId: string): Playback;
}
