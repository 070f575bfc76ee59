/**
 * What a server really sent, whatever it calls it: server-sent events, one JSON document, or plain text. Compatible
 * servers mix these up, so the first characters decide.
 */
import type OpenAI from 'openai';
import { APIError } from 'openai';
import { Stream } from 'openai/core/streaming';
import { MalformedAnswer } from './faults.ts';
import type { Answer } from './request.ts';

export type AnswerBody =
  | { readonly kind: 'events'; readonly events: AsyncIterable<unknown> }
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string };

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
    return { kind: 'events', events: Stream.fromSSEResponse<unknown>(response, new AbortController(), client) };
  }
  for await (const chunk of bytes) head.push(chunk);
  const text = Buffer.concat(head)
    .toString()
    .replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(text)) return { kind: 'document', value: readDocument(text) };
  if (/^\s*</.test(text)) throw new MalformedAnswer('it is a web page');
  return { kind: 'text', text };
}

function looksLikeEvents(beginning: string, contentType: string): boolean {
  if (/^(?::|data:\s*(?:[{[]|$)|event:|id:|retry:)/.test(beginning)) return true;
  return contentType.includes('event-stream') && !/^[{[<]/.test(beginning);
}

function readDocument(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedAnswer('its JSON is broken');
  }
  const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : null;
  if (error)
    throw new APIError(undefined, typeof error === 'object' ? error : { message: String(error) }, undefined, undefined);
  return value;
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
