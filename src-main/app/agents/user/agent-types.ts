/**
 * The types of what an agent file is given, written beside it as `squelch.d.ts`, so that an editor helps with no package
 * installed. A test holds them to what is really given.
 */
export const AGENT_TYPES = `// Written by Squelch, and again with every new agent: changes to this file are lost.
// What your agents are given, and what they may override. Types are erased when an agent runs.

/** What the function that an agent file exports is given. */
export interface Squelch {
  readonly Agent: typeof Agent;
  /** An agent without a class: nodes and hooks are functions whose first parameter is the agent. */
  agent(options: AgentOptions & AgentParts): Agent;
  /** A function that the model may call. \`parameters\` is a Zod object, made with \`z\`. */
  tool(options: ToolOptions): Tool;
  /** Zod 4: https://zod.dev */
  readonly z: any;
  /** Throw it in a tool: the model is told the message. */
  readonly ToolError: new (message: string) => Error;
  /** Throw it in a tool or in onUserTurnCompleted: the turn ends without a (further) reply. */
  readonly StopResponse: new (reason?: string) => Error;
  readonly ChatContext: new (items?: readonly ChatItem[]) => ChatContext;
  /** The words of a message. */
  textOf(message: ChatMessage): string;
}

export interface AgentOptions {
  /** The name of the file, without its ending. */
  readonly id: string;
  readonly instructions: string;
  readonly tools?: readonly Tool[];
  /** A voice of your text-to-speech. */
  readonly voice?: string;
  /** What it knows of the conversation when it takes over; the conversation so far if left out. */
  readonly chatCtx?: ChatContext;
  /** When you have spoken so long, onUserTurnExceeded is called. */
  readonly userTurnLimit?: { readonly maxDurationMs?: number; readonly maxWords?: number };
}

export type ToolChoice = 'auto' | 'required' | 'none' | { readonly name: string };

export interface NodeSettings {
  readonly turnId: string;
  /** Aborts when the turn is interrupted: stop then. */
  readonly signal: AbortSignal;
  /** For llmNode. */
  readonly toolChoice?: ToolChoice;
  /** For llmNode: asks for an answer that is data, by a JSON Schema. */
  readonly responseFormat?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  /** For ttsNode: how to speak. */
  readonly voiceInstructions?: string;
}

/** A stream, or null to switch the stage off. */
export type NodeOutput<T> = AsyncIterable<T> | null | Promise<AsyncIterable<T> | null>;

export declare class Agent {
  /** What each node does unless it is overridden. */
  static readonly default: DefaultNodes;
  readonly id: string;
  readonly instructions: string;
  readonly tools: readonly Tool[];
  readonly voice: string | null;
  /** A copy; give it to updateChatCtx to make changes stay. */
  readonly chatCtx: ChatContext;
  /** From onEnter on. */
  readonly session: Session;
  constructor(options: AgentOptions);
  updateChatCtx(context: ChatContext): Promise<void>;
  updateInstructions(instructions: string): Promise<void>;
  updateTools(tools: readonly Tool[]): Promise<void>;
  /** The agent takes over: a good place to greet. */
  onEnter(): Promise<void>;
  onExit(): Promise<void>;
  /** Changes to turnCtx last for this answer alone; changes to newMessage stay. */
  onUserTurnCompleted(turnCtx: ChatContext, newMessage: ChatMessage): Promise<void>;
  /** You have reached userTurnLimit and still speak. Unless overridden, what you said is sent and answered. */
  onUserTurnExceeded(exceeded: UserTurnExceeded): Promise<void>;
  sttNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): NodeOutput<SpeechEvent | string>;
  llmNode(chatCtx: ChatContext, tools: readonly Tool[], settings: NodeSettings): NodeOutput<ChatChunk | string>;
  ttsNode(text: AsyncIterable<string>, settings: NodeSettings): NodeOutput<AudioFrame>;
  transcriptionNode(text: AsyncIterable<string>, settings: NodeSettings): NodeOutput<string>;
  realtimeAudioOutputNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): NodeOutput<AudioFrame>;
}

/** Nodes and hooks as functions. */
export type AgentParts = {
  readonly [K in NodeOrHook]?: (agent: Agent, ...args: Parameters<Agent[K]>) => ReturnType<Agent[K]>;
};
export type DefaultNodes = {
  readonly [K in Extract<NodeOrHook, \`\${string}Node\`>]: (
    agent: Agent,
    ...args: Parameters<Agent[K]>
  ) => ReturnType<Agent[K]>;
};
export type NodeOrHook =
  | 'onEnter'
  | 'onExit'
  | 'onUserTurnCompleted'
  | 'onUserTurnExceeded'
  | 'sttNode'
  | 'llmNode'
  | 'ttsNode'
  | 'transcriptionNode'
  | 'realtimeAudioOutputNode';

export interface UserTurnExceeded {
  /** What is recognised so far. */
  readonly transcript: string;
  readonly words: number;
  readonly durationMs: number;
}

export interface Session {
  readonly id: string;
  readonly currentAgent: Agent;
  readonly userState: 'idle' | 'speaking';
  readonly agentState: 'idle' | 'listening' | 'thinking' | 'speaking';
  /** Everything that was said, called and handed over; a copy. */
  readonly history: ChatContext;
  /** What the conversation consumed so far. */
  readonly usage: readonly Usage[];
  /** Says it, after what is being said already. */
  say(
    text: string | AsyncIterable<string>,
    options?: {
      addToChatCtx?: boolean;
      /** Its sound, where there is a recording of it. */
      audio?: AsyncIterable<AudioFrame>;
    },
  ): SpeechHandle;
  /** Has the model say something; all but userInput is for this reply alone. */
  generateReply(options?: {
    /** Besides the agent's own. */
    instructions?: string;
    /** Answered as if the user had said it. */
    userInput?: string | ChatMessage;
    /** What the model is shown instead of the agent's conversation. */
    chatCtx?: ChatContext;
    toolChoice?: ToolChoice;
  }): SpeechHandle;
  /** Stops what is being said. */
  interrupt(): void;
  /** Ends what you say, as if the key had come up. Resolves to the transcript; with reply: false nobody answers. */
  commitUserTurn(options?: { reply?: boolean }): Promise<string>;
  /** Drops what you say, or have said while its words are not known yet. */
  clearUserTurn(): void;
  /** Hands the conversation over. */
  updateAgent(agent: Agent): Promise<void>;
  /** Listens to everything, or to one type of event. Returns what stops it. */
  on(listener: (event: SessionEvent) => unknown): () => void;
  on<T extends SessionEvent['type']>(
    type: T,
    listener: (event: Extract<SessionEvent, { type: T }>) => unknown,
  ): () => void;
}

/** What a provider said that a call consumed. */
export interface Usage {
  readonly stage: 'stt' | 'llm' | 'tts';
  readonly provider: string;
  readonly model: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly audioMs?: number;
  readonly characters?: number;
}

/** Milliseconds from the release; null where a step was not reached. */
export interface TurnTimings {
  readonly releaseToTranscriptMs: number | null;
  readonly releaseToFirstTokenMs: number | null;
  readonly releaseToFirstAudioMs: number | null;
  /** From key down to the end of the turn. */
  readonly totalMs: number;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What happens in a conversation. Every event of a turn has its turnId; \`at\` is in milliseconds since 1970. */
export type SessionEvent = { readonly at: number; readonly sessionId: string } & (
  | { readonly type: 'session_started'; readonly agentId: string }
  | { readonly type: 'turn_started'; readonly turnId: string; readonly source: 'voice' | 'text' | 'retry' | 'agent' }
  | { readonly type: 'user_state_changed'; readonly turnId: string; readonly state: Session['userState'] }
  | { readonly type: 'agent_state_changed'; readonly turnId: string; readonly state: Session['agentState'] }
  | { readonly type: 'user_input_transcribed'; readonly turnId: string; readonly text: string; readonly final: boolean }
  | {
      readonly type: 'user_speech_committed';
      readonly turnId: string;
      readonly text: string;
      /** Set when an agent gave the words, with generateReply({ userInput }). */
      readonly given?: true;
    }
  | {
      readonly type: 'speech_created';
      readonly turnId: string;
      readonly source: 'say' | 'reply';
      readonly speechId: string;
    }
  | { readonly type: 'agent_text_generated'; readonly turnId: string; readonly text: string }
  | { readonly type: 'agent_audio_generated'; readonly turnId: string; readonly samples: Int16Array }
  | { readonly type: 'agent_speech_heard'; readonly turnId: string; readonly heardText: string }
  | {
      readonly type: 'agent_speech_committed';
      readonly turnId: string;
      readonly text: string;
      readonly heardText: string;
      readonly interrupted: boolean;
    }
  | { readonly type: 'conversation_item_added'; readonly turnId: string; readonly item: ChatItem }
  | { readonly type: 'function_tools_executed'; readonly turnId: string; readonly executions: readonly ToolExecution[] }
  | { readonly type: 'usage_reported'; readonly turnId: string; readonly usage: Usage }
  | { readonly type: 'metrics_collected'; readonly turnId: string; readonly timings: TurnTimings }
  | { readonly type: 'error'; readonly turnId: string | null; readonly error: Problem; readonly recoverable: boolean }
  | {
      readonly type: 'turn_ended';
      readonly turnId: string;
      readonly outcome: 'completed' | 'no-speech' | 'cancelled' | 'interrupted' | 'failed' | 'crashed';
      readonly error: Problem | null;
      readonly stopReason: string | null;
    }
  | { readonly type: 'close' }
);

export interface ToolExecution {
  readonly call: Extract<ChatItem, { type: 'function_call' }>;
  readonly output: Extract<ChatItem, { type: 'function_call_output' }>;
  readonly durationMs: number;
  /** What the tool threw, where the model is only told that it failed. */
  readonly failure: string | null;
}

export interface SpeechHandle {
  readonly id: string;
  /** Whether it was cut short, or never said. */
  readonly interrupted: boolean;
  /** Whether it was heard, or was interrupted. */
  done(): boolean;
  /** Resolves when it is done. */
  waitForPlayout(): Promise<{ interrupted: boolean }>;
  addDoneCallback(callback: (handle: SpeechHandle) => void): void;
}

export interface ToolOptions {
  readonly name: string;
  readonly description: string;
  /** A Zod object; none if left out. */
  readonly parameters?: any;
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** Returns anything that JSON can hold, or another agent to hand over to it. */
  execute(input: any, context: ToolContext): unknown;
}

export interface ToolContext {
  readonly session: Session;
  readonly turnId: string;
  readonly callId: string;
  /** Aborts on an interruption and on the timeout. */
  readonly signal: AbortSignal;
  /** The reply in which the model called it. */
  readonly speechHandle: SpeechHandle;
  /** Resolves when what was said before the call was heard. */
  waitForPlayout(): Promise<void>;
}

export interface Tool {
  readonly definition: { readonly name: string; readonly description: string };
  readonly timeoutMs: number;
}

export interface ChatContext {
  readonly items: readonly ChatItem[];
  addMessage(message: {
    role: ChatMessage['role'];
    content: string | ChatContent[];
    /** Where it belongs; at the end if left out. */
    createdAt?: number;
  }): ChatMessage;
  getById(id: string): ChatItem | undefined;
  /** Puts items where their time belongs. */
  insert(items: ChatItem | readonly ChatItem[]): void;
  remove(item: ChatItem | string): void;
  /** Keeps the newest, system messages besides. */
  truncate(maxItems: number): this;
  /** Takes in what the other has and this one has not. */
  merge(other: ChatContext, options?: CopyOptions): this;
  /** Whether both hold the same items in the same order, whenever they were made. */
  isEquivalent(other: ChatContext): boolean;
  copy(options?: CopyOptions): ChatContext;
  toJSON(options?: CopyOptions): { items: ChatItem[] };
}

/** What is left out. */
export interface CopyOptions {
  readonly excludeFunctionCall?: boolean;
  readonly excludeInstructions?: boolean;
  readonly excludeImage?: boolean;
  readonly excludeAudio?: boolean;
  readonly excludeHandoff?: boolean;
  readonly excludeEmptyMessage?: boolean;
}

export interface ChatMessage {
  readonly type: 'message';
  readonly id: string;
  readonly createdAt: number;
  role: 'system' | 'user' | 'assistant';
  content: ChatContent[];
  /** Of an answer that was cut short: this much of it was heard. */
  interrupted?: boolean;
}

export type ChatContent =
  | string
  | { readonly type: 'image'; readonly mimeType: string; readonly base64: string }
  | { readonly type: 'audio'; readonly base64: string; readonly transcript: string | null };

export type ChatItem =
  | ChatMessage
  | {
      readonly type: 'function_call';
      readonly id: string;
      readonly createdAt: number;
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
      readonly server?: string;
    }
  | {
      readonly type: 'function_call_output';
      readonly id: string;
      readonly createdAt: number;
      readonly callId: string;
      readonly name: string;
      readonly output: string;
      readonly isError: boolean;
    }
  | {
      readonly type: 'agent_handoff';
      readonly id: string;
      readonly createdAt: number;
      readonly from: string | null;
      readonly to: string;
    }
  | {
      readonly type: 'instructions_change';
      readonly id: string;
      readonly createdAt: number;
      readonly instructions: string;
    };

export interface ChatChunk {
  readonly text: string;
  /** What the model thinks aloud before it answers: not for anybody's ear. */
  readonly thought?: string;
  /** Functions that the model asks for; \`arguments\` is JSON. */
  readonly toolCalls?: readonly { readonly callId: string; readonly name: string; readonly arguments: string }[];
}

/** Mono sound. */
export interface AudioFrame {
  readonly samples: Int16Array;
  /** In Hz. */
  readonly sampleRate: number;
  /** Words whose sound begins with this frame. */
  readonly text?: string;
}

export interface SpeechEvent {
  readonly type: 'interim' | 'final';
  readonly text: string;
}
`;
