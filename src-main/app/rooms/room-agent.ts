/**
 * An agent of Squelch's in a LiveKit room: everybody there talks with it, one at a time, by the RPC of LiveKit's
 * push-to-talk example or with an open microphone, and by chat. It turns what happens in the room into what happens in
 * the conversation, and the other way round; neither knows the other.
 */
import { AGENT_ATTRIBUTE, RPC, START_ANSWER, TOPIC } from '../../../src-preload/room-protocol.ts';
import type { AgentState, Speaker } from '../../conversation/events.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { type Fault, toFault } from '../../fault.ts';
import { Attendance, type Present } from '../../transport/livekit/attendance.ts';
import { OwnAttributes } from '../../transport/livekit/own-attributes.ts';
import { type LinkState, type RoomAccess, RoomLink } from '../../transport/livekit/room-link.ts';
import { hearMicrophones, hearPresent } from '../../transport/livekit/room-microphones.ts';
import { RoomTranscripts } from '../../transport/livekit/room-transcripts.ts';
import { RoomVoice } from '../../transport/livekit/room-voice.ts';
import type { Room } from '../../transport/livekit/sdk.ts';
import { FaultLog, type RecordEvent } from './fault-log.ts';
import { Floor, type FloorOptions } from './floor.ts';
import { RoomChat, readMessage } from './room-chat.ts';
import { brokenMessageFault, secondAgentFault, speakerLeftFault } from './room-errors.ts';
import { RoomTold } from './room-told.ts';
import { type RecordedRoom, ServerRecording } from './server-recording.ts';

export interface RoomAgentOptions extends Pick<FloorOptions, 'rules' | 'admits' | 'owner'> {
  readonly session: AgentSession;
  /** A token for the agent, asked for before every attempt to connect. */
  access(): Promise<RoomAccess>;
  /** Something in `state` is another. */
  changed(): void;
  /** Something went wrong; null when the connection is well. */
  fault(fault: Fault | null): void;
  readonly record: RecordEvent;
  /** Where the server is asked to record a conversation; null: nowhere. @throws Fault when it can't be asked */
  recorded(session: AgentSession): Promise<RecordedRoom | null>;
  /** The server does not record, or not all of it. */
  unrecorded(fault: Fault): void;
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

const GRANT_TIMEOUT_MS = 3_000;

export class RoomAgent {
  readonly voice = new RoomVoice();
  readonly #options: RoomAgentOptions;
  readonly #attendance: Attendance;
  readonly #attributes = new OwnAttributes();
  readonly #chat = new RoomChat();
  readonly #faults: FaultLog;
  readonly #floor: Floor;
  readonly #told: RoomTold;
  readonly #transcripts: RoomTranscripts;
  /** By the server, one for each conversation. */
  readonly #recordings: ServerRecording[] = [];
  #session: AgentSession;
  #forgetSession: () => void = () => {};
  #link: RoomLink | null = null;
  #identity = '';
  /** Whether another agent is in the room. */
  #otherAgent = false;

