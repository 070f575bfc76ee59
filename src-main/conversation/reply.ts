/**
 * A reply of the agent's model: it is asked, says what it says, and is asked again with what came of the functions it
 * called, by whichever agent is in force then, until it calls no more.
 */
import { Channel } from '../channel.ts';
import { Fault, toFault } from '../fault.ts';
import { inCall } from '../speech/call.ts';
import type { ChatMessage, FunctionCall } from '../speech/llm/chat.ts';
import type { ChatChunk, ToolCall } from '../speech/llm/llm.ts';
import type { Agent } from './agent.ts';
import type { AnswerInput } from './answer-input.ts';
import type { AnswerVoice, Question } from './answer-voice.ts';
import type { ChatContext } from './chat-context.ts';
import { runNode } from './hooks.ts';
import type { NodeSettings } from './node.ts';
import type { Speech, TurnContext } from './queued-speech.ts';
import type { SpeechHandle } from './speech-handle.ts';
import type { Tool } from './tool.ts';
import { asItem, type ExecutedCall, executeCalls } from './tool-calls.ts';

/** Rounds of function calls in one reply: a model that never stops calling is stopped. */
const MAX_TOOL_STEPS = 8;

export interface ReplyInput extends Pick<AnswerInput, 'turnId' | 'session' | 'realtime' | 'wordsFor' | 'events'> {
  readonly speech: Speech & { type: 'reply' };
  readonly handle: SpeechHandle;
  /** When the conversation remembers it as said. */
  readonly saidAt?: number;
  readonly signal: AbortSignal;
  readonly voice: AnswerVoice;
  /** Resolves when it may be heard, and act. */
  readonly turn: Promise<void>;
  /** Waits for work during which more may be said. @returns whether more was asked for, besides what the work came to */
  meanwhile<T>(work: Promise<T>): Promise<{ readonly result: T; readonly spoke: boolean }>;
  /** Functions that run, until their results are told. */
  calling(executing: Promise<unknown>): void;
}

/** @returns why a tool ended it, or null. @throws Fault */
export async function reply(input: ReplyInput): Promise<string | null> {
  const { session, turnId, signal, speech, voice } = input;
  for (let step = 0; ; step++) {
    const agent = session.currentAgent;
    const limited = step >= MAX_TOOL_STEPS;
    const toolChoice = limited ? 'none' : step === 0 ? speech.toolChoice : null;
    const settings: NodeSettings = { turnId, signal, ...(toolChoice ? { toolChoice } : {}) };
    const tools = await agent.allTools(signal);
    const realtime = input.realtime.of(agent, session.models);
    await input.wordsFor(realtime);
    const question = {
      context: contextOf(agent, speech.turnContext),
      tools,
      settings,
      instructions: [agent.instructions, speech.instructions].filter(Boolean).join('\n\n'),
    };
    if (realtime) await input.turn;
    const calls = realtime ? await voice.converse(agent, realtime, question) : await think(agent, question, input);
    await input.turn;
    if (calls.length === 0) return null;
    if (limited) {
      throw new Fault('too-many-tool-steps', `The model called functions ${MAX_TOOL_STEPS} times in a row`, {
        hint: 'Ask in other words, or mend the tools so that their results say what the model needs.',
        stage: 'tool',
      });
    }
    const { goesOn, stopReason } = await callTools(input, agent, tools, calls);
    if (!goesOn) return stopReason;
  }
}

/** One pass through the model. @returns the functions it asks for */
async function think(
  agent: Agent,
  { context, tools, settings, instructions }: Question,
  { turnId, voice, turn, saidAt }: ReplyInput,
): Promise<readonly ToolCall[]> {
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
  if (!first.done) {
    await turn;
    const text = resumed(first.value, remaining);
    await voice.utter(agent, { text, keep: true, saidAt }, { turnId, signal: settings.signal });
  }
  await reading;
  return calls;
}

/** @returns whether the model should be asked again, and if not, why a tool wants it so */
async function callTools(
  input: ReplyInput,
  agent: Agent,
  tools: readonly Tool[],
  toolCalls: readonly ToolCall[],
): Promise<{ goesOn: boolean; stopReason: string | null }> {
  const { session, turnId, signal, events, handle, voice } = input;
  const calls: FunctionCall[] = toolCalls.map((call) => asItem(call, tools));
  events.toolsCalled(calls);
  const executing = executeCalls({
    calls,
    tools,
    session,
    turnId,
    signal,
    speech: handle,
    heard: () => voice.heard(),
  }).then((executed) => {
    agent.liveContext.insert(executed.flatMap(({ call, output }) => [call, output]));
    events.toolsExecuted(executed);
    return executed;
  });
  input.calling(executing);
  const { result: executed } = await input.meanwhile<ExecutedCall[]>(executing);
  signal.throwIfAborted();

  const stop = executed.find((one) => one.stop)?.stop;
  if (stop) return { goesOn: false, stopReason: stop.message };
  const handoff = executed.find((one) => one.handoff)?.handoff;
  if (!handoff) return { goesOn: true, stopReason: null };
  const { spoke: greets } = await input.meanwhile(events.handoff(handoff.agent));
  // What was asked for in the same breath is answered by whoever is there now.
  const asked = handoff.result !== undefined || executed.some((one) => !one.handoff);
  return { goesOn: asked && !greets, stopReason: null };
}

function contextOf(agent: Agent, turnContext: TurnContext | null): ChatContext {
  if (!turnContext) return agent.liveContext.copy();
  const shown = turnContext.context.copy();
  shown.insert(agent.liveContext.copy().items.filter(({ id }) => !turnContext.known.has(id)));
  return shown;
}

function systemMessage(agent: Agent, text: string): ChatMessage {
  return { type: 'message', id: agent.id, createdAt: 0, role: 'system', content: [text] };
}

function expectChunk(item: unknown): string | null {
  if (typeof item === 'string') return null;
  const { text, toolCalls = [] } = (item ?? {}) as Partial<ChatChunk>;
  if (typeof text !== 'string') return 'text, or chunks { text, toolCalls? }';
  return Array.isArray(toolCalls) && toolCalls.every(isCall)
    ? null
    : 'toolCalls as [{ callId, name, arguments }], texts';
}

function isCall(call: unknown): boolean {
  const { callId, name, arguments: args } = (call ?? {}) as Partial<ToolCall>;
  return [callId, name, args].every((part) => typeof part === 'string');
}

/** The items with the first one, which was taken already, put back. */
async function* resumed(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
