/** What a request or an answer says, taken out of its JSON or its stream of events; null where only the bytes tell. */

export interface Said {
  /** Who, or what it is: a role as the protocol names it, else null. */
  readonly role: string | null;
  readonly text: string;
  /** Functions that are called there. */
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
}

export interface Readable {
  readonly said: readonly Said[];
  /** Names of the functions that the model may call. */
  readonly tools: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

export function readableRequest(text: string): Readable | null {
  const body = asObject(parse(text));
  if (!body) return null;
  if (Array.isArray(body.messages)) {
    return {
      said: body.messages.map(messageOf),
      tools: list(body.tools).map((tool) => textOf(at(tool, 'function', 'name'))),
    };
  }
  return typeof body.input === 'string' ? plain(body.input) : null;
}

export function readableResponse(text: string): Readable | null {
  const body = asObject(parse(text));
  if (!body) return readableStream(text);
  if (typeof body.text === 'string') return plain(body.text);
  if (Array.isArray(body.choices)) {
    return { said: body.choices.map((choice) => messageOf(at(choice, 'message'))), tools: [] };
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
  return { said: [{ role: null, text: words || (whole ?? ''), calls: calls.filter(Boolean) }], tools: [] };
}

function messageOf(message: unknown): Said {
  const calls = list(at(message, 'tool_calls')).map((call) => ({
    name: textOf(at(call, 'function', 'name')),
    arguments: textOf(at(call, 'function', 'arguments')),
  }));
  return { role: textOf(at(message, 'role')) || null, text: contentOf(at(message, 'content')), calls };
}

/** Text, or parts of which only the text can be shown. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => textOf(at(part, 'text')) || `[${textOf(at(part, 'type'))}]`)
    .join('\n');
}

function plain(text: string): Readable {
  return { said: [{ role: null, text, calls: [] }], tools: [] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => asObject(found)?.[key], value);
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
