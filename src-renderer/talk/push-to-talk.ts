/**
 * What the hand does becomes the contract's talk commands, and the microphone opens at the press without waiting for
 * the core. The grammar of taps and holds is the core's; here is only what a finger did.
 */
import type { Bridge } from '../../src-preload/bridge.ts';
import type { FaultView } from '../../src-preload/contract.ts';
import type { Capture } from '../audio/capture.ts';
import type { Playback } from '../audio/playback.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { State, Store } from '../store.ts';
import { attachHand, type Finger } from './hand.ts';
import { newTakeId } from './take-id.ts';

/** After a release the core closes the take; if it does not, the microphone is closed here. */
const SAFETY_CLOSE_MS = 3_000;
/** A take longer than this is discarded only by a second Esc. */
const CONFIRM_DISCARD_MS = 20_000;
const CONFIRM_WITHIN_MS = 4_000;

interface OwnTake {
  readonly id: number;
  readonly openedAt: number;
  /** The core has said that it awaits this take. */
  known: boolean;
  failed: boolean;
}

export interface PushToTalkParts {
  readonly bridge: Bridge;
  readonly store: Store;
  readonly capture: Capture;
  readonly playback: Playback;
}

export class PushToTalk {
  readonly #parts: PushToTalkParts;
  #take: OwnTake | null = null;
  /** The press that is not released yet. */
  #held: { readonly takeId: number; readonly since: number; readonly by: Finger } | null = null;
  #safety: ReturnType<typeof setTimeout> | undefined;
  #confirm: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PushToTalkParts) {
    this.#parts = parts;
    parts.store.subscribe((state, before) => this.#follow(state, before));
  }

  attach(): void {
    const { store } = this.#parts;
    attachHand({
      talkKey: () => store.getState().app?.settings.talk.key ?? null,
      listens: () => store.getState().screen === 'talk',
      press: (by, at) => this.press(by, at),
      release: (by, at) => this.release(by, at),
      lose: (at) => this.#lose(at),
      escape: (at) => this.escape(at),
    });
  }

  /** @param at when it happened, as an event's `timeStamp`. */
  press(by: Finger, at: number): void {
    const { bridge, capture, playback, store } = this.#parts;
    const { connected, conversation } = store.getState();
    if (this.#held || this.#take?.failed || !connected) return;
    playback.stop();
    void playback.wake();
    this.#settleConfirmation();
    clearTimeout(this.#safety);

    const open = this.#take?.id ?? conversation.takeId;
    const takeId = open ?? newTakeId();
    this.#held = { takeId, since: at, by };
    if (open === null) {
      this.#take = { id: takeId, openedAt: at, known: false, failed: false };
      capture.levels.clear();
      capture.open(takeId);
    }
    store.setState({ fault: null });
    bridge.invoke('talk.press', { takeId, input: capture.input }).catch((thrown) => {
      store.setState({ fault: faultOf(thrown) });
      this.#closeTake(takeId, false);
    });
  }

  /** @returns whether it was this finger that held. */
  release(by: Finger, at: number): boolean {
    if (this.#held?.by !== by) return false;
    this.#release(this.#held.takeId, at - this.#held.since, false);
    return true;
  }

  /** A press by a device that knows no holding, such as a screen reader: it locks, and the next one sends. */
  toggle(at: number): void {
    const locks = this.#take === null && this.#parts.store.getState().conversation.takeId === null;
    for (let presses = locks ? 2 : 1; presses > 0; presses--) {
      this.press('key', at);
      this.release('key', at);
    }
  }

  /** Esc: discards the take, or stops whatever the turn is doing. @returns whether there was anything to stop. */
  escape(at: number): boolean {
    const { bridge, playback, store } = this.#parts;
    const { conversation, confirmDiscardMs } = store.getState();
    if (conversation.phase === 'idle' && !this.#take) return false;
    const takeMs = this.#take ? at - this.#take.openedAt : 0;
    if (takeMs > CONFIRM_DISCARD_MS && confirmDiscardMs === null) {
      store.setState({ confirmDiscardMs: takeMs });
      this.#confirm = setTimeout(() => this.#settleConfirmation(), CONFIRM_WITHIN_MS);
      return true;
    }
    this.#settleConfirmation();
    playback.stop();
    this.#held = null;
    bridge.invoke('talk.cancel', {}).catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    if (this.#take) this.#awaitClose(this.#take.id);
    return true;
  }

  /** The microphone could not be opened or went away; what it gave has been sent. */
  captureFailed(takeId: number, error: FaultView): void {
    const { bridge, store } = this.#parts;
    if (this.#take?.id !== takeId) {
      // The microphone was open for something else than a turn.
      store.setState({ fault: error });
      return;
    }
    this.#take.failed = true;
    this.#held = null;
    // What was recorded goes on as a turn; that it ended early is said beside it.
    if (store.getState().conversation.phase === 'recording') store.setState({ fault: error });
    bridge
      .invoke('talk.captureFailed', { takeId, error })
      .catch((thrown) => store.setState({ fault: faultOf(thrown) }))
      .finally(() => this.#awaitClose(takeId));
  }

  #lose(at: number): void {
    const takeId = this.#held?.takeId ?? this.#take?.id;
    if (takeId === undefined) return;
    this.#release(takeId, at - (this.#held?.since ?? at), true);
  }

  #release(takeId: number, heldMs: number, lost: boolean): void {
    const { bridge, store } = this.#parts;
    this.#held = null;
    bridge
      .invoke('talk.release', { takeId, heldMs: Math.max(0, heldMs), lost })
      .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    this.#awaitClose(takeId);
  }

  #awaitClose(takeId: number): void {
    clearTimeout(this.#safety);
    this.#safety = setTimeout(() => {
      if (this.#take?.id === takeId && !this.#held && !this.#parts.store.getState().conversation.locked) {
        this.#closeTake(takeId, true);
      }
    }, SAFETY_CLOSE_MS);
  }

  /** The core says when it has heard enough. */
  #follow(state: State, before: State): void {
    const take = this.#take;
    if (!take) return;
    if (state.connected === false) this.#closeTake(take.id, false);
    if (state.conversation === before.conversation) return;
    if (state.conversation.takeId === take.id) take.known = true;
    else if (take.known) this.#closeTake(take.id, false);
  }

  #closeTake(takeId: number, flush: boolean): void {
    if (this.#take?.id !== takeId) return;
    this.#take = null;
    this.#held = null;
    this.#settleConfirmation();
    void this.#parts.capture.close(flush).catch(() => undefined);
  }

  #settleConfirmation(): void {
    clearTimeout(this.#confirm);
    if (this.#parts.store.getState().confirmDiscardMs !== null) this.#parts.store.setState({ confirmDiscardMs: null });
  }
}
