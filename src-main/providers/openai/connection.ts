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

/** A reply is still being written on one while its first words are asked for, as sound, on the other. */
const CONNECTIONS_OF_A_TURN = 2;

/**
 * Opens the connections of a turn to the server of `baseUrl`, or keeps them from going idle, by OPTIONS requests: no
 * key, no tokens, and not through the recording `fetch`, because they are no attempts at anything. Not HEAD: undici
 * closes the connection after that. Never throws.
 */
export function warmConnection(baseUrl: string): Promise<void> {
  const origin = URL.parse(baseUrl)?.origin;
  if (!origin) return Promise.resolve();
  const started = warming.get(origin) ?? knockTogether(origin).finally(() => warming.delete(origin));
  warming.set(origin, started);
  return started;
}

async function knockTogether(origin: string): Promise<void> {
  await Promise.all(Array.from({ length: CONNECTIONS_OF_A_TURN }, () => knock(origin)));
}

async function knock(origin: string): Promise<void> {
  try {
    const { body } = await pool.request({
      origin,
      path: '/',
      method: 'OPTIONS',
      signal: AbortSignal.timeout(WARM_TIMEOUT_MS),
    });
    // A connection is free again only when the answer has been read.
    await body.dump();
  } catch {
    // The request that follows will tell what is wrong.
  }
}

/** For `fetch`: what makes a request use the pool. */
export const pooled = { dispatcher: pool } as unknown as Pick<RequestInit, 'dispatcher'>;
