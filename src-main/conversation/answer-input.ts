/** What an answer is made with, and who is told of it. */
import type { FunctionCall } from '../speech/llm/chat.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Playback } from '../transport/transport.ts';
import type { Agent } from './agent.ts';
import type { QueuedSpeech } from './queued-speech.ts';
import type { RealtimeSessions } from './realtime-sessions.ts';
import type { ExecutedCall } from './tool-calls.ts';
import type { TurnSession } from './turn-host.ts';

export interface AnswerEvents {
  speechCreated(queued: QueuedSpeech): void;
  /** The words as they are shown. */
  text(text: string): void;
  audio(samples: Int16Array, text: string | undefined): void;
  heard(heardSamples: number, heardText: string): void;
  toolsCalled(calls: readonly FunctionCall[]): void;
  toolsExecuted(executed: readonly ExecutedCall[]): void;
  /** The agents' hooks have run when this resolves. */
  handoff(to: Agent): Promise<void>;
}

export interface AnswerInput {
  readonly turnId: string;
  readonly session: TurnSession;
  readonly realtime: RealtimeSessions;
  readonly playback: Playback;
  /** Resolves when the user's words are known, or never will be; at once for a model that heard them itself. */
  wordsFor(realtime: RealtimeSession | null): Promise<void>;
  readonly events: AnswerEvents;
}
