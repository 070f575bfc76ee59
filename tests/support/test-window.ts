/**
 * A window without a screen: speaks to the core over the contract, plays what it is sent at once (or only as far as
 * it is told) and remembers every event.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App, WindowConnection } from '../../src-main/app.ts';
import {
  type AudioPacket,
  decodePacket,
  encodePacket,
  PACKET_KIND,
  PACKET_SAMPLES,
} from '../../src-preload/audio-packet.ts';
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type ConversationView,
  type EventName,
  type EventPayload,
  events,
  type TurnView,
} from '../../src-preload/contract.ts';

export interface TestWindowOptions {
  /** Samples of each reply that the listener hears before the sound stands still; all by default. */
  readonly hearsUpTo?: number;
  /** Whether every event is held to the contract; not where time is measured, since no real window does it. */
  readonly checks?: boolean;
}

export class TestWindow {
  readonly turns = new Map<string, TurnView>();
  /** Every phase the conversation went through. */
  readonly phases: string[] = [];
  conversation: ConversationView | null = null;
  /** Everything that was sent to be played, by playback. */
  readonly played = new Map<number, Int16Array[]>();
  /** When the first sound of each playback came, as `performance.now()` has it. */
  readonly playedAt = new Map<number, number>();
  readonly #connection: WindowConnection;
  readonly #hearsUpTo: number;
  readonly #checks: boolean;
  readonly #heard = new Map<number, number>();
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Map<EventName, (payload: never) => void>();

  constructor(app: App, { hearsUpTo = Number.POSITIVE_INFINITY, checks = true }: TestWindowOptions = {}) {
    this.#hearsUpTo = hearsUpTo;
    this.#checks = checks;
    this.#connection = app.connect({
      event: (name, payload) => this.#event(name, payload),
      packet: (bytes) => this.#packet(bytes),
    });
  }

  invoke<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    return this.#connection.invoke(name, input) as Promise<CommandOutput<N>>;
  }

  /** Is told every event of that name, besides what the window keeps. One listener for each name. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
    this.#listeners.set(name, listener);
  }

  close(): void {
    this.#connection.close();
  }

  /** Presses the key. @returns the take. */
  async press(takeId = randomInt(1, 2 ** 32 - 1)): Promise<number> {
    await this.invoke('talk.press', { takeId, input: { deviceLabel: 'Test microphone', processing: [] } });
    return takeId;
  }

  async release(takeId: number, heldMs = 2_000): Promise<void> {
    await this.invoke('talk.release', { takeId, heldMs, lost: false });
  }

  /** Sends sound in frames of 20 ms. @param realTime paces it as a microphone would. */
  async speak(
    takeId: number,
    samples: Int16Array,
    options: { realTime?: boolean; from?: number } = {},
  ): Promise<number> {
    let sequence = options.from ?? 0;
    for (let start = 0; start < samples.length; start += PACKET_SAMPLES) {
      this.frame(takeId, sequence++, samples.slice(start, start + PACKET_SAMPLES));
      if (options.realTime) await sleep(20);
    }
    return sequence;
  }

  frame(takeId: number, sequence: number, samples: Int16Array): void {
    this.#connection.receive(encodePacket({ kind: PACKET_KIND.capture, stream: takeId, sequence, value: 0, samples }));
  }

  /** Holds, says it and lets go. @returns the turn, once it has its outcome. */
  async say(samples: Int16Array): Promise<TurnView> {
    const takeId = await this.press();
    const { turnId } = this.conversation as ConversationView;
    await this.speak(takeId, samples);
    await this.release(takeId);
    return this.outcome(turnId as string);
  }

  async type(text: string): Promise<TurnView> {
    const { turnId } = await this.invoke('talk.sendText', { text });
    return this.outcome(turnId);
  }

  outcome(turnId: string): Promise<TurnView> {
    return this.until(() => {
      const turn = this.turns.get(turnId);
      return turn?.outcome ? turn : null;
    });
  }

  /** Waits for an event or sound after which `look` finds something. */
  async until<T>(look: () => T | null | undefined): Promise<T> {
    while (true) {
      const found = look();
      if (found !== null && found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const watcher = () => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  #event(name: EventName, payload: unknown): void {
    // What the contract promises every window.
    if (this.#checks) events[name].parse(payload);
    this.#listeners.get(name)?.(payload as never);
    if (name === 'turn.changed') this.turns.set((payload as TurnView).id, payload as TurnView);
    if (name === 'conversation.changed') {
      this.conversation = payload as ConversationView;
      if (this.phases.at(-1) !== this.conversation.phase) this.phases.push(this.conversation.phase);
    }
    this.#notify();
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #packet(bytes: ArrayBuffer): void {
    const packet = decodePacket(bytes);
    if (!packet) throw new Error('The core sent something that is no packet');
    const { kind, stream, samples } = packet;
    const heard = this.#heard.get(stream) ?? 0;
    if (kind === PACKET_KIND.play) {
      const played = this.played.get(stream);
      if (played) played.push(samples);
      else {
        this.playedAt.set(stream, performance.now());
        this.played.set(stream, [samples]);
      }
      const now = Math.min(heard + samples.length, this.#hearsUpTo);
      this.#heard.set(stream, now);
      this.#report(PACKET_KIND.heard, stream, now);
      this.#notify();
    } else if (kind === PACKET_KIND.stop || (kind === PACKET_KIND.end && heard < this.#hearsUpTo)) {
      this.#report(PACKET_KIND.done, stream, heard);
    }
  }

  #report(kind: AudioPacket['kind'], stream: number, value: number): void {
    const samples = new Int16Array(0);
    // The loudspeaker answers later, never from within the call that feeds it.
    queueMicrotask(() => this.#connection.receive(encodePacket({ kind, stream, sequence: 0, value, samples })));
  }
}
