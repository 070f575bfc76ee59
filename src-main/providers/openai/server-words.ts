/** What a server says of its failure, as one line that a person can read, whatever shape it comes in. */
import type { APIError } from 'openai';
import { record } from './usage.ts';

const LONGEST = 200;

export function serverWords({ error, message }: APIError): string {
  // The SDK puts the status before the words.
  const words = wordsIn(error) || message.replace(/^\d{3} /, '').replace(/^status code \(no body\)$/, '');
  const line = (pageTitle(words) ?? words).replace(/\s+/g, ' ').trim() || 'it gave no reason';
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** `{ message }` of OpenAI, `{ detail }` of FastAPI, which names the field that it does not like, or just a string. */
function wordsIn(error: unknown): string {
  if (typeof error === 'string') return error;
  if (Array.isArray(error)) return error.map(wordsIn).filter(Boolean).join('; ');
  const { message, detail, msg, loc } = record(error);
  if (typeof msg === 'string') return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg;
  return message || detail ? wordsIn(message) || wordsIn(detail) : '';
}

/** @returns null for what is no web page. */
function pageTitle(words: string): string | null {
  if (!/^\s*<(?:!doctype|html|head|\?xml)/i.test(words)) return null;
  return /<title[^>]*>([^<]*)/i.exec(words)?.[1] ?? /<h1[^>]*>([^<]*)/i.exec(words)?.[1] ?? '';
}
