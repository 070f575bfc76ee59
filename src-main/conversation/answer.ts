/**
 * Everything that is said in answer to one turn: utterances one after the other through one voice, the functions the
 * model asks for in between, other agents taking over, until nothing is left to say or somebody interrupts.
 */
import { randomUUID } from 'node:crypto';
import { Channel } from '../channel.ts';
import { Fault, toFault } from '../fault.ts';
import { inCall } from '../speech/call.ts';
import type { ChatMessage, FunctionCall } from '../speech/llm/chat.ts';
import type { ChatChunk, ToolCall, ToolChoice } from '../speech/llm/llm.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Playback } from '../transport/transport.ts';
import type { Agent, NodeSettings } from './agent.ts';
import type { ChatContext } from './chat-context.ts';
import { runNode } from './hooks.ts';
import { converse } from './realtime-utterance.ts';
import type { AgentSession } from './session.ts';
import { SpeechOutput, type SpokenPart } from './speech-output.ts';
import type { Tool } from './tool.ts';
import { asItem, type ExecutedCall, executeCalls } from './tool-calls.ts';
import type { QueuedSpeech } from './turn-opening.ts';
import { speak } from './utterance.ts';

/** Rounds of function calls in one answer: a model that never stops calling is stopped. */
const MAX_TOOL_STEPS = 8;

/** Something to say. */
export type Speech =
  | { readonly type: 'say'; readonly text: string | AsyncIterable<string>; readonly addToChatCtx: boolean }
  | {
      readonly type: 'reply';
      /** For this reply alone, besides the agent's own. */
      readonly instructions: string | null;
      readonly toolChoice: ToolChoice | null;
      /** What the model is shown instead of the agent's conversation as it was then. */
      readonly turnContext: TurnContext | null;
    };

/** A conversation as a hook left it for one answer. */
export interface TurnContext {
  readonly context: ChatContext;
  /** Ids of the items the agent's conversation had then: only what came later is added. */
  readonly known: ReadonlySet<string>;
}

export interface AnswerEvents {
  speechCreated(speech: Speech): void;
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
  readonly session: AgentSession;
  readonly playback: Playback;
  /** Resolves when the user's words are known, or never will be; at once for a model that heard them itself. */
  wordsFor(realtime: RealtimeSession | null): Promise<void>;
  readonly events: AnswerEvents;
}

/** A message of the answer, with the voice that spoke it. */
export interface SaidMessage {
  readonly agent: Agent;
  /** null when it was not to be kept in the conversation. */
  readonly message: ChatMessage | null;
  readonly part: SpokenPart;
  /** Makes a realtime model forget what was not heard of it. */
  readonly forget?: () => void;
}

export interface AnswerResult {
  /** False when it was stopped before all of it was heard. */
  readonly complete: boolean;
  readonly fault: Fault | null;
  readonly said: readonly SaidMessage[];
  /** Why a tool ended the answer, if one did. */
  readonly stopReason: string | null;
}

/** What a model is asked with. */
interface Thought {
  readonly context: ChatContext;
  readonly tools: readonly Tool[];
  readonly settings: NodeSettings;
  /** The agent's, and those for this reply. */
  readonly instructions: string;
}

export class Answer {
  readonly #input: AnswerInput;
  readonly #abort = new AbortController();
  readonly #queue: QueuedSpeech[] = [];
  /** Of what is being made: whoever waits for it must not wait for a node that is stuck. */
  readonly #making = new Set<QueuedSpeech['handle']>();
  #queued: (() => void) | null = null;
  /** Speeches so far. */
  #added = 0;
  readonly #said: SaidMessage[] = [];
  readonly #output: SpeechOutput;
  readonly #finished: Promise<AnswerResult>;
  #stopReason: string | null = null;
  /** Functions that run, until their results are told. */
  #calling: Promise<unknown> = Promise.resolve();

  constructor(input: AnswerInput, speeches: readonly QueuedSpeech[]) {
    this.#input = input;
    this.#output = new SpeechOutput(input.playback, input.events);
    for (const queued of speeches) this.add(queued);
    this.#finished = this.#run();
  }

  /** Resolves once nothing of the answer runs any more; never rejects. */
  get finished(): Promise<AnswerResult> {
    return this.#finished;
  }