  /** @throws Fault when the room can't be joined */
  static async join(options: RoomAgentOptions): Promise<RoomAgent> {
    const agent = new RoomAgent(options);
    try {
      agent.#link = await RoomLink.open({
        access: () => options.access(),
        prepare: (room) => agent.#prepare(room),
        joined: (room) => agent.#joined(room),
        changed: (state, fault) => agent.#linkChanged(state, fault),
      });
    } catch (thrown) {
      // The conversation goes on without it.
      await agent.close();
      throw thrown;
    }
    agent.#linkChanged('connected', null);
    agent.#recordOnServer();
    return agent;
  }

  private constructor(options: RoomAgentOptions) {
    const { session, rules, admits, owner, record } = options;
    this.#options = options;
    this.#faults = new FaultLog(() => this.#session, record);
    this.#attendance = new Attendance({
      changed: () => this.#attendanceChanged(),
      left: ({ identity, name }) => {
        if (this.#floor.leave(identity)) this.#blame(speakerLeftFault(name), { identity, name });
      },
    });
    this.#transcripts = new RoomTranscripts(() => this.#link?.room ?? null);
    this.#told = new RoomTold({
      transcripts: this.#transcripts,
      trackOf: (identity) =>
        identity === this.#identity ? this.voice.trackId : (this.#attendance.find(identity)?.trackId ?? null),
      agent: () => this.#identity,
      owner,
      state: (state) => this.#tellState(state),
    });
    this.#floor = new Floor(session, {
      rules,
      admits,
      owner,
      voice: this.voice,
      nameOf: (identity) => this.#nameOf(identity),
      offer: (identity) => this.#offer(identity),
      changed: () => this.#tellKey(),
      fault: (fault, about) => this.#blame(fault, about),
      refused: (fault, who) => this.#faults.note(fault, who),
    });
    this.#session = session;
    this.#listenTo(session);
  }

  get state(): RoomAgentState {
    return {
      connection: this.#link?.state ?? 'connecting',
      agent: this.#identity,
      agentSpeaks: this.#attendance.isSpeaking(this.#identity),
      present: this.#attendance.present,
      keyHolder: this.#floor.holder,
      keyQueue: this.#floor.queue,
    };
  }

  /** From now on it is this conversation that the room talks in. */
  follow(session: AgentSession): void {
    this.#forgetSession();
    this.#floor.follow(session);
    this.#listenTo(session);
    this.#recordOnServer();
  }

  /** Whoever sits at this machine presses the key; the session is theirs to press. @throws Fault while somebody else holds it */
  claim(identity: string): void {
    this.#floor.claim(identity);
  }

  /** Resolves when it has left; the server may have to say yet how its recording ended. */
  async close(): Promise<void> {
    void this.#recordings.at(-1)?.end();
    this.#forgetSession();
    this.#floor.close();
    await this.#transcripts.settle();
    await this.voice.close();
    await this.#link?.close();
  }

  /** Resolves when the server has said how its recordings ended. */
  async recorded(): Promise<void> {
    await Promise.all(this.#recordings.map((recording) => recording.end()));
  }

  #recordOnServer(): void {
    const { recorded, record, unrecorded } = this.#options;
    void this.#recordings.at(-1)?.end();
    const session = this.#session;
    const { id: sessionId } = session;
    const recording = ServerRecording.begin({
      where: () => recorded(session),
      sessionId,
      changed: (recording) => record({ type: 'server_recording', at: Date.now(), sessionId, turnId: null, recording }),
      fault: (fault) => {
        this.#faults.note(fault);
        unrecorded(fault);
      },
    });
    this.#recordings.push(recording);
  }

  #listenTo(session: AgentSession): void {
    this.#session = session;
    const forgetEvents = session.on((event) => this.#told.tell(event));
    // Not from within the change that made room for it.
    const forgetState = session.onState(() => queueMicrotask(() => this.#sendMessage()));
    this.#forgetSession = () => {
      forgetEvents();
      forgetState();
    };
  }

  #prepare(room: Room): void {
    this.#attendance.watch(room);
    hearMicrophones(room, {
      hear: (identity, samples) => this.#floor.hear(identity, samples),
      follows: (identity) => this.#floor.holder === identity,
      lost: (identity, frames) => this.#floor.lose(identity, frames),
    });
    room.registerTextStreamHandler(TOPIC.chat, (reader, { identity }) => {
      if (!this.#options.admits(identity)) return void reader.close();
      // A stream that breaks off, or is no text, says nothing.
      readMessage(reader).then(
        (text) => this.#write(identity, text),
        (thrown) => this.#blame(brokenMessageFault(this.#nameOf(identity), thrown), this.#speaker(identity)),
      );
    });
  }

  async #joined(room: Room): Promise<void> {
    const { localParticipant } = room;
    if (!localParticipant) return;
    this.#identity = localParticipant.identity;
    const { startTurn, endTurn, cancelTurn } = RPC;
    localParticipant.registerRpcMethod(startTurn, ({ callerIdentity, payload }) =>
      this.#floor.start(callerIdentity, payload),
    );
    localParticipant.registerRpcMethod(endTurn, async ({ callerIdentity }) => {
      this.#floor.release(callerIdentity);
      return START_ANSWER.granted;
    });
    localParticipant.registerRpcMethod(cancelTurn, async ({ callerIdentity }) => {
      this.#floor.cancel(callerIdentity);
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
    const reachable = state === 'connected';
    this.voice.setReachable(reachable);
    this.#floor.setReachable(reachable);
    if (reachable) this.#attributes.resume();
    if (fault) this.#faults.note(fault);
    else if (reachable) this.#faults.mended();
    this.#options.fault(fault);
  }

  #blame(fault: Fault, about?: Speaker): void {
    this.#faults.note(fault, about);
    this.#options.fault(fault);
  }

  #attendanceChanged(): void {
    const other = this.#attendance.present.find(({ agent }) => agent) ?? null;
    if (other && !this.#otherAgent) this.#blame(secondAgentFault(other.name), this.#speaker(other.identity));
    this.#otherAgent = other !== null;
    this.#options.changed();
  }

  #write(identity: string, text: string): void {
    try {
      this.#chat.receive(text, this.#speaker(identity));
    } catch (thrown) {
      this.#blame(toFault(thrown), this.#speaker(identity));
    }
    this.#sendMessage();
  }

  /** A message interrupts the reply, as a typed one does, but nobody who speaks. */
  #sendMessage(): void {
    if (this.#floor.taken) return;
    const message = this.#chat.next();
    if (!message) return;
    const { text, speaker } = message;
    try {
      this.#session.send({ transport: this.voice, content: { type: 'text', text }, retryOf: null, speaker });
    } catch (thrown) {
      this.#blame(toFault(thrown), speaker);
    }
  }

  /** @returns whether whoever waited took the key */
  async #offer(identity: string): Promise<boolean> {
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
    const { holder, queue } = this.#floor;
    this.#attributes.set({
      [AGENT_ATTRIBUTE.keyHolder]: holder ?? '',
      [AGENT_ATTRIBUTE.keyQueue]: JSON.stringify(queue),
    });
    this.#options.changed();
  }

  #speaker(identity: string): Speaker {
    return { identity, name: this.#nameOf(identity) };
  }

  #nameOf(identity: string): string {
    return this.#attendance.find(identity)?.name ?? identity;
  }
}
