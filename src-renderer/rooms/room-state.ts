/** What a window knows of the room it is in. */
import type { FaultView } from '../../src-preload/contract.ts';
import type { RoomLine } from './transcript-lines.ts';

export type Quality = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown';

export interface Member {
  readonly identity: string;
  readonly name: string;
  readonly isAgent: boolean;
  readonly isSelf: boolean;
  /** Can be heard right now. */
  readonly speaking: boolean;
  readonly holdsKey: boolean;
  readonly quality: Quality;
}

/** `reconnecting` also stands for coming back into a room that was lost. */
export type RoomConnection = 'connecting' | 'connected' | 'reconnecting' | 'ended';

const AGENT_STATES = ['initializing', 'idle', 'listening', 'thinking', 'speaking'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export function agentStateOf(attribute: string | undefined): AgentState | null {
  return AGENT_STATES.find((state) => state === attribute) ?? null;
}

/**
 * The way of what was said with the key: `waiting` for the network or the agent, `asking` for the key, `queued` behind
 * whoever holds it, `sending`, or sent.
 */
export type Sending = 'none' | 'waiting' | 'asking' | 'queued' | 'sending';

export interface RoomState {
  readonly connection: RoomConnection;
  readonly room: string;
  /** As whom this window is in the room. */
  readonly identity: string;
  readonly members: readonly Member[];
  /** Whom the key talks to; null while no agent is there. */
  readonly agent: string | null;
  readonly agentState: AgentState | null;
  /** Names of all the agents that are there, the one talked to first. */
  readonly agents: readonly string[];
  /** Identities of those who wait for the key, first first. */
  readonly queue: readonly string[];
  /** Whether the server records what is heard here, whoever asked it to. */
  readonly recorded: boolean;
  readonly lines: readonly RoomLine[];
  readonly sending: Sending;
  /** Why the room was left or could not be entered. */
  readonly fault: FaultView | null;
  /** Why the last press was not taken. */
  readonly refusal: FaultView | null;
}

export const NOT_YET_THERE: RoomState = {
  connection: 'connecting',
  room: '',
  identity: '',
  members: [],
  agent: null,
  agentState: null,
  agents: [],
  queue: [],
  recorded: false,
  lines: [],
  sending: 'none',
  fault: null,
  refusal: null,
};
