/**
 * A turn as spans, by OpenTelemetry's semantic conventions for generative AI: one for the turn, and below it one for each
 * request to a model and each tool. https://opentelemetry.io/docs/specs/semconv/gen-ai/.
 */
import type { Attributes } from '@opentelemetry/api';
import type { RequestDetail, TurnDetail } from '../audit/reading/session-detail.ts';

export interface TurnSpan {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** Why it failed; null when it did not. */
  readonly error: string | null;
  /** Whether it asks somebody else: a request over the network. */
  readonly client: boolean;
}

export interface TurnTrace {
  readonly turn: TurnSpan;
  readonly below: readonly TurnSpan[];
}

const OPERATIONS = { stt: 'transcribe', llm: 'chat', tts: 'speak', realtime: 'converse' } as const;
type Usage = TurnDetail['usage'][number];

/**
 * @param endedAt milliseconds since the epoch
 * @param includeContent whether what was said and answered goes along
 */
export function traceOf(turn: TurnDetail, sessionId: string, endedAt: number, includeContent: boolean): TurnTrace {
  const agent = turn.configuration?.agentId ?? '';
  const content = includeContent
    ? {
        'gen_ai.input.messages': messages('user', turn.user.committed),
        'gen_ai.output.messages': messages('assistant', turn.reply.text),
      }
    : {};
  const attributes: Attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': agent,
    'gen_ai.conversation.id': sessionId,
    'squelch.turn.id': turn.id,
    'squelch.turn.source': turn.source,
    'squelch.turn.outcome': turn.outcome ?? 'in flight',
    ...known('squelch.release_to_transcript_ms', turn.timings?.releaseToTranscriptMs),
    ...known('squelch.release_to_first_token_ms', turn.timings?.releaseToFirstTokenMs),
    ...known('squelch.release_to_first_audio_ms', turn.timings?.releaseToFirstAudioMs),
    ...known('squelch.cost_usd', turn.cost),
    ...(turn.error ? { 'error.type': turn.error.code } : {}),
    ...content,
  };
  const name = `invoke_agent ${agent}`;
  const error = turn.error?.code ?? null;
  return {
    turn: { name, startedAt: turn.at, endedAt: Math.max(turn.at, endedAt), attributes, error, client: false },
    below: [...requestSpans(turn), ...toolSpans(turn, includeContent)],
  };
}

function requestSpans({ requests, usage, configuration }: TurnDetail): TurnSpan[] {
  const left = [...usage];
  return requests.flatMap((request) => {
    const { stage, outcome, startedAt, durationMs } = request;
    if (stage === 'tool') return [];
    // Requests report their usage in the order in which they complete.
    const place = outcome === 'completed' ? left.findIndex((one) => one.stage === stage) : -1;
    const used = place < 0 ? null : (left.splice(place, 1)[0] ?? null);
    const [provider = '', ...model] = (configuration?.[stage === 'realtime' ? 'llm' : stage] ?? '').split('/');
    const requested = model.join('/');
    return {
      name: `${OPERATIONS[stage]} ${requested}`,
      startedAt,
      endedAt: startedAt + durationMs,
      attributes: requestAttributes(request, OPERATIONS[stage], { provider, model: requested }, used),
      error: errorOf(request),
      client: true,
    };
  });
}

function requestAttributes(
  request: RequestDetail,
  operation: string,
  { provider, model }: { provider: string; model: string },
  used: Usage | null,
): Attributes {
  const { hostname, port } = new URL(request.url);
  const error = errorOf(request);
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'server.address': hostname,
    ...(port ? { 'server.port': Number(port) } : {}),
    ...known('http.response.status_code', request.status),
    ...known('gen_ai.response.id', request.requestId),
    ...known('gen_ai.usage.input_tokens', used?.inputTokens),
    ...known('gen_ai.usage.output_tokens', used?.outputTokens),
    ...(error ? { 'error.type': error } : {}),
  };
}

function errorOf({ outcome, status }: RequestDetail): string | null {
  if (status !== null && status >= 400) return String(status);
  return outcome === 'completed' ? null : outcome;
}

function toolSpans({ tools }: TurnDetail, includeContent: boolean): TurnSpan[] {
  return tools.map(({ name, callId, startedAt, durationMs, isError, arguments: args, output }) => ({
    name: `execute_tool ${name}`,
    startedAt,
    endedAt: startedAt + (durationMs ?? 0),
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': callId,
      ...(includeContent ? { 'gen_ai.tool.call.arguments': args, 'gen_ai.tool.call.result': output ?? '' } : {}),
      ...(isError ? { 'error.type': 'tool_error' } : {}),
    },
    error: isError ? 'tool_error' : null,
    client: false,
  }));
}

function messages(role: 'user' | 'assistant', content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

function known(name: string, value: string | number | null | undefined): Attributes {
  return value === null || value === undefined ? {} : { [name]: value };
}
