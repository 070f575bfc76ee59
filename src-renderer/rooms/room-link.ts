/**
 * One window's place in a LiveKit room, kept for as long as it wants to be there: a connection that is lost for good is
 * made anew. It knows the room's people, its agent and what is said; turns.ts sends what is said with the key.
 */
import {
  ConnectionQuality,
  LogLevel,
  type Participant,
  type RemoteParticipant,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
} from 'livekit-client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FaultView } from '../../src-preload/contract.ts';
import { AGENT_ATTRIBUTE, TOPIC } from '../../src-preload/room-protocol.ts';
import { connectFault, disconnectFault, isWorthRetrying } from './room-faults.ts';
import { agentStateOf, type Member, NOT_YET_THERE, type Quality, type RoomState } from './room-state.ts';
import type { RoomVoices } from './room-voices.ts';
import { hearText } from './text-streams.ts';
import { withLine } from './transcript-lines.ts';

export interface RoomAccess {
  readonly url: string;
  readonly token: string;
}

export interface RoomLinkOptions {
  /** Asked before every attempt to get in. */
  readonly access: () => Promise<RoomAccess>;
  /** What the room hears of this window. */
  readonly track: MediaStreamTrack;
  readonly voices: RoomVoices;
}

// What goes wrong is told to the user, in words; tokens are nobody's business.
setLogLevel(LogLevel.silent);

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 8_000;

const NOBODY = { members: [], agent: null, agentState: null, agents: [], queue: [], recorded: false } as const;

const QUALITIES: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: 'excellent',
  [ConnectionQuality.Good]: 'good',
  [ConnectionQuality.Poor]: 'poor',
  [ConnectionQuality.Lost]: 'lost',
  [ConnectionQuality.Unknown]: 'unknown',
};

export class RoomLink {
  readonly store: StoreApi<RoomState> = createStore<RoomState>()(() => NOT_YET_THERE);
  readonly #options: RoomLinkOptions;
  #room: Room | null = null;
  #left = false;
  #mayPublish = false;

  constructor(options: RoomLinkOptions) {
    this.#options = options;
  }

  /** Resolves when it is in the room, or could not get there: `store` says which, and why. */
  async enter(): Promise<void> {
    const fault = await this.#attempt();
    if (fault) this.#end(fault);
  }

  /** The connection in use; null while there is none. */
  get room(): Room | null {
    return this.store.getState().connection === 'connected' ? this.#room : null;
  }

  /** Lets the room hear this window, or not. */
  async open(open: boolean): Promise<void> {
    const track = this.#room?.localParticipant.getTrackPublication(Track.Source.Microphone)?.audioTrack;
    await (open ? track?.unmute() : track?.mute());
  }

  /** Whether the token allows to speak. */
  get mayPublish(): boolean {
    return this.#mayPublish;
  }

  async say(text: string): Promise<void> {
    await this.#room?.localParticipant.sendText(text, { topic: TOPIC.chat });
    const { identity } = this.store.getState();
    const name = this.nameOf(identity);
    this.#hear({ id: crypto.randomUUID(), identity, name, text, final: true, typed: true, at: Date.now(), stream: 0 });
  }

  async leave(): Promise<void> {
    this.#left = true;
    await this.#room?.disconnect();
    this.store.setState({ connection: 'ended', ...NOBODY });
  }

  nameOf(identity: string): string {
    return this.#room?.getParticipantByIdentity(identity)?.name || identity;
  }

