/**
 * An agent of Squelch's in a LiveKit room: everybody there talks with it, one at a time, by the RPC of LiveKit's
 * push-to-talk example or with an open microphone, and by chat. It turns what happens in the room into what happens in
 * the conversation, and the other way round; neither knows the other.
 */
import { randomInt } from 'node:crypto';
import { AGENT_ATTRIBUTE, RPC, START_ANSWER, TOPIC } from '../../../src-preload/room-protocol.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import type { AgentState } from '../../conversation/events.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault, toFault } from '../../fault.ts';
import { Attendance, type Present } from '../../transport/livekit/attendance.ts';
import { OwnAttributes } from '../../transport/livekit/own-attributes.ts';
import { type LinkState, type RoomAccess, RoomLink } from '../../transport/livekit/room-link.ts';
import { hearMicrophones, hearPresent } from '../../transport/livekit/room-microphones.ts';
import { RoomTranscripts } from '../../transport/livekit/room-transcripts.ts';
import { RoomVoice } from '../../transport/livekit/room-voice.ts';
import type { Room } from '../../transport/livekit/sdk.ts';
import { OpenMicrophones } from './open-microphones.ts';
import { RoomChat } from './room-chat.ts';
import { heldError, notAdmittedFault, refusedError, secondAgentFault, speakerLeftFault } from './room-errors.ts';
import { RoomTold } from './room-told.ts';
import { TalkKey } from './talk-key.ts';

export interface RoomAgentOptions {
  readonly session: AgentSession;
  /** A token for the agent, asked for before every attempt to connect. */
  access(): Promise<RoomAccess>;
  readonly rules: () => Pick<Settings['rooms'], 'whenHeld' | 'listening'>;
  /** Whether that one may be heard. */
  readonly admits: (identity: string) => boolean;
  /** Identity of whoever sits at this machine; null when nobody does. */
  readonly owner: string | null;
  /** Something in `state` is another. */
  changed(): void;
  /** Something went wrong; null when the connection is well. */
  fault(fault: Fault | null): void;
}

export interface RoomAgentState {
  readonly connection: LinkState;
  /** Identity of the agent. */
  readonly agent: string;
  readonly agentSpeaks: boolean;
  readonly present: readonly Present[];
  readonly keyHolder: string | null;
  readonly keyQueue: readonly string[];
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
const GRANT_TIMEOUT_MS = 3_000;

export class RoomAgent {
  readonly voice = new RoomVoice();
  readonly #options: RoomAgentOptions;
  readonly #key: TalkKey;
  readonly #attendance: Attendance;
  readonly #attributes = new OwnAttributes();
  readonly #chat = new RoomChat();
  readonly #told: RoomTold;
  readonly #transcripts: RoomTranscripts;
  #session: AgentSession;
  #forgetSession: () => void = () => {};
  #open: OpenMicrophones | null = null;
  #link: RoomLink | null = null;
  #identity = '';
  #take: Take | null = null;
  #lostTimer: NodeJS.Timeout | null = null;
  #granting = false;
  /** Whether another agent is in the room. */
  #otherAgent = false;

