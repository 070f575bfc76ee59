/** Playing in the lab: the playhead, what is heard, and how far it is. */
import type { StoreApi } from 'zustand/vanilla';
import type { Playback } from '../audio/playback.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { Stage } from './drawing/stage.ts';
import { type LabState, ownSegments } from './lab-state.ts';
import { SpanPlayer } from './span-player.ts';
import { type Span, without } from './spans.ts';

export class Transport {
  readonly #store: StoreApi<LabState>;
  readonly #stage: Stage;
  readonly #player: SpanPlayer;
  #playheadMs = 0;

  constructor(store: StoreApi<LabState>, stage: Stage, playback: Playback) {
    this.#store = store;
    this.#stage = stage;
    this.#player = new SpanPlayer(playback, {
      stopped: () => store.setState({ playing: false }),
      failed: (thrown) => store.setState({ playing: false, fault: faultOf(thrown) }),
    });
    // While something is heard, every frame moves the playhead.
    stage.onFrame(() => {
      if (store.getState().playing) stage.nextFrame();
    });
  }

  /** The place in the recording that is heard, or would be heard next. */
  get positionMs(): number {
    return this.#player.positionMs ?? this.#playheadMs;
  }

  seek(ms: number): void {
    this.#playheadMs = Math.max(0, Math.min(this.#stage.extent.durationMs, ms));
    if (this.#store.getState().playing) this.play();
    this.#stage.nextFrame();
  }

  toggle(): void {
    if (this.#store.getState().playing) this.stop();
    else this.play();
  }

  /** A stretch, else what is selected, else everything; of it what is to be heard. */
  play(stretch?: Span): void {
    const state = this.#store.getState();
    const sound = state.media?.sound;
    if (!sound) return;
    const place = stretch ?? state.selection ?? { startMs: 0, endMs: this.#stage.extent.durationMs };
    const cut = without([place], ownSegments(state));
    const spans = { all: [place], cut, kept: without([place], cut) }[state.hearing];
    const last = spans.at(-1)?.endMs ?? 0;
    const within = this.#playheadMs >= place.startMs && this.#playheadMs < last - 1;
    this.#store.setState({ playing: true });
    this.#player.play(sound, spans, within ? this.#playheadMs : place.startMs, state.looping);
    this.#stage.nextFrame();
  }

  /** Begins again from here, because what is to be heard has changed. */
  goOn(): void {
    if (!this.#store.getState().playing) return;
    this.#playheadMs = this.positionMs;
    this.play();
  }

  stop(): void {
    this.#playheadMs = this.positionMs;
    this.#player.stop();
    this.#store.setState({ playing: false });
    this.#stage.nextFrame();
  }
}
