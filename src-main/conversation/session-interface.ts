/** A conversation as its agents and their tools see it. `session.ts` is the one there is. */
import type { Usage } from '../speech/call.ts';
import type { ChatContext } from './chat-context.ts';
import type { AgentState, SessionEvent, SessionEventType, SessionListener, UserState } from './events.ts';
import type { Models } from './models.ts';
import type { ReplyOptions, SayOptions, SpeechHandle } from './speech-handle.ts';
import type { TurnState } from './turn.ts';

export interface Session<UserData = unknown> {
  readonly id: string;
  /** What the agents of this conversation share. */
  readonly userData: UserData;
  readonly currentAgent: Participant;
  readonly state: TurnState;
  readonly userState: UserState;
  readonly agentState: AgentState;
  /** The models of the settings, which an agent uses where it has none of its own. */
  readonly models: Models;
  /** BCP 47; null lets the recogniser detect it. */
  readonly language: string | null;
  /** Everything that was said, called and handed over, by every agent of the conversation; a copy. */
  readonly history: ChatContext;
  /** What the conversation consumed so far. */
  readonly usage: readonly Usage[];
  /** Given to providers as `onUsage`: files it under the turn on whose behalf the call was made. */
  readonly reportUsage: (usage: Usage) => void;
  /** Says it, after what is being said already. */
  say(text: string | AsyncIterable<string>, options?: SayOptions): SpeechHandle;
  /** Has the agent's model say something, after what is being said already. */
  generateReply(options?: ReplyOptions): SpeechHandle;
  /** Stops what the agent says. */
  interrupt(): void;
  /**
   * Ends what the user is saying, as if the key had come up.
   * @param options.reply false leaves the words unanswered
   * @returns the transcript. @throws Fault when nothing is being said, or recognition fails
   */
  commitUserTurn(options?: { reply?: boolean }): Promise<string>;
  /** Drops what the user is saying, or has said while its words are not known yet. */
  clearUserTurn(): void;
  /** Drops the turn in flight, however far it is. */
  cancel(): void;
  /** Hands the conversation over: onExit of the one, then onEnter of the other. @throws Fault of a hook */
  updateAgent(agent: Participant): Promise<void>;
  /** Listens to everything, or to one type of event. @returns stops listening. */
  on(listener: SessionListener): () => void;
  on<T extends SessionEventType>(type: T, listener: (event: Extract<SessionEvent, { type: T }>) => unknown): () => void;
}

/** An agent as the others of its conversation see it. */
export interface Participant {
  readonly id: string;
  readonly instructions: string;
  readonly chatCtx: ChatContext;
  updateChatCtx(context: ChatContext): Promise<void>;
  updateInstructions(instructions: string): Promise<void>;
  onEnter(): Promise<void>;
  onExit(): Promise<void>;
}
