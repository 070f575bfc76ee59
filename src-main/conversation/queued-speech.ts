/** Something that is to be said, as it waits for its turn. */
import type { AudioFrame } from '../audio/frame.ts';
import type { ToolChoice } from '../speech/llm/llm.ts';
import type { ChatContext } from './chat-context.ts';
import type { PendingSpeech } from './speech-handle.ts';

export type Speech =
  | {
      readonly type: 'say';
      readonly text: string | AsyncIterable<string>;
      /** Played in place of what the agent's voice would make of the text. */
      readonly audio: AsyncIterable<AudioFrame> | null;
      readonly addToChatCtx: boolean;
    }
  | {
      readonly type: 'reply';
      /** For this reply alone, besides the agent's own. */
      readonly instructions: string | null;
      readonly toolChoice: ToolChoice | null;
      /** What the model is shown instead of the agent's conversation as it was then. */
      readonly turnContext: TurnContext | null;
    };

/** A conversation as a hook, or whoever asked for it, left it for one answer. */
export interface TurnContext {
  readonly context: ChatContext;
  /** Ids of the items the agent's conversation had then: only what came later is added. */
  readonly known: ReadonlySet<string>;
}

/** Something to say, and who waits for it. */
export interface QueuedSpeech {
  readonly speech: Speech;
  readonly handle: PendingSpeech;
  /** When the conversation remembers it as said, in milliseconds since the epoch; when it is said if left out. */
  readonly saidAt?: number;
}
