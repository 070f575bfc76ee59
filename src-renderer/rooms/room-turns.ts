/**
 * What is said with the key, on its way to the room's agent: the key is asked for, what was said is sent from its first
 * sample, and the turn is committed when the last has left. What the network or a stopped agent has swallowed is sent
 * again when they are back; several such takes go one after the other.
 */
import { RpcError } from 'livekit-client';
import type { FaultView } from '../../src-preload/contract.ts';
import { RPC, START_ANSWER } from '../../src-preload/room-protocol.ts';
import { KeyTaken, listenOnlyFault, turnFault } from './room-faults.ts';
import type { RoomKey } from './room-key.ts';
import type { RoomLink } from './room-link.ts';
import type { Member, Sending } from './room-state.ts';
import type { RoomVoices } from './room-voices.ts';
import type { Uplink } from './uplink.ts';

/** The least that LiveKit's client waits for an answer. */
const RPC_TIMEOUT_MS = 8_000;
/** A call that nobody took is made so often: it may have been lost with a connection. */
const CALLS = 3;
/** A reply to an earlier take is listened to before the next one is sent. */
const REPLY_MS = 60_000;

/** News of who has the key may be older than the answer that gave it. */
const KEY_NEWS_MS = 1_000;

export interface RoomTurnsOptions {
  readonly link: RoomLink;
  readonly uplink: Uplink;
  readonly voices: RoomVoices;
  /** The turn was not taken. */
  readonly refused: (takeId: number, fault: FaultView) => void;
}

interface Take {
  readonly id: number;
  /** By which the agent knows it when it is sent again. */
  readonly name: string;
  readonly cancel: AbortController;
  ended: boolean;
}

/** The connection or the agent went away: what was sent may not have arrived. */
class Lost extends Error {}

export class RoomTurns implements RoomKey {
  readonly #options: RoomTurnsOptions;
  readonly #takes: Take[] = [];
  #working = false;

  constructor(options: RoomTurnsOptions) {
    this.#options = options;
  }

  /** The key went down: sound of this take is on its way to the uplink. */
  begin(takeId: number): void {
    this.#options.link.store.setState({ refusal: null });
    this.#takes.push({ id: takeId, name: crypto.randomUUID(), cancel: new AbortController(), ended: false });
    this.#hush();
    void this.#work();
  }

  /** The key came up, and the take is complete. */
  end(takeId: number): void {
    const take = this.#find(takeId);
    if (!take) return;
    take.ended = true;
    this.#options.uplink.end(takeId);
    this.#hush();
  }

  cancel(takeId: number): void {
    const take = this.#find(takeId);
    take?.cancel.abort();
    if (take) take.ended = true;
    this.#hush();
  }

