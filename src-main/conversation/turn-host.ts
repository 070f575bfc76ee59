/** What a turn and its parts need of their session. */
import type { ChatItem } from '../speech/llm/chat.ts';
import type { Agent } from './agent.ts';
import type { SessionEventBody } from './events.ts';
import type { AgentSession } from './session.ts';
import type { TurnEvent } from './turn.ts';

export interface TurnHost {
  readonly session: AgentSession;
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
