/**
 * An agent: instructions, tools and models, with a node for every stage of the pipeline and hooks around it. Override
 * what you need; `Agent.default` holds what happens otherwise. The names are those of LiveKit Agents.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { Fault } from '../fault.ts';
import type { ChatMessage } from '../speech/llm/chat.ts';
import type { ChatChunk, Llm } from '../speech/llm/llm.ts';
import type { RealtimeModel } from '../speech/realtime/realtime.ts';
import type { SpeechEvent, Stt } from '../speech/stt/stt.ts';
import type { Tts } from '../speech/tts/tts.ts';
import type { VadOptions } from '../speech/vad/vad.ts';
import { ChatContext } from './chat-context.ts';
import { defaultNodes } from './default-nodes.ts';
import type { NodeOutput, NodeSettings } from './node.ts';
import type { Session } from './session-interface.ts';
import { checkedTools, type Tool, type Toolset } from './tool.ts';
import type { UserTurnExceeded, UserTurnLimit } from './user-turn-limit.ts';

export interface AgentOptions {
  /** Stable, kebab-case; unique among the agents of an app. */
  readonly id: string;
  readonly instructions: string;
  readonly tools?: readonly Tool[];
  /** What the agent knows of the conversation when it enters; the session's own goes on if left out. */
  readonly chatCtx?: ChatContext;
  /**
   * Models of its own instead of the session's; null switches the stage off. A realtime model as `llm` hears and speaks
   * for itself.
   */
  readonly stt?: Stt | null;
  readonly llm?: Llm | RealtimeModel | null;
  readonly tts?: Tts | null;
  /** Changes to the session's voice detection. */
  readonly vad?: Partial<VadOptions>;
  /** A voice of the session's text-to-speech. */
  readonly voice?: string;
  /** When the user has spoken so long, `onUserTurnExceeded` is called. Without it nobody is cut short. */
  readonly userTurnLimit?: UserTurnLimit;
}

export class Agent<UserData = unknown> {
  static readonly default = defaultNodes;

  readonly id: string;
  readonly stt: Stt | null | undefined;
  readonly llm: Llm | RealtimeModel | null | undefined;
  readonly tts: Tts | null | undefined;
  readonly vad: Partial<VadOptions>;
  readonly voice: string | null;
  readonly userTurnLimit: UserTurnLimit;
  #instructions: string;
  #tools: readonly Tool[];
  #toolset: Toolset | null = null;
  #chatCtx: ChatContext;
  #session: Session<UserData> | null = null;
  #instructionsChanged: (instructions: string) => void = () => {};

  constructor(options: AgentOptions) {
    this.id = options.id;
    this.stt = options.stt;
    this.llm = options.llm;
    this.tts = options.tts;
    this.vad = options.vad ?? {};
    this.voice = options.voice ?? null;
    this.userTurnLimit = options.userTurnLimit ?? {};
    this.#instructions = options.instructions;
    this.#tools = checkedTools(options.tools ?? []);
    this.#chatCtx = options.chatCtx ?? new ChatContext();
  }

  get instructions(): string {
    return this.#instructions;
  }

  get tools(): readonly Tool[] {
    return this.#tools;
  }

  /** A copy: change it and give it to `updateChatCtx` to make the change stay. */
  get chatCtx(): ChatContext {
    return this.#chatCtx.copy();
  }

