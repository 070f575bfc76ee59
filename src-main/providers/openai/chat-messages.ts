/** A conversation as the chat completions API wants it. */
import type OpenAI from 'openai';
import { type ChatContent, type ChatItem, type ChatMessage, textOf } from '../../speech/llm/chat.ts';
import type { ResponseFormat, ToolChoice, ToolDefinition } from '../../speech/llm/llm.ts';

type Param = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type Part = OpenAI.Chat.Completions.ChatCompletionContentPart;
type CallParam = OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall;

/** Handoffs and changes of instructions are left out; calls without an output too, which the API refuses. */
export function toMessages(items: readonly ChatItem[]): Param[] {
  const answered = new Set(items.flatMap((item) => (item.type === 'function_call_output' ? [item.callId] : [])));
  const messages: Param[] = [];
  for (const item of items) {
    if (item.type === 'message') messages.push(toMessage(item));
    else if (item.type === 'function_call' && answered.has(item.callId)) addCall(messages, item);
    else if (item.type === 'function_call_output') {
      messages.push({ role: 'tool', tool_call_id: item.callId, content: item.output });
    }
  }
  return regrouped(messages);
}

export function toTools(tools: readonly ToolDefinition[]): OpenAI.Chat.Completions.ChatCompletionFunctionTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: { ...parameters } },
  }));
}

export function toToolChoice(choice: ToolChoice): OpenAI.Chat.Completions.ChatCompletionToolChoiceOption {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

export function toResponseFormat({ name, schema }: ResponseFormat): OpenAI.ResponseFormatJSONSchema {
  return { type: 'json_schema', json_schema: { name, schema: { ...schema }, strict: true } };
}

function toMessage(message: ChatMessage): Param {
  const { role, content } = message;
  if (role !== 'user' || content.every((part) => typeof part === 'string')) return { role, content: textOf(message) };
  return { role, content: content.map(toPart) };
}

function toPart(part: ChatContent): Part {
  if (typeof part === 'string') return { type: 'text', text: part };
  if (part.type === 'image') {
    return { type: 'image_url', image_url: { url: `data:${part.mimeType};base64,${part.base64}` } };
  }
  // Most models can't hear; the words say the same to all of them.
  if (part.transcript !== null) return { type: 'text', text: part.transcript };
  return { type: 'input_audio', input_audio: { data: part.base64, format: 'wav' } };
}

function addCall(messages: Param[], { callId, name, arguments: args }: ChatItem & { type: 'function_call' }): void {
  const call: CallParam = { id: callId, type: 'function', function: { name, arguments: args } };
  messages.push({ role: 'assistant', content: null, tool_calls: [call] });
}

interface Calling {
  readonly message: Param & { role: 'assistant' };
  readonly outputs: Param[];
}

/** Calls that were made side by side belong into one message, followed by all of their outputs. */
function regrouped(messages: readonly Param[]): Param[] {
  const grouped: Param[] = [];
  let calling: Calling | null = null;
  for (const message of messages) {
    if (message.role === 'assistant' && message.tool_calls) {
      if (calling) calling.message.tool_calls = [...(calling.message.tool_calls ?? []), ...message.tool_calls];
      else calling = { message: { ...message }, outputs: [] };
    } else if (message.role === 'tool' && calling) {
      calling.outputs.push(message);
      if (calling.outputs.length < (calling.message.tool_calls?.length ?? 0)) continue;
      grouped.push(calling.message, ...calling.outputs);
      calling = null;
    } else {
      grouped.push(message);
    }
  }
  return grouped;
}
