/** A guest's hand: without a core, the presses become takes here, and the room gets them. */
import { createStore } from 'zustand/vanilla';
import type { FaultView } from '../../src-preload/contract.ts';
import type { Capture } from '../audio/capture.ts';
import type { OpenRoom } from '../rooms/open-room.ts';
import { attachHand, type Finger } from '../talk/hand.ts';
import { newTakeId } from '../talk/take-id.ts';
import { type KeyInput, type KeyState, nextKey, TAP_MS } from './key-grammar.ts';

export const GUEST_KEY = 'Space';
/** Kept after a release: the finger is quicker than the tongue, and the network slower than both. */
const TAIL_MS = 250;

export interface GuestTalkState {
  readonly key: KeyState;
  /** The microphone gives sound. */
  readonly live: boolean;
  /** The last words are being kept. */
  readonly finishing: boolean;
  readonly fault: FaultView | null;
}

export class GuestTalk {
  readonly store = createStore<GuestTalkState>()(() => ({ key: 'up', live: false, finishing: false, fault: null }));
  readonly #capture: Capture;
  readonly #room: OpenRoom;
  #takeId: number | null = null;
  #finger: { readonly by: Finger; readonly since: number } | null = null;
  #detach: () => void = () => {};
  #tap: ReturnType<typeof setTimeout> | undefined;

  constructor(capture: Capture, room: OpenRoom) {
    this.#capture = capture;
    this.#room = room;
  }

  attach(): void {
    this.#detach = attachHand({
      talkKey: () => GUEST_KEY,
      listens: () => true,
      press: (by, at) => this.press(by, at),
      release: (by, at) => this.#release(by, at),
      lose: () => {
        this.#finger = null;
        this.#input({ type: 'lost' });
      },
      escape: () => {
        if (this.#takeId === null) return false;
        this.#input({ type: 'escape' });
        return true;
      },
    });
  }

  detach(): void {
    this.#detach();
    if (this.#takeId !== null) this.#input({ type: 'escape' });
  }

  press(by: Finger, at: number): void {
    if (this.#finger || this.#room.store.getState().connection === 'ended') return;
    this.#finger = { by, since: at };
    this.#input({ type: 'press' });
  }

  /** A press by a device that knows no holding: it locks, and the next one sends. */
  toggle(at: number): void {
    for (let presses = this.#takeId === null ? 2 : 1; presses > 0; presses--) {
      this.press('key', at);
      this.#release('key', at);
    }
  }

  /** The microphone is open, or can't be. */
  opened(): void {
    if (this.#takeId !== null) this.store.setState({ live: true });
  }

  failed(fault: FaultView): void {
    const { live } = this.store.getState();
    this.store.setState({ fault });
    this.#finger = null;
    // What came before it went away is sent.
    this.#input({ type: live ? 'lost' : 'escape' });
  }

  /** The agent did not take it: what is said now, nobody hears. */
  refused(takeId: number): void {
    if (takeId !== this.#takeId) return;
    this.#finger = null;
    this.#input({ type: 'escape' });
  }

  #release(by: Finger, at: number): boolean {
    if (this.#finger?.by !== by) return false;
    const heldMs = at - this.#finger.since;
    this.#finger = null;
    this.#input({ type: 'release', heldMs });
    return true;
  }

  #input(input: KeyInput): void {
    const [key, effect] = nextKey(this.store.getState().key, input);
    clearTimeout(this.#tap);
    if (key === 'tapped') this.#tap = setTimeout(() => this.#input({ type: 'tap-over' }), TAP_MS);
    this.store.setState({ key });
    if (effect === 'begin') this.#begin();
    else if (effect !== null && this.#takeId !== null) void this.#finish(this.#takeId, effect);
  }

  #begin(): void {
    const takeId = newTakeId();
    this.#takeId = takeId;
    // Pressed again before the last words were kept, the microphone has not been closed.
    this.store.setState({ live: this.#capture.isOpen, finishing: false, fault: null });
    this.#capture.levels.clear();
    this.#capture.open(takeId);
    this.#room.key.begin(takeId);
  }

  async #finish(takeId: number, effect: 'end' | 'cancel'): Promise<void> {
    this.#takeId = null;
    this.store.setState({ live: false, finishing: effect === 'end' });
    if (effect === 'end') await new Promise((resolve) => setTimeout(resolve, TAIL_MS));
    // Pressed again meanwhile: the microphone belongs to the next take.
    if (this.#takeId === null) {
      this.store.setState({ finishing: false });
      await this.#capture.close(effect === 'end').catch(() => undefined);
    }
    if (effect === 'end') this.#room.key.end(takeId);
    else this.#room.key.cancel(takeId);
  }
}
