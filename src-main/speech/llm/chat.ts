/**
 * What a language model is shown: the items of a conversation, in order. Plain data that survives JSON; images and
 * sound are base64, as every API wants them.
 */

export type ChatRole = 'system' | 'user' | 'assistant';

export interface ImageContent {
  readonly type: 'image';
  /** `image/png`, `image/jpeg`, … */
  readonly mimeType: string;
  readonly base64: string;
}

export interface AudioContent {
  readonly type: 'audio';
  /** A WAV file. */
  readonly base64: string;
  /** What was said, if known: shown to models that can't hear. */
  readonly transcript: string | null;
}

export type ChatContent = string | ImageContent | AudioContent;

export interface ChatMessage {
  readonly type: 'message';
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  role: ChatRole;
  content: ChatContent[];
  /** An assistant's message of which only a part was heard: its content is that part. */
  interrupted?: boolean;
}

export interface FunctionCall {
  readonly type: 'function_call';
  readonly id: string;
  readonly createdAt: number;
  /** Given by the model; its output refers to it. */
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it, possibly broken. */
  readonly arguments: string;
  /** The tool server that runs it, when the agent does not run it itself. */
  readonly server?: string;
}

export interface FunctionCallOutput {
  readonly type: 'function_call_output';
  readonly id: string;
  readonly createdAt: number;
  readonly callId: string;
  readonly name: string;
  /** What the model is told. */
  readonly output: string;
  readonly isError: boolean;
}

/** Another agent took over. Kept for people and the log; models are not shown it. */
export interface AgentHandoff {
  readonly type: 'agent_handoff';
  readonly id: string;
  readonly createdAt: number;
  readonly from: string | null;
  readonly to: string;
}

/** The agent's instructions became others. Kept for people and the log; models are shown the new ones alone. */
export interface InstructionsChange {
  readonly type: 'instructions_change';
  readonly id: string;
  readonly createdAt: number;
  readonly instructions: string;
}

export type ChatItem = ChatMessage | FunctionCall | FunctionCallOutput | AgentHandoff | InstructionsChange;

/** The words of a message: its texts and the transcripts of its sound, each on a line of its own. */
export function textOf({ content }: ChatMessage): string {
  const texts = content.map((part) => {
    if (typeof part === 'string') return part;
    return part.type === 'audio' ? (part.transcript ?? '') : '';
  });
  return texts.filter((text) => text !== '').join('\n');
}
