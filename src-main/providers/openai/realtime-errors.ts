/** What goes wrong on a WebSocket, as the errors that the SDK would throw for it over HTTP: one place explains them all. */
import type { IncomingMessage } from 'node:http';
import { APIConnectionError, APIError } from 'openai';
import { statusOfCode } from './error-status.ts';
import { AnswerTimedOut, ConnectionClosed } from './faults.ts';
import { record } from './usage.ts';

/** @param reported the `error` of an event, or of a response that failed */
export function reportedError(reported: unknown): Error {
  const { code, type, message } = record(reported);
  const words = typeof message === 'string' ? message : 'it gave no reason';
  if (code === 'session_expired') return new APIConnectionError({ message: words });
  const status = statusOfCode(code) ?? (type === 'server_error' ? 500 : 400);
  return APIError.generate(status, { error: { code, type, message: words } }, undefined, new Headers());
}

export function closedError(code: number, reason: string): Error {
  return new ConnectionClosed(code, reason);
}

export function connectError(cause: Error, waitedMs: number): Error {
  if (/handshake has timed out/.test(cause.message)) return new AnswerTimedOut(waitedMs);
  return new APIConnectionError({ message: cause.message, cause });
}

/** The server answered, but not with a WebSocket. */
export async function refusalError(response: IncomingMessage): Promise<Error> {
  const text = await beginningOf(response).catch(() => '');
  let body: object | undefined;
  try {
    body = record(JSON.parse(text));
  } catch {
    body = undefined;
  }
  const message = text === '' ? response.statusMessage : text.slice(0, 500);
  const headers = new Headers();
  for (const name of ['location', 'retry-after']) {
    const value = response.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return APIError.generate(response.statusCode, body, message, headers);
}

/** Enough to explain itself with; what goes on and on is cut off. */
const LONGEST_BODY = 16_384;

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response) {
    text += String(part);
    if (text.length > LONGEST_BODY) break;
  }
  return text;
}
