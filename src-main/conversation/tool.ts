/**
 * Tools: functions that a model may ask for. Arguments are checked against a schema before a tool runs; what it
 * throws as ToolError the model is told, what it throws otherwise the model is told only that it failed.
 */
import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { ToolDefinition } from '../speech/llm/llm.ts';
import type { Participant, Session } from './session-interface.ts';
import type { SpeechHandle } from './speech-handle.ts';

/** Thrown by a tool: the model sees the message and can act on it. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Thrown by a tool or by onUserTurnCompleted: ends the turn without a (further) reply. The log keeps the reason. */
export class StopResponse extends Error {
  override readonly name = 'StopResponse';

  constructor(reason = 'no reason given') {
    super(reason);
  }
}

/** Returned by a tool to hand the conversation to another agent. */
export interface Handoff {
  readonly agent: Participant;
  /** What the model is told; with it, the new agent answers at once unless its onEnter already speaks. */
  readonly result?: string;
}

export interface ToolContext<UserData = unknown> {
  readonly session: Session<UserData>;
  readonly turnId: string;
  readonly callId: string;
  /** Aborts on an interruption and on the timeout. */
  readonly signal: AbortSignal;
  readonly userData: UserData;
  /** The reply in which the model called it. */
  readonly speechHandle: SpeechHandle;
  /** Resolves when what was said before the call was heard, or never will be. */
  waitForPlayout(): Promise<void>;
}

export interface ToolOptions<Parameters extends z.ZodObject, UserData> {
  /** Letters, digits, `_` and `-`, 64 at most. */
  readonly name: string;
  readonly description: string;
  /** None if left out. */
  readonly parameters?: Parameters;
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** @returns anything that JSON can hold, a string as it is, nothing, an Agent or a Handoff */
  execute(input: z.output<Parameters>, context: ToolContext<UserData>): unknown;
}

export interface Tool {
  readonly definition: ToolDefinition;
  readonly timeoutMs: number;
  /** The tool server that runs it, when the agent does not run it itself. */
  readonly server?: string;
  /** @param input as the model sent it. @throws ToolError when it does not fit the schema */
  run(input: unknown, context: ToolContext): Promise<unknown>;
}

/** Tools that others bring, which may have to be fetched first. */
export interface Toolset {
  /** Asked for at every reply, so it must answer soon, with what it has. @throws the signal's reason */
  tools(signal: AbortSignal): Promise<readonly Tool[]>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** What providers take for one. */
const NAME = /^[\w-]{1,64}$/;
const NO_PARAMETERS = z.object({});
const UNWRITABLE = new Set(['date', 'bigint', 'map', 'set', 'symbol', 'nan', 'function']);
const PARAMETERS_HINT = 'Use z.object({ … }) of what JSON has; z.coerce.date() reads a date from it.';

/** @throws Fault `tool-invalid` */
export function tool<Parameters extends z.ZodObject = typeof NO_PARAMETERS, UserData = unknown>(
  options: ToolOptions<Parameters, UserData>,
): Tool {
  const { name, description, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(`A tool has the name ${JSON.stringify(name)}`, 'Use letters, digits, _ and -, 64 at most.');
  }
  const parameters = options.parameters ?? (NO_PARAMETERS as unknown as Parameters);
  return {
    definition: { name, description, parameters: described(name, parameters) },
    timeoutMs,
    async run(input, context) {
      const parsed = await parameters.safeParseAsync(input);
      if (!parsed.success) throw new ToolError(`Wrong arguments: ${z.prettifyError(parsed.error)}`);
      return options.execute(parsed.data, context as ToolContext<UserData>);
    },
  };
}

/** The tools of an agent, which may be anybody's code. @throws Fault `tool-invalid` */
export function checkedTools(tools: readonly Tool[]): readonly Tool[] {
  const made = 'Give the agent a list: tools: [tool({ name, description, execute })].';
  if (!Array.isArray(tools)) throw invalid('The tools of an agent are a list', made);
  const names = new Set<string>();
  for (const one of tools) {
    const name = one?.definition?.name;
    if (typeof name !== 'string') throw invalid('An agent has a tool that tool() did not make', made);
    if (names.has(name)) throw invalid(`An agent has two tools named ${name}`, 'Give one of them another name.');
    names.add(name);
  }
  return tools;
}

/** The schema of what a model writes, before defaults and transforms. @throws Fault `tool-invalid` */
function described(name: string, parameters: z.ZodObject): Record<string, unknown> {
  let schema: Record<string, unknown>;
  try {
    schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any', override: writable });
  } catch (thrown) {
    throw invalid(`The parameters of ${name} can’t be described: ${(thrown as Error).message}`, PARAMETERS_HINT);
  }
  const { $schema: _, ...rest } = schema;
  if (rest.type !== 'object') throw invalid(`The parameters of ${name} are no object`, PARAMETERS_HINT);
  return rest;
}

/** What reads a text is described as one. @throws Error for what no text can be */
function writable({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  const { type } = zodSchema._zod.def;
  const coerces = 'coerce' in zodSchema._zod.def && zodSchema._zod.def.coerce;
  if (type === 'date' && coerces) Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  else if (type === 'bigint' && coerces) jsonSchema.type = 'integer';
  else if (UNWRITABLE.has(type)) throw new Error(`no model can write a ${type}`);
}

function invalid(message: string, hint: string): Fault {
  return new Fault('tool-invalid', message, { hint, stage: 'tool' });
}
