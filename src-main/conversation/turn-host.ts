/** What a turn and its parts need of their session. */
import type { ChatItem } from '../speech/llm/chat.ts';
import type { Agent } from './agent.ts';
import type { SessionEventBody } from './events.ts';
import type { RealtimeSessions } from './realtime-sessions.ts';
import type { Session } from './session-interface.ts';
import type { TurnEvent } from './turn.ts';

/** The conversation as those see it who run its agents. */
export interface TurnSession extends Session {
  readonly currentAgent: Agent;
}

export interface TurnHost {
  readonly session: TurnSession;
  readonly realtime: RealtimeSessions;
  /** Messages that got no answer, by turn: sending the turn again replaces them. */
  readonly unanswered: Map<string, string>;
  emit(body: SessionEventBody): void;
  dispatch(event: TurnEvent): void;
  /** Whether it is still the turn in flight. */
  isCurrent(turnId: string): boolean;
  /** Resolves when the agent in force has entered. @throws Fault of its hook */
  entered(): Promise<void>;
  /** Resolves when the turns before have brought in their words. */
  settled(): Promise<void>;
  addItem(item: ChatItem, turnId: string): void;
  handOver(agent: Agent): Promise<void>;
}