  /** To be said after what is already waiting. */
  add(queued: QueuedSpeech): void {
    this.#input.events.speechCreated(queued.speech);
    this.#added += 1;
    this.#queue.push(queued);
    this.#queued?.();
  }

  /** Silences it at once and cancels what is still being made. */
  stop(): void {
    this.#abort.abort(new Error('The reply was stopped'));
    this.#output.stop();
  }

  async #run(): Promise<AnswerResult> {
    let fault: Fault | null = null;
    try {
      // Once stopped, a provider that is slow to notice holds nobody up.
      await Promise.race([this.#work(), aborted(this.#abort.signal)]);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) fault = toFault(thrown, 'llm');
      // Sound of a reply that will never be whole is not played on.
      this.stop();
    }
    // Calls end at once when the answer is stopped; what came of them belongs to the turn.
    await this.#calling.catch(() => {});
    const heard = await this.#output.finish();
    for (const handle of [...this.#making, ...this.#queue.map((queued) => queued.handle)]) handle.finish(true);
    const complete = heard && fault === null && !this.#abort.signal.aborted;
    if (!complete) for (const { forget } of this.#said) forget?.();
    return { complete, fault, said: this.#said, stopReason: this.#stopReason };
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#perform(next);
  }

  async #perform({ speech, handle }: QueuedSpeech): Promise<void> {
    this.#making.add(handle);
    if (speech.type === 'say') await this.#say(speech);
    else await this.#reply(speech);
    this.#making.delete(handle);
    void this.#output.heard().then(() => handle.finish(this.#abort.signal.aborted));
  }

  async #say({ text, addToChatCtx }: Speech & { type: 'say' }): Promise<void> {
    const words = typeof text === 'string' ? once(text) : text;
    await this.#utter(this.#input.session.currentAgent, words, addToChatCtx);
  }

  async #reply({ instructions, toolChoice, turnContext }: Speech & { type: 'reply' }): Promise<void> {
    const { session } = this.#input;
    for (let step = 0; ; step++) {
      const agent = session.currentAgent;
      const limited = step >= MAX_TOOL_STEPS;
      const settings: NodeSettings = {
        turnId: this.#input.turnId,
        signal: this.#abort.signal,
        ...(limited ? { toolChoice: 'none' as const } : toolChoice && step === 0 ? { toolChoice } : {}),
      };
      const tools = await agent.allTools(this.#abort.signal);
      const realtime = session.realtime.of(agent, session.models);
      await this.#input.wordsFor(realtime);
      const context = contextOf(agent, turnContext);
      const thought = { context, tools, settings, instructions: instructionsOf(agent, instructions) };
      const calls = realtime ? await this.#converse(agent, realtime, thought) : await this.#think(agent, thought);
      if (calls.length === 0) return;
      if (limited) {
        throw new Fault('too-many-tool-steps', `The model called functions ${MAX_TOOL_STEPS} times in a row`, {
          hint: 'Ask in other words, or mend the tools so that their results say what the model needs.',
          stage: 'tool',
        });
      }
      if (!(await this.#callTools(agent, tools, calls))) return;
    }
  }

  /** One pass through the model. @returns the functions it asks for */
  async #think(agent: Agent, { context, tools, settings, instructions }: Thought): Promise<readonly ToolCall[]> {
    const { turnId } = this.#input;
    if (instructions !== '') context.insert(systemMessage(agent, instructions));
    const calls: ToolCall[] = [];
    const words = new Channel<string>();
    const reading = (async () => {
      const node = () => agent.llmNode(context, tools, settings);
      const chunks = inCall({ turnId, stage: 'llm' }, () => runNode('llmNode', node, expectChunk, settings.signal));
      for await (const chunk of chunks) {
        const { text, toolCalls = [] } = typeof chunk === 'string' ? { text: chunk } : (chunk as ChatChunk);
        calls.push(...toolCalls);
        if (text !== '') words.push(text);
      }
    })().then(
      () => words.close(),
      (thrown: unknown) => words.fail(toFault(thrown, 'llm')),
    );
    // Without a word there is nothing to speak, and no voice is asked for.
    const remaining = words[Symbol.asyncIterator]();
    const first = await remaining.next();
    if (!first.done) await this.#utter(agent, resumed(first.value, remaining), true);
    await reading;
    return calls;
  }

  /** One answer of a realtime model. @returns the functions it asks for */
  async #converse(agent: Agent, realtime: RealtimeSession, thought: Thought): Promise<readonly ToolCall[]> {
    const { events } = this.#input;
    const message: ChatMessage = {
      type: 'message',
      id: randomUUID(),
      createdAt: Date.now(),
      role: 'assistant',
      content: [''],
    };
    const { part, calls } = await converse({
      ...thought,
      agent,
      realtime,
      messageId: message.id,
      output: this.#output,
      onText: (piece) => events.text(piece),
      onBegin: (begun, forget) => {
        agent.liveContext.insert(message);
        this.#said.push({ agent, message, part: begun, forget });
      },
    });
    if (part) message.content = [part.text];
    return calls;
  }

  async #utter(agent: Agent, text: AsyncIterable<string>, keep: boolean): Promise<void> {
    const { turnId, events } = this.#input;
    const settings = { turnId, signal: this.#abort.signal };
    const message = keep ? agent.liveContext.addMessage({ role: 'assistant', content: '' }) : null;
    const { part, voiceFault } = await speak({
      agent,
      settings,
      text,
      output: this.#output,
      onText: (piece) => events.text(piece),
      onBegin: (begun) => this.#said.push({ agent, message, part: begun }),
    });
    if (message) message.content = [part.text];
    if (voiceFault) throw voiceFault;
  }

  /** @returns whether the model should be asked again */
  async #callTools(agent: Agent, tools: readonly Tool[], toolCalls: readonly ToolCall[]): Promise<boolean> {
    const { session, turnId, events } = this.#input;
    const calls: FunctionCall[] = toolCalls.map((call) => asItem(call, tools));
    events.toolsCalled(calls);
    const executing = executeCalls({ calls, tools, session, turnId, signal: this.#abort.signal }).then((executed) => {
      agent.liveContext.insert(...executed.flatMap(({ call, output }) => [call, output]));
      events.toolsExecuted(executed);
      return executed;
    });
    this.#calling = executing;
    const executed = await this.#sayMeanwhile(executing);
    this.#abort.signal.throwIfAborted();

    const stop = executed.find(({ stop: asked }) => asked)?.stop;
    if (stop) {
      this.#stopReason = stop.message;
      return false;
    }
    const handoff = executed.find(({ handoff: asked }) => asked)?.handoff;
    if (!handoff) return true;
    const added = this.#added;
    await this.#sayMeanwhile(events.handoff(handoff.agent));
    const greets = this.#added > added;
    return handoff.result !== undefined && !greets;
  }

  /** What a tool or a hook says while it works is said at once, not after the reply that called it. */
  async #sayMeanwhile<T>(work: Promise<T>): Promise<T> {
    let working = true;
    const worked = work.finally(() => {
      working = false;
    });
    worked.catch(() => {});
    while (working) {
      const next = this.#queue.shift();
      if (next) await this.#perform(next);
      else {
        const queued = new Promise<void>((resolve) => {
          this.#queued = resolve;
        });
        await Promise.race([worked, queued]);
      }
    }
    return worked;
  }
}

function contextOf(agent: Agent, turnContext: TurnContext | null): ChatContext {
  if (!turnContext) return agent.liveContext.copy();
  const shown = turnContext.context.copy();
  shown.insert(...agent.liveContext.copy().items.filter(({ id }) => !turnContext.known.has(id)));
  return shown;
}

/** @param more for this reply alone */
function instructionsOf(agent: Agent, more: string | null): string {
  return [agent.instructions, more].filter(Boolean).join('\n\n');
}

function systemMessage(agent: Agent, text: string): ChatMessage {
  return { type: 'message', id: agent.id, createdAt: 0, role: 'system', content: [text] };
}

function expectChunk(item: unknown): string | null {
  if (typeof item === 'string') return null;
  return typeof (item as ChatChunk | null)?.text === 'string' ? null : 'text, or chunks { text, toolCalls? }';
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** The items with the first one, which was taken already, put back. */
async function* resumed(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
