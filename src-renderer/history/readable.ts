/** What a request or an answer says, taken out of its JSON or its stream of events; null where only the bytes tell. */
import { asObject, at, list, parse, textOf } from './json.ts';
import { readableMessages } from './readable-realtime.ts';
import type { Readable, Said } from './said.ts';

export function readableRequest(text: string): Readable | null {
  const body = asObject(parse(text));
  if (!body || typeof body.type === 'string') return readableMessages(text);
  if (Array.isArray(body.messages)) {
    return {
      said: body.messages.map(messageOf),
      tools: list(body.tools).map((tool) => textOf(at(tool, 'function', 'name'))),
      sounds: 0,
    };
  }
  return typeof body.input === 'string' ? plain(body.input) : null;
}

export function readableResponse(text: string): Readable | null {
  const body = asObject(parse(text));
  if (!body || typeof body.type === 'string') return readableStream(text) ?? readableMessages(text);
  if (typeof body.text === 'string') return plain(body.text);
  if (Array.isArray(body.choices)) {
    const messages = body.choices.map((choice) => at(choice, 'message'));
    const said = messages.flatMap((message) => [...thinking(thoughtOf(message)), messageOf(message)]);
    return { said, tools: [], sounds: 0 };
  }
  const error = at(body, 'error', 'message');
  return typeof error === 'string' ? plain(error) : null;
}

/** Server-sent events: the pieces put together. */
function readableStream(text: string): Readable | null {
  const pieces = [...text.matchAll(/^data: ?(.+)$/gm)]
    .map(([, data]) => asObject(parse(data ?? '')))
    .filter((piece) => piece !== null);
  if (pieces.length === 0) return null;
  const deltas = pieces.map((piece) => at(list(piece.choices)[0], 'delta'));
  const calls: { name: string; arguments: string }[] = [];
  for (const call of deltas.flatMap((delta) => list(at(delta, 'tool_calls')))) {
    const index = Number(at(call, 'index') ?? 0);
    const known = calls[index] ?? { name: '', arguments: '' };
    calls[index] = {
      name: known.name + textOf(at(call, 'function', 'name')),
      arguments: known.arguments + textOf(at(call, 'function', 'arguments')),
    };
  }
  const words = deltas.map((delta) => textOf(at(delta, 'content'))).join('');
  // A streamed transcription ends with the whole of it.
  const whole = pieces.map((piece) => textOf(piece.text)).findLast((text) => text !== '');
  const thought = thinking(deltas.map(thoughtOf).join(''));
  const role = thought.length > 0 ? 'assistant' : null;
  const said = { role, text: words || (whole ?? ''), calls: calls.filter(Boolean), images: [] };
  return { said: [...thought, said], tools: [], sounds: 0 };
}

/** What the model thought, where its server keeps that apart. */
function thoughtOf(message: unknown): string {
  return textOf(at(message, 'reasoning_content')) || textOf(at(message, 'reasoning'));
}

function thinking(text: string): Said[] {
  return text === '' ? [] : [{ role: 'thinking', text, calls: [], images: [] }];
}

function messageOf(message: unknown): Said {
  const calls = list(at(message, 'tool_calls')).map((call) => ({
    name: textOf(at(call, 'function', 'name')),
    arguments: textOf(at(call, 'function', 'arguments')),
  }));
  const content = at(message, 'content');
  return { role: textOf(at(message, 'role')) || null, text: contentOf(content), calls, images: imagesOf(content) };
}

/** Text, or parts: of what is neither text nor a picture, only what it is. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .filter((part) => !isImage(part))
    .map((part) => textOf(at(part, 'text')) || textOf(at(part, 'image_url', 'url')) || `[${textOf(at(part, 'type'))}]`)
    .join('\n');
}

function imagesOf(content: unknown): string[] {
  return list(content)
    .filter(isImage)
    .map((part) => textOf(at(part, 'image_url', 'url')));
}

/** Only those that went along: an address would have to be asked for. */
function isImage(part: unknown): boolean {
  return textOf(at(part, 'image_url', 'url')).startsWith('data:image/');
}

function plain(text: string): Readable {
  return { said: [{ role: null, text, calls: [], images: [] }], tools: [], sounds: 0 };
}
