/**
 * What a server really sent, whatever it calls it: server-sent events, one JSON document, or plain text. Compatible
 * servers mix these up, so the first characters decide.
 */
import type OpenAI from 'openai';
import { APIError } from 'openai';
import { Stream } from 'openai/core/streaming';
import { MalformedAnswer } from './faults.ts';
import type { Answer } from './request.ts';
import { record } from './usage.ts';

export type AnswerBody =
  | { readonly kind: 'events'; readonly events: AsyncIterable<unknown> }
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string };

/** For servers that have a form of their own besides. */
export const OPENAI_ADDRESS =
  'Set the address to the OpenAI-compatible one of this server: it usually ends in /v1, as http://127.0.0.1:11434/v1 for Ollama.';
/** Enough to tell `event:` from words. */
const ENOUGH = 16;

/** @throws MalformedAnswer for broken JSON and web pages, APIError for an error that the server reports with a status of 200. */
export async function readAnswer({ contentType, bytes }: Answer, client: OpenAI): Promise<AnswerBody> {
  const head: Uint8Array[] = [];
  let beginning = '';
  while (beginning.length < ENOUGH) {
    const next = await bytes.next();
    if (next.done) break;
    head.push(next.value);
    beginning = Buffer.concat(head)
      .toString()
      .replace(/^\uFEFF/, '')
      .trimStart();
  }
  if (looksLikeEvents(beginning, contentType)) {
    // The SDK takes anything that can be iterated; a stream and a response around it would only cost time.
    const response = { body: chain(head, bytes) } as unknown as Response;
    const events = Stream.fromSSEResponse<unknown>(response, new AbortController(), client);
    return { kind: 'events', events: withoutErrors(events) };
  }
  for await (const chunk of bytes) head.push(chunk);
  return readText(Buffer.concat(head), contentType);
}

/** An answer that is no stream. @throws as readAnswer does */
export function readText(bytes: Uint8Array, contentType: string): AnswerBody & { kind: 'document' | 'text' } {
  const text = decode(bytes, contentType);
  const begins = /\S/.exec(text)?.[0] ?? '';
  if (begins === '<') throw new MalformedAnswer('it is a web page');
  // Words in brackets and quotation marks are no JSON, unless they are said to be.
  const json = contentType.includes('json');
  if (begins !== '{' && begins !== '[' && !(begins === '"' && json)) return { kind: 'text', text };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (begins === '[' && !json) return { kind: 'text', text };
    if (isDocumentPerLine(text)) throw new MalformedAnswer('it is one JSON document a line', OPENAI_ADDRESS);
    throw new MalformedAnswer('its JSON is broken');
  }
  failOnError(value);
  return { kind: 'document', value };
}

/** NDJSON. */
function isDocumentPerLine(text: string): boolean {
  const [first = ''] = text.trim().split('\n', 1);
  try {
    return typeof JSON.parse(first) === 'object';
  } catch {
    return false;
  }
}

function looksLikeEvents(beginning: string, contentType: string): boolean {
  if (/^(?::|data:\s*(?:[{[]|$)|event:|id:|retry:)/.test(beginning)) return true;
  return contentType.includes('event-stream') && !/^[{[<]/.test(beginning);
}

function decode(bytes: Uint8Array, contentType: string): string {
  try {
    return new TextDecoder(/charset="?([\w-]+)/.exec(contentType)?.[1]).decode(bytes);
  } catch {
    // A charset that nobody knows.
    return new TextDecoder().decode(bytes);
  }
}

/** The SDK knows only errors that are called `error`. */
async function* withoutErrors(events: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
  for await (const event of events) {
    failOnError(event);
    yield event;
  }
}

/** @throws APIError when this is no answer, but why there is none, in one of the shapes that servers have for it */
function failOnError(value: unknown): void {
  const { error, object, type, message, detail } = record(value);
  const reported = error || (object === 'error' || type === 'error' ? message : null);
  const alone = detail !== undefined && Object.keys(record(value)).length === 1 ? detail : null;
  const words = reported || alone;
  if (!words) return;
  throw new APIError(undefined, typeof words === 'object' ? words : { message: String(words) }, undefined, undefined);
}

/** What was read already, and what follows. Whoever stops in the first part has stopped with the second as well. */
async function* chain(head: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
