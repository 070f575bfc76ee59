/** One server that speaks the OpenAI API, and the official SDK's client for it, without the SDK's own retries and surroundings. */
import OpenAI from 'openai';
import { Fault } from '../../fault.ts';
import { pooled } from './connection.ts';

export interface OpenAiServer {
  /** null for servers that ask for none. */
  readonly apiKey: string | null;
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  /** Sees every attempt. */
  readonly fetch: typeof fetch;
  readonly timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  /** From a request to the first byte of its answer; transcription adds the length of the sound. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer. */
  readonly stallMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { firstByteMs: 20_000, stallMs: 10_000 };

/** As it is pasted: with spaces around it, and slashes at its end. */
function bareAddress(baseUrl: string): string {
  return baseUrl.trim().replace(/\/+$/, '');
}

/** Of the WebSocket at a server. @param query besides the one that the address may have */
export function realtimeAddress(baseUrl: string, query: string): string {
  const [base = '', own] = bareAddress(baseUrl).split('?');
  return `${bareAddress(base).replace(/^http/, 'ws')}/realtime?${own ? `${own}&` : ''}${query}`;
}

/** @throws Fault for a key that can't be sent: an error of whoever tried to would show it */
export function checkKey({ apiKey }: Pick<OpenAiServer, 'apiKey'>): void {
  if (/^[\x20-\x7e]*$/.test(apiKey?.trim() ?? '')) return;
  throw new Fault('key-rejected', 'The key has characters in it that no key has', {
    hint: 'Copy it again, whole and without quotation marks, and enter it in Settings.',
  });
}

/** Retries are made in request.ts, which knows what a user waits for. Nothing but the key is taken from the environment. */
export function createClient({ apiKey, baseUrl, fetch }: OpenAiServer): OpenAI {
  return new OpenAI({
    apiKey: apiKey?.trim() || 'none',
    ...(!apiKey?.trim() ? { defaultHeaders: { Authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: bareAddress(baseUrl),
    fetch,
    fetchOptions: pooled,
    maxRetries: 0,
    logLevel: 'off',
  });
}
