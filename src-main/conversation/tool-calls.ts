/** Runs the functions a model asked for, side by side; whatever happens, each call gets exactly one output. */
import { randomUUID } from 'node:crypto';
import { withCall } from '../speech/call.ts';
import type { FunctionCall, FunctionCallOutput } from '../speech/llm/chat.ts';
import type { ToolCall } from '../speech/llm/llm.ts';
import { Agent } from './agent.ts';
import type { Session } from './session-interface.ts';
import { calledIn, type SpeechHandle } from './speech-handle.ts';
import { type Handoff, StopResponse, type Tool, type ToolContext, ToolError } from './tool.ts';
import { readArguments, shortened, writeResult } from './tool-json.ts';

export interface ExecutedCall {
  readonly call: FunctionCall;
  readonly output: FunctionCallOutput;
  readonly durationMs: number;
  readonly handoff: (Handoff & { readonly agent: Agent }) | null;
  /** Set when the tool asked for silence. */
  readonly stop: StopResponse | null;
  /** What the tool threw, where the model is only told that it failed. */
  readonly failure: string | null;
}

export interface ToolCallsInput {
  readonly calls: readonly FunctionCall[];
  readonly tools: readonly Tool[];
  readonly session: Session;
  readonly turnId: string;
  readonly signal: AbortSignal;
  /** The reply in which they are called. */
  readonly speech: SpeechHandle;
  /** Resolves when what was said so far was heard, or never will be. */
  heard(): Promise<void>;
}

export function asItem({ callId, name, arguments: args }: ToolCall, tools: readonly Tool[]): FunctionCall {
  const server = tools.find(({ definition }) => definition.name === name)?.server;
  const call = { callId, name, arguments: args, ...(server === undefined ? {} : { server }) };
  return { type: 'function_call', id: randomUUID(), createdAt: Date.now(), ...call };
}

/** In the order of the calls; never rejects. */
export function executeCalls(input: ToolCallsInput): Promise<ExecutedCall[]> {
  return Promise.all(input.calls.map((call) => execute(call, input)));
}

async function execute(call: FunctionCall, input: ToolCallsInput): Promise<ExecutedCall> {
  const startedAt = performance.now();
  const done = (output: string, isError: boolean, more: Partial<ExecutedCall> = {}): ExecutedCall => ({
    call,
    output: {
      type: 'function_call_output',
      id: randomUUID(),
      createdAt: Date.now(),
      callId: call.callId,
      name: call.name,
      output: shortened(output),
      isError,
    },
    durationMs: Math.round(performance.now() - startedAt),
    handoff: null,
    stop: null,
    failure: null,
    ...more,
  });
  // What it did is done: a model that is told that it failed would do it again.
  const told = (result: unknown): ExecutedCall => {
    try {
      return done(writeResult(result), false);
    } catch (thrown) {
      return done('The function ran, but its result can’t be told.', true, { failure: (thrown as Error).message });
    }
  };
  const tool = input.tools.find(({ definition }) => definition.name === call.name);
  if (!tool) return done(`There is no function ${call.name}.`, true);
  try {
    const result = await run(tool, call, input);
    const handoff = handoffOf(result);
    return handoff ? done(handoff.result ?? '', false, { handoff }) : told(result);
  } catch (thrown) {
    if (thrown instanceof StopResponse) return done('', false, { stop: thrown });
    if (thrown instanceof ToolError) return done(thrown.message, true);
    if (input.signal.aborted) return done('The function was interrupted.', true);
    return done('The function failed.', true, { failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

async function run(tool: Tool, call: FunctionCall, input: ToolCallsInput): Promise<unknown> {
  const { session, turnId, signal, speech, heard } = input;
  const given = readArguments(call.arguments);
  const attempt = new AbortController();
  const abort = () => attempt.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(
    () => attempt.abort(new ToolError(`The function took longer than ${tool.timeoutMs / 1000} s.`)),
    tool.timeoutMs,
  );
  const ended = new Promise<never>((_, reject) => {
    attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true });
  });
  try {
    signal.throwIfAborted();
    const context: ToolContext = {
      session,
      turnId,
      callId: call.callId,
      signal: attempt.signal,
      userData: session.userData,
      speechHandle: speech,
      waitForPlayout: heard,
    };
    const running = calledIn(speech, () => withCall({ turnId, stage: 'tool' }, () => tool.run(given, context)));
    return await Promise.race([running, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function handoffOf(result: unknown): ExecutedCall['handoff'] {
  if (result instanceof Agent) return { agent: result };
  const agent = (result as { agent?: unknown } | null | undefined)?.agent;
  return agent instanceof Agent ? (result as Handoff & { agent: Agent }) : null;
}
