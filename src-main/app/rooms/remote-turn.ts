/** One turn with somebody else's agent, as far as a window has told of it: both sides' words, the agent's state and sound. */
import type { AudioFrame } from '../../audio/frame.ts';
import { Channel } from '../../channel.ts';
import type { Fault } from '../../fault.ts';

/** Whole texts by segment, in the order in which the segments began. */
type Segments = Map<string, { text: string; final: boolean }>;

export class RemoteTurn {
  /** The agent's voice, in answer. */
  readonly sound = new Channel<AudioFrame>();
  /** Of the conversation here; null for one that is typed. */
  turnId: string | null = null;
  readonly #user: Segments = new Map();
  readonly #agent: Segments = new Map();
  readonly #waiting = new Set<() => void>();
  #released = false;
  #began = false;
  #ended = false;
  #audible = false;
  #busy = false;
  #toldAt = performance.now();
  #fault: Fault | null = null;

  /** What the user said so far, as the agent understood it. */
  get userText(): string {
    return joined(this.#user);
  }

  get userFinal(): boolean {
    return this.#user.size > 0 && [...this.#user.values()].every(({ final }) => final);
  }

  get agentText(): string {
    return joined(this.#agent);
  }

  /** The agent does something about what was said: thinks, writes or speaks. */
  get began(): boolean {
    return this.#began;
  }

  /** It is done with it. */
  get ended(): boolean {
    return this.#ended;
  }

  get audible(): boolean {
    return this.#audible;
  }

  /** Whether it says that it thinks or speaks. */
  get busy(): boolean {
    return this.#busy;
  }

  /** How long nothing was told or heard of it, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#toldAt;
  }

  /** All was said: a voice that is heard from now on is the answer. */
  release(): void {
    this.#released = true;
  }

  tell(role: 'user' | 'agent', segmentId: string, text: string, final: boolean): void {
    if (role === 'user') this.#user.set(segmentId, { text, final });
    else {
      this.#agent.set(segmentId, { text, final });
      this.#began = true;
    }
    this.#told();
  }

  /** @param state `thinking`, `speaking`, or one in which it waits to be spoken to */
  stateChanged(state: string | null): void {
    this.#busy = state === 'thinking' || state === 'speaking';
    if (this.#busy) this.#began = true;
    else if (this.#began && state !== null) this.end();
    this.#told();
  }

  hear(frame: AudioFrame): void {
    // While the user speaks, that is the end of the answer before.
    if (!this.#released && !this.#began) return;
    this.#began = true;
    this.#audible = true;
    this.sound.push(frame);
    this.#told();
  }

  end(): void {
    this.#ended = true;
    this.sound.close();
    this.#wake();
  }

  fail(fault: Fault): void {
    this.#fault = fault;
    this.end();
  }

  /**
   * Waits until something was told after which `look` is true.
   * @returns false when that has not happened within `timeoutMs`. @throws Fault when the turn failed
   */
  async until(look: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const expired = AbortSignal.timeout(timeoutMs);
    const waking = () => this.#wake();
    for (const one of [expired, signal]) one.addEventListener('abort', waking);
    try {
      while (!this.#fault && !look()) {
        if (expired.aborted || signal.aborted) return false;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      if (this.#fault) throw this.#fault;
      return true;
    } finally {
      for (const one of [expired, signal]) one.removeEventListener('abort', waking);
    }
  }

  #told(): void {
    this.#toldAt = performance.now();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

function joined(segments: Segments): string {
  return [...segments.values()]
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
}