  /** @throws Fault when the room can't be joined */
  static async join(options: RoomAgentOptions): Promise<RoomAgent> {
    const agent = new RoomAgent(options);
    agent.#link = await RoomLink.open({
      access: () => options.access(),
      prepare: (room) => agent.#prepare(room),
      joined: (room) => agent.#joined(room),
      changed: (state, fault) => agent.#linkChanged(state, fault),
    });
    agent.#linkChanged('connected', null);
    return agent;
  }

  private constructor(options: RoomAgentOptions) {
    this.#options = options;
    this.#key = new TalkKey(() => options.rules().whenHeld);
    this.#attendance = new Attendance({
      changed: () => this.#attendanceChanged(),
      left: (participant) => this.#left(participant),
    });
    this.#transcripts = new RoomTranscripts(() => this.#link?.room ?? null);
    this.#told = new RoomTold({
      transcripts: this.#transcripts,
      trackOf: (identity) =>
        identity === this.#identity ? this.voice.trackId : (this.#attendance.find(identity)?.trackId ?? null),
      agent: () => this.#identity,
      owner: options.owner,
      state: (state) => this.#tellState(state),
    });
    this.#session = options.session;
    this.follow(options.session);
  }

  get state(): RoomAgentState {
    return {
      connection: this.#link?.state ?? 'connecting',
      agent: this.#identity,
      agentSpeaks: this.#attendance.isSpeaking(this.#identity),
      present: this.#attendance.present,
      keyHolder: this.#key.holder,
      keyQueue: this.#key.queue,
    };
  }

  /** From now on it is this conversation that the room talks in. */
  follow(session: AgentSession): void {
    this.#forgetSession();
    this.#closeTake();
    this.#session = session;
    const forgetEvents = session.on((event) => this.#told.tell(event));
    const forgetState = session.onState(() => this.#sessionChanged());
    this.#forgetSession = () => {
      forgetEvents();
      forgetState();
    };
    if ('takeId' in session.state && this.#options.owner !== null) this.#key.press(this.#options.owner);
    const { vad, vadOptions } = session.models;
    this.#open = new OpenMicrophones(vad, vadOptions(session.currentAgent), {
      began: (identity, before) => this.#spokeUp(identity, before),
      ended: (identity) => this.#release(identity),
    });
  }

  /** Whoever sits at this machine presses the key; the session is theirs to press. @throws Fault while somebody else holds it */
  claim(identity: string): void {
    const press = this.#key.press(identity);
    if (press === 'granted' || press === 'held') {
      this.#tellKey();
      return;
    }
    this.#key.leave(identity);
    const holder = this.#key.holder ?? this.#key.queue[0] ?? '';
    throw new Fault('key-held', `${this.#nameOf(holder)} is speaking`, { hint: 'Wait until they let go.' });
  }

  async close(): Promise<void> {
    this.#forgetSession();
    if (this.#lostTimer) clearTimeout(this.#lostTimer);
    this.#release(this.#take?.identity ?? '');
    await this.#transcripts.settle();
    await this.voice.close();
    await this.#link?.close();
  }

  #prepare(room: Room): void {
    this.#attendance.watch(room);
    hearMicrophones(room, (identity, samples) => this.#hear(identity, samples));
    room.registerTextStreamHandler(TOPIC.chat, (reader, { identity }) => {
      // A stream that breaks off, or is no text, says nothing.
      reader.readAll().then(
        (text) => this.#write(identity, text),
        (thrown) => this.#options.fault(toFault(thrown)),
      );
    });
  }

  async #joined(room: Room): Promise<void> {
    const { localParticipant } = room;
    if (!localParticipant) return;
    this.#identity = localParticipant.identity;
    const { startTurn, endTurn, cancelTurn } = RPC;
    localParticipant.registerRpcMethod(startTurn, ({ callerIdentity }) => this.#start(callerIdentity));
    localParticipant.registerRpcMethod(endTurn, async ({ callerIdentity }) => {
      this.#release(callerIdentity);
      return START_ANSWER.granted;
    });
    localParticipant.registerRpcMethod(cancelTurn, async ({ callerIdentity }) => {
      this.#cancel(callerIdentity);
      return START_ANSWER.granted;
    });
    this.#attributes.enter(localParticipant, {
      [AGENT_ATTRIBUTE.state]: 'listening',
      [AGENT_ATTRIBUTE.keyHolder]: '',
      [AGENT_ATTRIBUTE.keyQueue]: '[]',
    });
    await this.voice.publishIn(room);
    this.#attendance.enter(room);
    hearPresent(room);
    this.#tellKey();
  }

  #linkChanged(state: LinkState, fault: Fault | null): void {
    this.voice.setReachable(state === 'connected');
    if (this.#lostTimer) clearTimeout(this.#lostTimer);
    const speaker = this.#take?.identity;
    if (state !== 'connected' && speaker !== undefined) {
      this.#lostTimer = setTimeout(() => this.#release(speaker), LOST_SPEAKER_MS);
    }
    this.#options.fault(fault);
  }

  #hear(identity: string, samples: Int16Array): void {
    const take = this.#take;
    if (take?.identity === identity) this.#session.receive(take.takeId, take.sequence++, samples);
    if (this.#options.rules().listening === 'open-microphone' && this.#options.admits(identity)) {
      this.#open?.hear(identity, samples);
    }
  }

  /** RPC start_turn. @returns what the caller is told. @throws RpcError */
  async #start(identity: string): Promise<string> {
    if (!this.#options.admits(identity)) {
      throw refusedError(notAdmittedFault());
    }
    // Whoever spoke last let go already: their last syllable is still on its way.
    const ending = this.#take;
    if (ending?.released && ending.identity !== identity) await ending.over;
    const press = this.#key.press(identity);
    this.#tellKey();
    if (press === 'refused') {
      const holder = this.#key.holder ?? this.#key.queue[0] ?? '';
      throw heldError(this.#nameOf(holder), holder);
    }
    if (press === 'queued') return START_ANSWER.queued;
    this.#begin(identity);
    return START_ANSWER.granted;
  }

  /** Opens the microphone of whoever has got the key. @throws RpcError when the turn can't be kept */
  #begin(identity: string, before: readonly Int16Array[] = []): void {
    const resumed = this.#take?.identity === identity ? this.#take : null;
    const { promise: over, resolve: close } = Promise.withResolvers<void>();
    const take = resumed ?? { identity, takeId: randomInt(1, 2 ** 32 - 1), sequence: 0, released: false, over, close };
    take.released = false;
    this.#take = take;
    try {
      const speaker = { identity, name: this.#nameOf(identity) };
      const input = { deviceLabel: 'LiveKit', processing: [], speaker };
      this.#session.press({ takeId: take.takeId, transport: this.voice, input });
    } catch (thrown) {
      this.#closeTake();
      throw refusedError(toFault(thrown));
    }
    for (const samples of before) this.#session.receive(take.takeId, take.sequence++, samples);
  }

  /** They let go, or are taken to have. */
  #release(identity: string): void {
    const take = this.#take;
    if (take?.identity === identity && !take.released) {
      take.released = true;
      this.#session.release({ takeId: take.takeId, heldMs: 0, lost: true });
    } else if (this.#key.holder !== identity) {
      this.#key.leave(identity);
      this.#tellKey();
    }
  }

  #cancel(identity: string): void {
    if (this.#take?.identity === identity) this.#session.cancel();
    else this.#release(identity);
  }

  /** Voice detection heard somebody begin. @returns whether they have got the key */
  #spokeUp(identity: string, before: readonly Int16Array[]): boolean {
    if (this.#key.press(identity) !== 'granted') {
      this.#key.leave(identity);
      return false;
    }
    this.#tellKey();
    try {
      this.#begin(identity, before);
      return true;
    } catch {
      return false;
    }
  }

  #attendanceChanged(): void {
    const other = this.#attendance.present.find(({ agent }) => agent) ?? null;
    if (other && !this.#otherAgent) this.#options.fault(secondAgentFault(other.name));
    this.#otherAgent = other !== null;
    this.#options.changed();
  }

  #left({ identity, name }: { readonly identity: string; readonly name: string }): void {
    this.#open?.forget(identity);
    const spoke = this.#take?.identity === identity && !this.#take.released;
    this.#release(identity);
    if (spoke) this.#options.fault(speakerLeftFault(name));
  }

  #write(identity: string, text: string): void {
    if (!this.#options.admits(identity)) return;
    try {
      this.#chat.receive(text, { identity, name: this.#nameOf(identity) });
    } catch (thrown) {
      this.#options.fault(toFault(thrown));
    }
    this.#sendMessage();
  }

  /** A message interrupts the reply, as a typed one does, but nobody who speaks. */
  #sendMessage(): void {
    if (this.#take || 'takeId' in this.#session.state) return;
    const message = this.#chat.next();
    if (!message) return;
    const { text, speaker } = message;
    try {
      this.#session.send({ transport: this.voice, content: { type: 'text', text }, retryOf: null, speaker });
    } catch (thrown) {
      this.#options.fault(toFault(thrown));
    }
  }

  #sessionChanged(): void {
    if (!('takeId' in this.#session.state)) {
      this.#closeTake();
      // Not from within the change that made room for it.
      queueMicrotask(() => this.#sendMessage());
    }
    if (this.#session.state.phase === 'idle') void this.#grantNext();
  }

  /** The microphone is closed, whoever opened it. */
  #closeTake(): void {
    const holder = this.#key.holder;
    if (holder === null) return;
    this.#key.leave(holder);
    this.#take?.close();
    this.#take = null;
    this.#tellKey();
  }

  /** Gives the key to whoever waits for it; who does not take it has left the queue. */
  async #grantNext(): Promise<void> {
    if (this.#granting) return;
    this.#granting = true;
    try {
      for (let next = this.#key.queue[0]; next && this.#isFree(); next = this.#key.queue[0]) {
        const taken = await this.#grant(next);
        if (taken && this.#isFree() && this.#key.press(next) === 'granted') {
          this.#tellKey();
          this.#begin(next);
        } else this.#key.leave(next);
      }
    } catch (thrown) {
      this.#options.fault(toFault(thrown));
    } finally {
      this.#granting = false;
      this.#tellKey();
    }
  }

  #isFree(): boolean {
    return this.#session.state.phase === 'idle' && this.#key.holder === null;
  }

  async #grant(identity: string): Promise<boolean> {
    try {
      await this.#link?.room?.localParticipant?.performRpc({
        destinationIdentity: identity,
        method: RPC.turnGranted,
        payload: '',
        responseTimeout: GRANT_TIMEOUT_MS,
      });
      return true;
    } catch {
      return false;
    }
  }

  #tellState(state: AgentState): void {
    this.#attributes.set({ [AGENT_ATTRIBUTE.state]: state });
  }

  #tellKey(): void {
    const { holder, queue } = this.#key;
    this.#attributes.set({
      [AGENT_ATTRIBUTE.keyHolder]: holder ?? '',
      [AGENT_ATTRIBUTE.keyQueue]: JSON.stringify(queue),
    });
    this.#options.changed();
  }

  #nameOf(identity: string): string {
    return this.#attendance.find(identity)?.name ?? identity;
  }
}
