/** What an answer says, one utterance after the other through one playback, and which messages came of it. */
import { randomUUID } from 'node:crypto';
import type { AudioFrame } from '../audio/frame.ts';
import type { ChatMessage } from '../speech/llm/chat.ts';
import type { ToolCall } from '../speech/llm/llm.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import type { ChatContext } from './chat-context.ts';
import type { NodeSettings } from './node.ts';
import { converse } from './realtime-utterance.ts';
import type { SpeechOutput, SpokenPart } from './speech-output.ts';
import type { Tool } from './tool.ts';
import { speak } from './utterance.ts';

/** A message of the answer, with the voice that spoke it. */
export interface SaidMessage {
  readonly agent: Agent;
  /** null when it was not to be kept in the conversation. */
  readonly message: ChatMessage | null;
  readonly part: SpokenPart;
  /** Makes a realtime model forget what was not heard of it. */
  readonly forget?: () => void;
}

/** What a model is asked with. */
export interface Question {
  readonly context: ChatContext;
  readonly tools: readonly Tool[];
  readonly settings: NodeSettings;
  /** The agent's, and those for this reply. */
  readonly instructions: string;
}

/** What is said, and how it is remembered. */
export interface Wording {
  readonly text: AsyncIterable<string>;
  /** Its sound, if the agent's voice is not to speak it. */
  readonly audio?: AsyncIterable<AudioFrame> | null;
  /** Whether the conversation remembers it. */
  readonly keep: boolean;
  /** When it remembers it as said; now if left out. */
  readonly saidAt?: number | undefined;
}

export class AnswerVoice {
  readonly said: SaidMessage[] = [];
  readonly #output: SpeechOutput;
  readonly #onText: (text: string) => void;

  /** @param onText is given the words as they are shown */
  constructor(output: SpeechOutput, onText: (text: string) => void) {
    this.#output = output;
    this.#onText = onText;
  }

  /** Says a text in the agent's voice. @throws Fault */
  async utter(agent: Agent, { text, audio, keep, saidAt }: Wording, settings: NodeSettings): Promise<void> {
    const at = saidAt === undefined ? {} : { createdAt: saidAt };
    const message = keep ? agent.liveContext.addMessage({ role: 'assistant', content: '', ...at }) : null;
    const { part, voiceFault } = await speak({
      agent,
      settings,
      text,
      audio: audio ?? null,
      output: this.#output,
      onText: this.#onText,
      onBegin: (begun) => this.said.push({ agent, message, part: begun }),
    });
    if (message) message.content = [part.text];
    if (voiceFault) throw voiceFault;
  }

  /** Resolves when what was said so far was heard, or never will be. */
  heard(): Promise<void> {
    return this.#output.heard();
  }

  /** Has a realtime model answer in its own voice. @returns the functions it asks for. @throws Fault */
  async converse(agent: Agent, realtime: RealtimeSession, question: Question): Promise<readonly ToolCall[]> {
    const message: ChatMessage = {
      type: 'message',
      id: randomUUID(),
      createdAt: Date.now(),
      role: 'assistant',
      content: [''],
    };
    const { part, calls } = await converse({
      ...question,
      agent,
      realtime,
      messageId: message.id,
      output: this.#output,
      onText: this.#onText,
      onBegin: (begun, forget) => {
        agent.liveContext.insert(message);
        this.said.push({ agent, message, part: begun, forget });
      },
    });
    if (part) message.content = [part.text];
    return calls;
  }
}