  /** @throws Fault before the agent takes part in a session */
  get session(): Session<UserData> {
    if (this.#session) return this.#session;
    throw new Fault('agent-idle', `${this.id} is in no session`, { hint: 'Use the session from onEnter on.' });
  }

  /** The conversation as it shall be from now on. */
  async updateChatCtx(context: ChatContext): Promise<void> {
    this.#chatCtx = context.copy();
  }

  async updateInstructions(instructions: string): Promise<void> {
    this.#instructions = instructions;
    this.#instructionsChanged(instructions);
  }

  async updateTools(tools: readonly Tool[]): Promise<void> {
    this.#tools = checkedTools(tools);
  }

  /** Lets it use tools that others bring, besides its own. */
  bringToolset(toolset: Toolset): void {
    this.#toolset = toolset;
  }

  /** Its own tools and those that others bring; of two with one name its own. */
  async allTools(signal: AbortSignal): Promise<readonly Tool[]> {
    if (!this.#toolset) return this.#tools;
    const own = new Set(this.#tools.map(({ definition }) => definition.name));
    const brought = await this.#toolset.tools(signal);
    return [...this.#tools, ...brought.filter(({ definition }) => !own.has(definition.name))];
  }

  /** The agent takes over; a good place to greet with `this.session.say` or `generateReply`. */
  async onEnter(): Promise<void> {}

  /** The agent leaves. */
  async onExit(): Promise<void> {}

  /**
   * The user's words are known and not answered yet. Changes to `turnCtx` last for this answer alone; changes to
   * `newMessage` stay. Throw StopResponse to leave the turn without a reply.
   */
  async onUserTurnCompleted(_turnCtx: ChatContext, _newMessage: ChatMessage): Promise<void> {}

  /**
   * The user has reached `userTurnLimit` and still speaks; called once in a turn. Unless overridden, what was said is sent
   * as if the key had come up, and answered.
   */
  async onUserTurnExceeded(_exceeded: UserTurnExceeded): Promise<void> {
    await this.session.commitUserTurn();
  }

  sttNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): NodeOutput<SpeechEvent | string> {
    return Agent.default.sttNode(this, audio, settings);
  }

  llmNode(chatCtx: ChatContext, tools: readonly Tool[], settings: NodeSettings): NodeOutput<ChatChunk | string> {
    return Agent.default.llmNode(this, chatCtx, tools, settings);
  }

  ttsNode(text: AsyncIterable<string>, settings: NodeSettings): NodeOutput<AudioFrame> {
    return Agent.default.ttsNode(this, text, settings);
  }

  transcriptionNode(text: AsyncIterable<string>, settings: NodeSettings): NodeOutput<string> {
    return Agent.default.transcriptionNode(this, text, settings);
  }

  realtimeAudioOutputNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): NodeOutput<AudioFrame> {
    return Agent.default.realtimeAudioOutputNode(this, audio, settings);
  }

  /** For the session alone. @internal */
  attach(session: Session<UserData>, context: ChatContext, instructionsChanged: (instructions: string) => void): void {
    this.#session = session;
    this.#chatCtx = context;
    this.#instructionsChanged = instructionsChanged;
  }

  /** The live conversation, for the session alone. @internal */
  get liveContext(): ChatContext {
    return this.#chatCtx;
  }

  /**
   * Whether it overrides a node whose work would be lost with a realtime model. What is done to the voice is not lost
   * if realtimeAudioOutputNode does it, too. @internal
   */
  get needsPipeline(): boolean {
    const { sttNode, llmNode, ttsNode, realtimeAudioOutputNode } = Agent.prototype;
    const changesVoice = this.ttsNode !== ttsNode && this.realtimeAudioOutputNode === realtimeAudioOutputNode;
    return this.sttNode !== sttNode || this.llmNode !== llmNode || changesVoice;
  }

  /** Whether it has a hook that waits for the user's words. @internal */
  get readsTurns(): boolean {
    return this.onUserTurnCompleted !== Agent.prototype.onUserTurnCompleted;
  }

  /** It is not in force any more, and may still finish what it began to say. For the session alone. @internal */
  leave(): void {
    this.#instructionsChanged = () => {};
  }
}

/** The hooks and nodes of a small agent, as functions of it. */
export type AgentParts<UserData> = {
  readonly [K in keyof Overridable<UserData>]?: (
    agent: Agent<UserData>,
    ...args: Parameters<Overridable<UserData>[K]>
  ) => ReturnType<Overridable<UserData>[K]>;
};

type Overridable<UserData> = Pick<
  Agent<UserData>,
  | 'onEnter'
  | 'onExit'
  | 'onUserTurnCompleted'
  | 'onUserTurnExceeded'
  | 'sttNode'
  | 'llmNode'
  | 'ttsNode'
  | 'transcriptionNode'
  | 'realtimeAudioOutputNode'
>;

/** An agent without a class: `agent({ id, instructions, ttsNode: (self, text, settings) => … })`. */
export function agent<UserData = unknown>(options: AgentOptions & AgentParts<UserData>): Agent<UserData> {
  const made = new Agent<UserData>(options);
  const parts = options as unknown as Record<string, unknown>;
  for (const name of OVERRIDABLE) {
    const part = parts[name];
    if (typeof part !== 'function') continue;
    Object.defineProperty(made, name, { value: (...args: unknown[]) => part(made, ...args) });
  }
  return made;
}

const OVERRIDABLE: readonly (keyof Overridable<unknown>)[] = [
  'onEnter',
  'onExit',
  'onUserTurnCompleted',
  'onUserTurnExceeded',
  'sttNode',
  'llmNode',
  'ttsNode',
  'transcriptionNode',
  'realtimeAudioOutputNode',
];
