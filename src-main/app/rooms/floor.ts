/**
 * Who is heard in a room: one at a time, by the key or with an open microphone. On behalf of whoever has the floor it
 * presses, speaks and lets go in the conversation; how they are reached is the room's business.
 */
import { randomInt } from 'node:crypto';
import { START_ANSWER } from '../../../src-preload/room-protocol.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault, toFault } from '../../fault.ts';
import type { Transport } from '../../transport/transport.ts';
import { OpenMicrophones } from './open-microphones.ts';
import { heldError, notAdmittedFault, refusedError } from './room-errors.ts';
import { TalkKey } from './talk-key.ts';

export interface FloorOptions {
  readonly rules: () => Pick<Settings['rooms'], 'whenHeld' | 'listening'>;
  /** Whether that one may be heard. */
  readonly admits: (identity: string) => boolean;
  /** Identity of whoever sits at this machine; null when nobody does. */
  readonly owner: string | null;
  /** Where answers are heard. */
  readonly voice: Transport;
  nameOf(identity: string): string;
  /** Offers the key to one who waited. @returns whether they are there to take it */
  offer(identity: string): Promise<boolean>;
  /** Somebody else has the key, or waits for it. */
  changed(): void;
  fault(fault: Fault): void;
}

/** What somebody says while they hold the key. */
interface Take {
  readonly identity: string;
  readonly takeId: number;
  sequence: number;
  /** They let go, and what is under way is still kept. */
  released: boolean;
  /** Resolves when the microphone is closed. */
  readonly over: Promise<void>;
  readonly close: () => void;
}

/** With the connection gone, whoever held the key is not waited for any longer. */
const LOST_SPEAKER_MS = 3_000;

export class Floor {
  readonly #options: FloorOptions;
  readonly #key: TalkKey;
  #session: AgentSession;
  #forgetSession: () => void = () => {};
  #open: OpenMicrophones | null = null;
  #take: Take | null = null;
  #lostTimer: NodeJS.Timeout | null = null;
  #granting = false;

  constructor(session: AgentSession, options: FloorOptions) {
    this.#options = options;
    this.#key = new TalkKey(() => options.rules().whenHeld);
    this.#session = session;
    this.follow(session);
  }

  get holder(): string | null {
    return this.#key.holder;
  }

  /** Those who wait for the key, first first. */
  get queue(): readonly string[] {
    return this.#key.queue;
  }

  /** Whether anybody is being heard, here or in the room. */
  get taken(): boolean {
    return this.#take !== null || 'takeId' in this.#session.state;
  }

