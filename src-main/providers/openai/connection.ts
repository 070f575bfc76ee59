/**
 * The connections to providers, kept and shared: one pool for all stages, with a connect timeout that suits a voice and
 * idle connections kept for the length of a pause in talking. It is handed to `fetch` with each request, so that a
 * warmed connection is the one that the next request uses, whoever wraps `fetch`.
 * `undici` must be of the major version that Node carries inside: `fetch` and the pool talk to each other.
 */
import { Agent } from 'undici';

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 60_000;
const WARM_TIMEOUT_MS = 5_000;

const pool = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, keepAliveTimeout: IDLE_MS });

const warming = new Map<string, Promise<void>>();

/**
 * Opens a connection to the server of `baseUrl`, or keeps one from going idle, by an OPTIONS request: no key, no
 * tokens, and not through the recording `fetch`, because it is no attempt at anything. Not HEAD: undici closes the
 * connection after that. Never throws.
 */
export function warmConnection(baseUrl: string): Promise<void> {
  const origin = URL.parse(baseUrl)?.origin;
  if (!origin) return Promise.resolve();
  const started = warming.get(origin) ?? knock(origin).finally(() => warming.delete(origin));
  warming.set(origin, started);
  return started;
}

async function knock(origin: string): Promise<void> {
  const signal = AbortSignal.timeout(WARM_TIMEOUT_MS);
  try {
    const response = await fetch(origin, { method: 'OPTIONS', redirect: 'manual', signal, ...pooled });
    // A connection is free again only when the answer has been read.
    await response.arrayBuffer();
  } catch {
    // The request that follows will tell what is wrong.
  }
}

/** For `fetch`: what makes a request use the pool. */
export const pooled = { dispatcher: pool } as unknown as Pick<RequestInit, 'dispatcher'>;
