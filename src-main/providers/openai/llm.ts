/** Answers by the chat completions of the OpenAI API, which is what every compatible server offers. */
import { Fault } from '../../fault.ts';
import type { Usage } from '../../speech/call.ts';
import type { Llm, ToolCall } from '../../speech/llm/llm.ts';
import { OPENAI_ADDRESS, readAnswer } from './answer-body.ts';
import { toMessages, toResponseFormat, toToolChoice, toTools } from './chat-messages.ts';
import type { OpenAiServer } from './client.ts';
import { warmConnection } from './connection.ts';
import { MalformedAnswer } from './faults.ts';
import { OptionalParameters } from './optional-parameters.ts';
import { type Answer, Requester } from './request.ts';
import { Thoughts, thinksUnmarked } from './thoughts.ts';
import { ToolCallAssembly } from './tool-calls.ts';
import { count, record } from './usage.ts';

export interface OpenAiLlmConfig extends OpenAiServer {
  readonly model: string;
}

/** Models that think before they speak, as OpenAI and routers name them; a voice needs them quick. */
const REASONING_MODEL = /^(?:openai\/)?(?:gpt-5|o\d)/;
const OTHER_MODEL = 'Ask in other words, or choose another model in Settings.';

/** A part of the answer: words, or what comes at its end. */
type Reading =
  | { readonly text: string; readonly thought?: string }
  | { readonly usage: unknown; readonly toolCalls: readonly ToolCall[] };

export function openAiLlm(config: OpenAiLlmConfig): Llm {
  const { model, baseUrl } = config;
  const requester = new Requester('llm', config);
  const optional = new OptionalParameters<'stream_options' | 'reasoning_effort' | 'response_format'>();
  const wanted = ['stream_options' as const, ...(REASONING_MODEL.test(model) ? ['reasoning_effort' as const] : [])];

  let unmarked = thinksUnmarked(model);

  async function* read(answer: Answer): AsyncGenerator<Reading, void> {
    const body = await readAnswer(answer, requester.client);
    if (body.kind === 'text')
      throw new MalformedAnswer(body.text.trim() === '' ? 'it is empty' : 'it is neither a stream nor JSON');
    if (body.kind === 'document' && !('choices' in record(body.value)))
      throw new MalformedAnswer('it has no choices', OPENAI_ADDRESS);
    let usage: unknown = null;
    let spoke = false;
    let refusal = '';
    let ended: unknown = null;
    const calls = new ToolCallAssembly();
    const thoughts = new Thoughts(unmarked);
    for await (const part of body.kind === 'events' ? body.events : [body.value]) {
      const chunk = record(part);
      // Groq has an envelope of its own for it.
      usage = chunk.usage ?? record(chunk.x_groq).usage ?? usage;
      calls.add(chunk);
      const { content, thought: apart, refused, finish } = saidIn(chunk);
      refusal += refused;
      ended = finish ?? ended;
      if (apart !== '') thoughts.areApart();
      const text = thoughts.saidIn(content);
      const thought = apart + thoughts.takeThought();
      spoke ||= text !== '';
      // Who waits for words is told that some have come.
      if (text !== '' || thought !== '' || thoughts.inDoubt) yield { text, ...(thought === '' ? {} : { thought }) };
    }
    const rest = thoughts.end();
    unmarked = thoughts.unmarked;
    if (rest) yield { text: rest };
    const toolCalls = calls.complete();
    if (!spoke && !rest && toolCalls.length === 0) throw silence(model, refusal, ended);
    yield { usage, toolCalls };
  }

  return {
    label: `openai/${model}`,
    async *chat(context, { signal, onUsage, tools = [], toolChoice, responseFormat }) {
      const messages = toMessages(context);
      const wishes = responseFormat ? [...wanted, 'response_format' as const] : wanted;
      const readings = optional.offer(wishes, (offered) =>
        requester.ask(
          {
            signal,
            send: (client, options) =>
              client.chat.completions
                .create(
                  {
                    model,
                    messages,
                    stream: true,
                    ...(tools.length > 0 ? { tools: toTools(tools) } : {}),
                    ...(tools.length > 0 && toolChoice ? { tool_choice: toToolChoice(toolChoice) } : {}),
                    ...(offered.has('stream_options') ? { stream_options: { include_usage: true } } : {}),
                    ...(offered.has('reasoning_effort') ? { reasoning_effort: 'low' as const } : {}),
                    ...(responseFormat && offered.has('response_format')
                      ? { response_format: toResponseFormat(responseFormat) }
                      : {}),
                  },
                  options,
                )
                .asResponse(),
          },
          read,
        ),
      );
      for await (const reading of readings) {
        if ('text' in reading) {
          yield reading;
          continue;
        }
        onUsage?.(readUsage(model, reading.usage));
        if (reading.toolCalls.length > 0) yield { text: '', toolCalls: reading.toolCalls };
      }
    },
    warm: () => void warmConnection(baseUrl),
  };
}

/** The words of one chunk, or of a whole completion: an answer, or why there is none. */
function saidIn(chunk: Readonly<Record<string, unknown>>) {
  const choice = record(Array.isArray(chunk.choices) ? chunk.choices[0] : null);
  const { content, refusal, reasoning_content, reasoning } = record(choice.delta ?? choice.message);
  // Where the server keeps it apart.
  const thought = reasoning_content ?? reasoning;
  return {
    content: Array.isArray(content) ? content.map(textOfPart).join('') : textOfPart(content),
    thought: typeof thought === 'string' ? thought : '',
    refused: typeof refusal === 'string' ? refusal : '',
    finish: choice.finish_reason,
  };
}

/** Some servers write in parts, of which not all are words. */
function textOfPart(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, text } = record(part);
  return (type === 'text' || type === 'output_text') && typeof text === 'string' ? text : '';
}

/** Why nothing was said. */
function silence(model: string, refusal: string, finish: unknown): Fault {
  if (refusal !== '') return new Fault('answer-refused', `${model} refused: ${refusal}`, { hint: OTHER_MODEL });
  if (finish === 'content_filter')
    return new Fault('answer-refused', `The provider withheld what ${model} answered`, { hint: OTHER_MODEL });
  if (finish !== 'length') return new Fault('empty-answer', `${model} answered without a word`, { hint: OTHER_MODEL });
  return new Fault('empty-answer', `${model} came to the end of its tokens before it said a word`, {
    hint: 'Choose a model that thinks less, or give this one more room on its server.',
  });
}

function readUsage(model: string, raw: unknown): Usage {
  const usage = record(raw);
  // No request is made of nothing: a server that counts zero tokens does not count.
  const counted = usage.prompt_tokens !== 0;
  const input = record(usage.prompt_tokens_details);
  const output = record(usage.completion_tokens_details);
  return {
    stage: 'llm',
    provider: 'openai',
    model,
    raw: raw ?? null,
    ...(counted
      ? {
          ...count('inputTokens', usage.prompt_tokens),
          ...count('cachedInputTokens', input.cached_tokens),
          ...count('outputTokens', usage.completion_tokens),
          ...count('reasoningTokens', output.reasoning_tokens),
        }
      : {}),
  };
}
