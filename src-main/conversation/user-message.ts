/**
 * What the user said, on its way into the conversation: its words go through the agent's hook first. What a realtime
 * model heard takes its place before its words are known.
 */
import { randomUUID } from 'node:crypto';
import { reportFault, toFault } from '../fault.ts';
import { type ChatMessage, textOf } from '../speech/llm/chat.ts';
import type { Agent } from './agent.ts';
import { runHook } from './hooks.ts';
import type { TurnContext } from './queued-speech.ts';
import { StopResponse } from './tool.ts';
import type { TurnHost } from './turn-host.ts';

export class UserMessage {
  readonly id = randomUUID();
  readonly #host: TurnHost;
  readonly #turnId: string;
  /** The turn whose words it replaces. */
  readonly #retryOf: string | null;
  #committed = false;
  #createdAt = 0;
  #stopReason: string | null = null;

  constructor(host: TurnHost, turnId: string, retryOf: string | null) {
    this.#host = host;
    this.#turnId = turnId;
    this.#retryOf = retryOf;
  }

  /** Its place in the conversation; final once it is committed. */
  get createdAt(): number {
    return this.#createdAt;
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** Why the hook wants no answer; null when it wants one. */
  get stopReason(): string | null {
    return this.#stopReason;
  }

  /** @returns the conversation for this turn's answer, as the hook left it. @throws Fault of the hook */
  async commit(text: string): Promise<TurnContext> {
    const host = this.#host;
    const agent = host.session.currentAgent;
    this.#replaceUnanswered(agent);
    const context = agent.chatCtx;
    const before = context.ids;
    const said = this.#message(text);
    let failure: unknown = null;
    try {
      const isStop = (thrown: unknown) => thrown instanceof StopResponse;
      await runHook(`${agent.id}.onUserTurnCompleted`, () => agent.onUserTurnCompleted(context, said), isStop);
    } catch (thrown) {
      if (thrown instanceof StopResponse) this.#stopReason = thrown.message;
      else failure = thrown;
    }
    // After what the hook added, so that the model reads the question last.
    const message: ChatMessage = { ...said, createdAt: this.#now() };
    this.#announce(textOf(message));
    if (failure !== null) throw failure;
    const answering = host.session.currentAgent;
    // Whom the hook handed over to answers from a conversation of its own, with what the hook added.
    const shown = answering === agent ? context : answering.chatCtx;
    if (shown !== context) shown.insert(context.items.filter(({ id }) => !before.has(id)));
    if (this.#stopReason === null) {
      // A hook may have given it to generateReply itself.
      if (!answering.liveContext.getById(this.id)) {
        answering.liveContext.insert(message);
        host.addItem(message, this.#turnId);
      }
      if (!shown.getById(this.id)) shown.insert(message);
    }
    return { context: shown, known: answering.liveContext.ids };
  }

  /** @returns resolves when the words are in place, too, or never will be */
  commitSound(transcript: Promise<string>): Promise<void> {
    const host = this.#host;
    const agent = host.session.currentAgent;
    this.#replaceUnanswered(agent);
    const message = this.#message('');
    this.#committed = true;
    agent.liveContext.insert(message);
    return transcript
      .then((text) => {
        message.content = [text];
        this.#announce(text);
        host.addItem(message, this.#turnId);
      })
      .catch((thrown: unknown) => {
        const error = reportFault(toFault(thrown, 'stt'));
        host.emit({ type: 'error', turnId: this.#turnId, error, recoverable: true });
      });
  }

  #announce(text: string): void {
    this.#committed = true;
    this.#host.emit({ type: 'user_speech_committed', turnId: this.#turnId, messageId: this.id, text });
  }

  /** A turn that sends another again takes the place of its words. */
  #replaceUnanswered(agent: Agent): void {
    const replaced = this.#retryOf && this.#host.unanswered.get(this.#retryOf);
    if (replaced) agent.liveContext.remove(replaced);
  }

  #now(): number {
    this.#createdAt = Date.now();
    return this.#createdAt;
  }

  #message(text: string): ChatMessage {
    return { type: 'message', id: this.id, createdAt: this.#now(), role: 'user', content: [text] };
  }
}