  /** @returns why it is not in the room */
  async #attempt(): Promise<FaultView | null> {
    const { access, track } = this.#options;
    let url = '';
    const room = this.#listen(new Room({ dynacast: false, disconnectOnPageLeave: true }));
    try {
      const granted = await access();
      ({ url } = granted);
      await room.connect(url, granted.token);
      this.#mayPublish = room.localParticipant.permissions?.canPublish ?? true;
      if (this.#left) {
        await room.disconnect();
        return null;
      }
      this.#room = room;
      if (this.#mayPublish) {
        await room.localParticipant.publishTrack(track, {
          source: Track.Source.Microphone,
          name: 'microphone',
          // Pauses are part of what is said, and the log of the other side counts its samples.
          dtx: false,
          stopMicTrackOnMute: false,
        });
        await this.open(false);
      }
      this.store.setState({ connection: 'connected', room: room.name, fault: null });
      this.#look();
      return null;
    } catch (thrown) {
      void room.disconnect(false);
      return connectFault(thrown, { url, room: this.store.getState().room });
    }
  }

  async #comeBack(): Promise<void> {
    this.store.setState({ connection: 'reconnecting' });
    this.#look();
    for (let delayMs = RETRY_FIRST_MS; !this.#left; delayMs = Math.min(RETRY_MOST_MS, delayMs * 2)) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (this.#left) return;
      const fault = await this.#attempt();
      if (!fault) return;
      if (!isWorthRetrying(fault)) return this.#end(fault);
    }
  }

  #end(fault: FaultView): void {
    this.#left = true;
    this.store.setState({ connection: 'ended', fault, ...NOBODY });
  }

  #listen(room: Room): Room {
    const look = () => {
      if (room === this.#room) this.#look();
    };
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantActive,
      RoomEvent.ParticipantAttributesChanged,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.ParticipantPermissionsChanged,
      RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ConnectionQualityChanged,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.RecordingStatusChanged,
    ] as const) {
      room.on(event, look);
    }
    room
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
        if (track.kind !== Track.Kind.Audio) return;
        this.#options.voices.add(publication.trackSid, track.mediaStreamTrack, isAgent(participant));
      })
      .on(RoomEvent.TrackUnsubscribed, (_track, { trackSid }) => this.#options.voices.remove(trackSid));
    for (const event of [RoomEvent.Reconnecting, RoomEvent.SignalReconnecting] as const) {
      room.on(event, () => {
        if (room === this.#room) this.store.setState({ connection: 'reconnecting' });
      });
    }
    room.on(RoomEvent.Reconnected, () => {
      if (room !== this.#room) return;
      this.store.setState({ connection: 'connected' });
      this.#look();
    });
    room.on(RoomEvent.Disconnected, (reason) => {
      if (room !== this.#room || this.#left) return;
      const fault = disconnectFault(reason);
      if (fault) this.#end(fault);
      else void this.#comeBack();
    });
    hearText(room, (line) => this.#hear(line));
    return room;
  }

  #hear(line: RoomState['lines'][number]): void {
    this.store.setState(({ lines }) => ({ lines: withLine(lines, line) }));
  }

  /** Reads the room as it is now. */
  #look(): void {
    const room = this.#room;
    if (!room) return;
    // One that is still on its way in would not hear a call.
    const agents = [...room.remoteParticipants.values()].filter((one) => isAgent(one) && one.isActive).sort(byArrival);
    const [agent] = agents;
    const { [AGENT_ATTRIBUTE.keyHolder]: named, [AGENT_ATTRIBUTE.keyQueue]: queue } = agent?.attributes ?? {};
    // The server keeps no empty attribute: whoever tells of a queue and names nobody says that nobody has the key.
    const holder = named ?? (queue === undefined ? undefined : '');
    this.store.setState({
      identity: room.localParticipant.identity,
      members: [room.localParticipant, ...room.remoteParticipants.values()].map((participant) =>
        memberOf(participant, participant === room.localParticipant, holder),
      ),
      agent: agent?.identity ?? null,
      agentState: agentStateOf(agent?.attributes[AGENT_ATTRIBUTE.state]),
      agents: agents.map(({ name, identity }) => name || identity),
      queue: queueOf(queue),
      recorded: room.isRecording,
    });
  }
}

/** Of two agents, the one that has been there longer is talked to; of two that came within a second, the same one everywhere. */
function byArrival(a: RemoteParticipant, b: RemoteParticipant): number {
  return Number(a.joinedAt ?? 0) - Number(b.joinedAt ?? 0) || (a.identity < b.identity ? -1 : 1);
}

function isAgent(participant: RemoteParticipant): boolean {
  return participant.isAgent || AGENT_ATTRIBUTE.state in participant.attributes;
}

/** @returns nobody for an attribute that is not a list of identities */
function queueOf(attribute: string | undefined): readonly string[] {
  try {
    const queue: unknown = JSON.parse(attribute ?? '[]');
    return Array.isArray(queue) ? queue.filter((identity) => typeof identity === 'string') : [];
  } catch {
    return [];
  }
}

/** @param holder what the agent says; agents that say nothing are believed their participants' open microphones. */
function memberOf(participant: Participant, isSelf: boolean, holder: string | undefined): Member {
  const agent = !isSelf && isAgent(participant as RemoteParticipant);
  return {
    identity: participant.identity,
    name: participant.name || participant.identity,
    isAgent: agent,
    isSelf,
    speaking: participant.isSpeaking,
    holdsKey: !agent && (holder === undefined ? participant.isMicrophoneEnabled : holder === participant.identity),
    quality: QUALITIES[participant.connectionQuality] ?? 'unknown',
  };
}
