/**
 * Keeps credentials out of what is recorded of an HTTP exchange. Headers and query parameters are judged by the words
 * of their names; the values withheld there are then also blotted out wherever else they turn up, at equal length,
 * because some servers repeat in an error what they were sent.
 */
import type { HeaderList } from '../chain/records.ts';

const TELLTALE = new Set([
  'auth',
  'authorization',
  'authentication',
  'key',
  'apikey',
  'token',
  'secret',
  'password',
  'passwd',
  'credential',
  'credentials',
  'cookie',
  'cookie2',
  'signature',
  'sig',
]);

/** Shorter values are left alone: `ollama` or `lm-studio`, sent where any key will do, are also ordinary words. */
const SHORTEST_SECRET = 12;
const ASTERISK = 0x2a;
const WITHHELD = 'withheld';

export interface CleanHeaders {
  readonly kept: HeaderList;
  /** Names of those that are not kept. */
  readonly withheld: readonly string[];
  readonly secrets: readonly string[];
}

export function withholdHeaders(headers: Headers): CleanHeaders {
  const kept: [string, string][] = [];
  const withheld: string[] = [];
  const secrets: string[] = [];
  for (const [name, value] of headers) {
    if (!isTelltale(name)) {
      kept.push([name, value]);
      continue;
    }
    withheld.push(name);
    // `Bearer x`, `name=x; other=y`: each part may turn up alone.
    secrets.push(...value.split(/[\s;,=]+/));
  }
  return { kept, withheld, secrets: secrets.filter((secret) => secret.length >= SHORTEST_SECRET) };
}

export interface CleanUrl {
  readonly url: string;
  readonly secrets: readonly string[];
}

/** Takes user info and telltale query parameters out of a URL. */
export function withholdInUrl(address: string): CleanUrl {
  const url = new URL(address);
  const secrets = [url.username, url.password];
  url.username = '';
  url.password = '';
  for (const [name, value] of [...url.searchParams]) {
    if (!isTelltale(name)) continue;
    secrets.push(value, encodeURIComponent(value));
    url.searchParams.set(name, WITHHELD);
  }
  return { url: url.href, secrets: secrets.filter((secret) => secret.length >= SHORTEST_SECRET) };
}

/** `bytes`, or a copy in which every one of `secrets` has become asterisks. */
export function blotOut(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  let clean: Buffer | null = null;
  for (const secret of secrets) {
    const needle = Buffer.from(secret, 'utf8');
    const hay = clean ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
      clean ??= Buffer.from(bytes);
      clean.fill(ASTERISK, at, at + needle.length);
    }
  }
  return clean ?? bytes;
}

export function blotOutText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '*'.repeat(secret.length)), text);
}

function isTelltale(name: string): boolean {
  return name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => TELLTALE.has(word));
}