  /** From now on they speak in this conversation. */
  follow(session: AgentSession): void {
    this.#forgetSession();
    this.#closeTake();
    this.#session = session;
    this.#forgetSession = session.onState(() => this.#sessionChanged());
    if ('takeId' in session.state && this.#options.owner !== null) this.#key.press(this.#options.owner);
    const { vad, vadOptions } = session.models;
    this.#open = new OpenMicrophones(vad, vadOptions(session.currentAgent), {
      began: (identity, before) => this.#spokeUp(identity, before),
      ended: (identity) => this.release(identity),
    });
  }

  /** Whoever sits at this machine presses the key; the session is theirs to press. @throws Fault while somebody else holds it */
  claim(identity: string): void {
    const press = this.#key.press(identity);
    if (press === 'granted' || press === 'held') {
      this.#options.changed();
      return;
    }
    this.#key.leave(identity);
    throw new Fault('key-held', `${this.#options.nameOf(this.#first)} is speaking`, {
      hint: 'Wait until they let go.',
    });
  }

  /** RPC start_turn. @returns what the caller is told. @throws RpcError */
  async start(identity: string): Promise<string> {
    const { admits, changed, nameOf } = this.#options;
    if (!admits(identity)) throw refusedError(notAdmittedFault());
    // Whoever spoke last let go already: their last syllable is still on its way.
    const ending = this.#take;
    if (ending?.released && ending.identity !== identity) await ending.over;
    const press = this.#key.press(identity);
    changed();
    if (press === 'refused') throw heldError(nameOf(this.#first), this.#first);
    if (press === 'queued') return START_ANSWER.queued;
    this.#begin(identity);
    return START_ANSWER.granted;
  }

  /** They let go, or are taken to have. @returns whether they were speaking */
  release(identity: string): boolean {
    const take = this.#take;
    if (take?.identity === identity && !take.released) {
      take.released = true;
      this.#session.release({ takeId: take.takeId, heldMs: 0, lost: true });
      return true;
    }
    if (this.#key.holder !== identity) {
      this.#key.leave(identity);
      this.#options.changed();
    }
    return false;
  }

  cancel(identity: string): void {
    if (this.#take?.identity === identity) this.#session.cancel();
    else this.release(identity);
  }

  /** @returns whether they were speaking */
  leave(identity: string): boolean {
    this.#open?.forget(identity);
    return this.release(identity);
  }

  /** @param samples of somebody's microphone, 24 kHz mono */
  hear(identity: string, samples: Int16Array): void {
    const { rules, admits } = this.#options;
    const take = this.#take;
    if (take?.identity === identity) this.#session.receive(take.takeId, take.sequence++, samples);
    if (rules().listening === 'open-microphone' && admits(identity)) this.#open?.hear(identity, samples);
  }

  /** Frames of somebody's did not arrive. */
  lose(identity: string, frames: number): void {
    const take = this.#take;
    if (take?.identity !== identity) return;
    take.sequence += frames;
    this.#session.receive(take.takeId, take.sequence++, new Int16Array(0));
  }

  /** Whether the room can be reached: whoever speaks while it can't is not waited for. */
  setReachable(reachable: boolean): void {
    if (this.#lostTimer) clearTimeout(this.#lostTimer);
    const speaker = this.#take?.identity;
    if (reachable || speaker === undefined) return;
    this.#lostTimer = setTimeout(() => this.release(speaker), LOST_SPEAKER_MS);
  }

  /** Whoever speaks lets go. */
  close(): void {
    this.#forgetSession();
    if (this.#lostTimer) clearTimeout(this.#lostTimer);
    this.release(this.#take?.identity ?? '');
  }

  /** Who has the key, or is to get it. */
  get #first(): string {
    return this.#key.holder ?? this.#key.queue[0] ?? '';
  }

  /** Opens the microphone of whoever has got the key. @throws RpcError when the turn can't be kept */
  #begin(identity: string, before: readonly Int16Array[] = []): void {
    const { voice, nameOf } = this.#options;
    const resumed = this.#take?.identity === identity ? this.#take : null;
    const { promise: over, resolve: close } = Promise.withResolvers<void>();
    const take = resumed ?? { identity, takeId: randomInt(1, 2 ** 32 - 1), sequence: 0, released: false, over, close };
    take.released = false;
    this.#take = take;
    try {
      const speaker = { identity, name: nameOf(identity) };
      const input = { deviceLabel: 'LiveKit', processing: [], speaker };
      this.#session.press({ takeId: take.takeId, transport: voice, input });
    } catch (thrown) {
      this.#closeTake();
      throw refusedError(toFault(thrown));
    }
    for (const samples of before) this.#session.receive(take.takeId, take.sequence++, samples);
  }

  /** Voice detection heard somebody begin. @returns whether they have got the key */
  #spokeUp(identity: string, before: readonly Int16Array[]): boolean {
    if (this.#key.press(identity) !== 'granted') {
      this.#key.leave(identity);
      return false;
    }
    this.#options.changed();
    try {
      this.#begin(identity, before);
      return true;
    } catch {
      return false;
    }
  }

  #sessionChanged(): void {
    const { state } = this.#session;
    if (!('takeId' in state)) this.#closeTake();
    if (state.phase === 'idle') void this.#grantNext();
  }

  /** The microphone is closed, whoever opened it. */
  #closeTake(): void {
    const { holder } = this.#key;
    if (holder === null) return;
    this.#key.leave(holder);
    this.#take?.close();
    this.#take = null;
    this.#options.changed();
  }

  /** Gives the key to whoever waits for it; who does not take it has left the queue. */
  async #grantNext(): Promise<void> {
    if (this.#granting) return;
    this.#granting = true;
    try {
      for (let next = this.#key.queue[0]; next && this.#isFree(); next = this.#key.queue[0]) {
        const taken = await this.#options.offer(next);
        if (taken && this.#isFree() && this.#key.press(next) === 'granted') {
          this.#options.changed();
          this.#begin(next);
        } else this.#key.leave(next);
      }
    } catch (thrown) {
      this.#options.fault(toFault(thrown));
    } finally {
      this.#granting = false;
      this.#options.changed();
    }
  }

  #isFree(): boolean {
    return this.#session.state.phase === 'idle' && this.#key.holder === null;
  }
}