  #find(takeId: number): Take | undefined {
    return this.#takes.find(({ id }) => id === takeId);
  }

  #hush(): void {
    this.#options.voices.hushAgent(this.#takes.some(({ ended }) => !ended));
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let take = this.#takes[0]; take; take = this.#takes[0]) {
      await this.#deliver(take);
      this.#options.uplink.drop(take.id);
      this.#takes.splice(this.#takes.indexOf(take), 1);
      this.#say('none');
      this.#hush();
      if (this.#takes[0]?.ended) await this.#replyHeard();
    }
    this.#working = false;
  }

  /** Resolves when the take has been sent, was taken back, or was refused. */
  async #deliver(take: Take): Promise<void> {
    const { link, refused } = this.#options;
    const { signal } = take.cancel;
    while (!signal.aborted) {
      this.#say('waiting');
      const agent = await this.#agentThere(signal);
      if (agent === null) return;
      if (!link.mayPublish) return refused(take.id, listenOnlyFault());
      const { lost, stop } = this.#watch(agent, signal);
      try {
        await this.#send(take, agent, lost);
        return;
      } catch (thrown) {
        this.#options.uplink.pause();
        if (signal.aborted) {
          void this.#call(agent, RPC.cancelTurn).catch(() => undefined);
          return;
        }
        if (!lost.aborted) {
          refused(
            take.id,
            turnFault(thrown, link.nameOf(agent), (identity) => link.nameOf(identity)),
          );
          return;
        }
      } finally {
        stop();
        void link.open(false);
      }
    }
  }

  async #send(take: Take, agent: string, lost: AbortSignal): Promise<void> {
    const { link, uplink } = this.#options;
    this.#say('asking');
    const opened = link.open(true);
    const takesTurns = await orLost(this.#ask(take, agent, lost), lost);
    await orLost(opened, lost);
    this.#say('sending');
    const key = this.#watchKey();
    try {
      await orLost(Promise.race([uplink.play(take.id), key.takenBack]), lost);
    } finally {
      key.stop();
    }
    if (takesTurns) await orLost(this.#call(agent, RPC.endTurn), lost);
  }

  /** @returns false for an agent that knows no turns by key: it hears whoever speaks. */
  async #ask({ name }: Take, agent: string, lost: AbortSignal): Promise<boolean> {
    const granted = this.#whenGranted(agent, lost);
    try {
      if ((await this.#call(agent, RPC.startTurn, name)) !== START_ANSWER.queued) return true;
      this.#say('queued');
      await granted.promise;
      return true;
    } catch (thrown) {
      if (thrown instanceof RpcError && thrown.code === RpcError.ErrorCode.UNSUPPORTED_METHOD) return false;
      throw thrown;
    } finally {
      granted.stop();
    }
  }

  #whenGranted(agent: string, lost: AbortSignal): { promise: Promise<void>; stop: () => void } {
    const { room } = this.#options.link;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    lost.addEventListener('abort', () => reject(new Lost()), { once: true });
    room?.registerRpcMethod(RPC.turnGranted, async ({ callerIdentity }) => {
      if (callerIdentity === agent) resolve();
      return START_ANSWER.granted;
    });
    return { promise, stop: () => room?.unregisterRpcMethod(RPC.turnGranted) };
  }

  async #call(agent: string, method: string, payload = '', calls = CALLS): Promise<string> {
    const { room } = this.#options.link;
    if (!room) throw new Lost();
    const call = { destinationIdentity: agent, method, payload, responseTimeout: RPC_TIMEOUT_MS };
    try {
      return await room.localParticipant.performRpc(call);
    } catch (thrown) {
      const lost = thrown instanceof RpcError && thrown.code === RpcError.ErrorCode.CONNECTION_TIMEOUT;
      if (!lost || calls === 1) throw thrown;
      return this.#call(agent, method, payload, calls - 1);
    }
  }

  /** Resolves with the agent's identity once there is one to talk to, with null when the take was taken back. */
  #agentThere(signal: AbortSignal): Promise<string | null> {
    return this.#until(signal, ({ connection, agent }) => (connection === 'connected' ? agent : null));
  }

  async #replyHeard(): Promise<void> {
    const patience = AbortSignal.timeout(REPLY_MS);
    await this.#until(patience, ({ agentState }) => agentState === 'thinking' || agentState === 'speaking' || null);
    await this.#until(patience, ({ agentState }) => (agentState !== 'thinking' && agentState !== 'speaking') || null);
  }

  /** Resolves with what `select` finds, once it does; with null when the signal says so, or the room was left. */
  #until<T>(
    signal: AbortSignal,
    select: (state: ReturnType<RoomLink['store']['getState']>) => T | null,
  ): Promise<T | null> {
    const { store } = this.#options.link;
    return new Promise((resolve) => {
      const finish = (found: T | null) => {
        unsubscribe();
        signal.removeEventListener('abort', stop);
        resolve(found);
      };
      const stop = () => finish(null);
      const check = () => {
        const state = store.getState();
        const found = select(state);
        if (found !== null) finish(found);
        else if (state.connection === 'ended' || signal.aborted) finish(null);
      };
      const unsubscribe = store.subscribe(check);
      signal.addEventListener('abort', stop);
      check();
    });
  }

  /** Aborts when what is being sent can't arrive any more, or was taken back. */
  #watch(agent: string, cancelled: AbortSignal): { lost: AbortSignal; stop: () => void } {
    const gone = new AbortController();
    const stop = this.#options.link.store.subscribe((state) => {
      if (state.connection !== 'connected' || state.agent !== agent) gone.abort();
    });
    return { lost: AbortSignal.any([gone.signal, cancelled]), stop };
  }

  /** Agents that say who has the key may also take it away: nobody would hear what is sent then. */
  #watchKey(): { takenBack: Promise<never>; stop: () => void } {
    const { promise: takenBack, reject } = Promise.withResolvers<never>();
    takenBack.catch(() => undefined);
    const isHeld = ({ members }: { members: readonly Member[] }) => members.some((one) => one.isSelf && one.holdsKey);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = this.#options.link.store.subscribe((state, before) => {
      if (isHeld(state) === isHeld(before)) return;
      clearTimeout(timer);
      if (!isHeld(state)) timer = setTimeout(() => reject(new KeyTaken()), KEY_NEWS_MS);
    });
    const stop = () => {
      unsubscribe();
      clearTimeout(timer);
    };
    return { takenBack, stop };
  }

  #say(sending: Sending): void {
    this.#options.link.store.setState({ sending });
  }
}

/** @throws Lost as soon as the signal says so */
function orLost<T>(work: Promise<T>, lost: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Lost());
    if (lost.aborted) stop();
    lost.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject);
  });
}
