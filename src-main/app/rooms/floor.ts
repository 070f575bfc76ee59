/**
 * Who is heard in a room: one at a time, by the key or with an open microphone. On behalf of whoever has the floor it
 * presses, speaks and lets go in the conversation; how they are reached is the room's business.
 */
import { randomInt } from 'node:crypto';
import { START_ANSWER } from '../../../src-preload/room-protocol.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import type { Speaker } from '../../conversation/events.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault, toFault } from '../../fault.ts';
import type { Transport } from '../../transport/transport.ts';
import { HOLD_LIMITS, HolderWatch, type HoldLimits } from './holder-watch.ts';
import { OpenMicrophones } from './open-microphones.ts';
import { heldError, heldTooLongFault, keyHeldFault, notAdmittedFault, refusedError } from './room-errors.ts';
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
  /** @param about whom it is about */
  fault(fault: Fault, about?: Speaker): void;
  /** Somebody got no turn, and was told why. */
  refused(fault: Fault, who: Speaker): void;
  readonly limits?: HoldLimits;
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

/** What somebody said last, under the name that their client has for it. */
interface Said {
  readonly name: string;
  turnId: string | null;
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
  /** By identity. */
  readonly #said = new Map<string, Said>();
  readonly #watch: HolderWatch;
  /** A take is dropped to be sent anew: the key stays where it is. */
  #restarting = false;
  #lostTimer: NodeJS.Timeout | null = null;
  #granting = false;

  constructor(session: AgentSession, options: FloorOptions) {
    this.#options = options;
    this.#key = new TalkKey(() => options.rules().whenHeld);
    const { limits = HOLD_LIMITS } = options;
    this.#watch = new HolderWatch(limits, (limit) => this.#takeBack(limit, limits));
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
    this.#said.clear();
    this.#session = session;
    const { vad, vadOptions } = session.models;
    const options = vadOptions(session.currentAgent);
    const forgetState = session.onState(() => this.#sessionChanged());
    const forgetSpeech = session.on('vad_measured', ({ probabilities }) => {
      if (probabilities.some((probability) => probability >= options.threshold)) this.#watch.spoke();
    });
    this.#forgetSession = () => {
      forgetState();
      forgetSpeech();
    };
    if ('takeId' in session.state && this.#options.owner !== null) this.#key.press(this.#options.owner);
    this.#open = new OpenMicrophones(vad, options, {
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

  /**
   * RPC start_turn.
   * @param name of what will be said, at whoever says it: the same name again sends the same again from its beginning
   * @returns what the caller is told. @throws RpcError
   */
  async start(identity: string, name: string): Promise<string> {
    const { admits, changed, nameOf, refused } = this.#options;
    const who = this.#speaker(identity);
    if (!admits(identity)) {
      refused(notAdmittedFault(), who);
      throw refusedError(notAdmittedFault());
    }
    this.#expect(identity, name);
    // Whoever spoke last let go already: their last syllable is still on its way.
    const ending = this.#take;
    if (ending?.released && ending.identity !== identity) await ending.over;
    const press = this.#key.press(identity);
    changed();
    if (press === 'refused') {
      refused(keyHeldFault(who.name, nameOf(this.#first)), who);
      throw heldError(nameOf(this.#first), this.#first);
    }
    if (press === 'queued') return START_ANSWER.queued;
    this.#begin(identity);
    return START_ANSWER.granted;
  }

  /** They let go, or are taken to have. @returns whether they were speaking */
  release(identity: string): boolean {
    const take = this.#take;
    if (take?.identity === identity && !take.released) {
      take.released = true;
      this.#watch.end();
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
    this.#watch.end();
    if (this.#lostTimer) clearTimeout(this.#lostTimer);
    this.release(this.#take?.identity ?? '');
  }

  /** Who has the key, or is to get it. */
  get #first(): string {
    return this.#key.holder ?? this.#key.queue[0] ?? '';
  }

  /** Opens the microphone of whoever has got the key. @throws RpcError when the turn can't be kept */
  #begin(identity: string, before: readonly Int16Array[] = []): void {
    const { voice, refused } = this.#options;
    const said = this.#said.get(identity) ?? null;
    const resumed = this.#take?.identity === identity ? this.#take : null;
    const { promise: over, resolve: close } = Promise.withResolvers<void>();
    const take = resumed ?? { identity, takeId: randomInt(1, 2 ** 32 - 1), sequence: 0, released: false, over, close };
    take.released = false;
    this.#take = take;
    const speaker = this.#speaker(identity);
    try {
      const input = { deviceLabel: 'LiveKit', processing: [], speaker };
      const { takeId } = take;
      this.#session.press({ takeId, transport: voice, input, retryOf: said?.turnId ?? null });
    } catch (thrown) {
      this.#closeTake();
      refused(toFault(thrown), speaker);
      throw refusedError(toFault(thrown));
    }
    const { state } = this.#session;
    if (said && state.phase !== 'idle') said.turnId = state.turnId;
    this.#watch.begin();
    for (const samples of before) this.#session.receive(take.takeId, take.sequence++, samples);
  }

  /** Voice detection heard somebody begin. @returns whether they have got the key */
  #spokeUp(identity: string, before: readonly Int16Array[]): boolean {
    if (this.#key.press(identity) !== 'granted') {
      this.#key.leave(identity);
      return false;
    }
    this.#options.changed();
    this.#said.delete(identity);
    try {
      this.#begin(identity, before);
      return true;
    } catch {
      return false;
    }
  }

  /** What had arrived of the same is no turn to be answered: a broken connection took the rest. */
  #expect(identity: string, name: string): void {
    const again = name !== '' && this.#said.get(identity)?.name === name;
    if (!again) this.#said.set(identity, { name, turnId: null });
    else if (this.#take?.identity === identity) {
      this.#restarting = true;
      this.#session.cancel();
      this.#restarting = false;
      this.#take.close();
      this.#take = null;
    }
  }

  #takeBack(limit: keyof HoldLimits, limits: HoldLimits): void {
    const identity = this.#take?.identity;
    if (identity === undefined || !this.release(identity)) return;
    const speaker = this.#speaker(identity);
    this.#options.fault(heldTooLongFault(speaker.name, limit, limits), speaker);
  }

  #speaker(identity: string): Speaker {
    return { identity, name: this.#options.nameOf(identity) };
  }

  #sessionChanged(): void {
    if (this.#restarting) return;
    const { state } = this.#session;
    if (!('takeId' in state)) this.#closeTake();
    if (state.phase === 'idle') void this.#grantNext();
  }

  /** The microphone is closed, whoever opened it. */
  #closeTake(): void {
    const { holder } = this.#key;
    if (holder === null) return;
    this.#key.leave(holder);
    this.#watch.end();
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
