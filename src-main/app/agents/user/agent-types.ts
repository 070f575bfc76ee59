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
}

export interface AgentOptions {
  /** The name of the file, without its ending. */
  readonly id: string;
  readonly instructions: string;
  readonly tools?: readonly Tool[];
  /** A voice of your text-to-speech. */
  readonly voice?: string;
}

export interface NodeSettings {
  readonly turnId: string;
  /** Aborts when the turn is interrupted: stop then. */
  readonly signal: AbortSignal;
}

/** A stream, or null to switch the stage off. */
export type NodeOutput<T> = AsyncIterable<T> | null | Promise<AsyncIterable<T> | null>;

export declare class Agent {
  /** What each node does unless it is overridden. */
  static readonly default: DefaultNodes;
  readonly id: string;
  readonly instructions: string;
  readonly tools: readonly Tool[];
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
  readonly [K in Exclude<NodeOrHook, 'onEnter' | 'onExit' | 'onUserTurnCompleted'>]: (
    agent: Agent,
    ...args: Parameters<Agent[K]>
  ) => ReturnType<Agent[K]>;
};
export type NodeOrHook =
  | 'onEnter'
  | 'onExit'
  | 'onUserTurnCompleted'
  | 'sttNode'
  | 'llmNode'
  | 'ttsNode'
  | 'transcriptionNode'
  | 'realtimeAudioOutputNode';

export interface Session {
  /** Says it, after what is being said already. */
  say(text: string | AsyncIterable<string>, options?: { addToChatCtx?: boolean }): SpeechHandle;
  /** Has the model say something. */
  generateReply(options?: { instructions?: string; userInput?: string }): SpeechHandle;
  interrupt(): void;
  /** Hands the conversation over. */
  updateAgent(agent: Agent): Promise<void>;
  readonly history: ChatContext;
}

export interface SpeechHandle {
  waitForPlayout(): Promise<{ interrupted: boolean }>;
}

export interface ToolOptions {
  readonly name: string;
  readonly description: string;
  /** A Zod object. */
  readonly parameters: any;
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
}

export interface Tool {
  readonly definition: { readonly name: string; readonly description: string };
  readonly timeoutMs: number;
}

export interface ChatContext {
  readonly items: readonly ChatItem[];
  addMessage(message: { role: ChatMessage['role']; content: string }): ChatMessage;
  insert(...items: readonly ChatItem[]): void;
  remove(id: string): void;
  /** Keeps the newest, system messages besides. */
  truncate(maxItems: number): void;
  copy(): ChatContext;
}

export interface ChatMessage {
  readonly type: 'message';
  readonly id: string;
  readonly createdAt: number;
  role: 'system' | 'user' | 'assistant';
  content: ChatContent[];
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
