/**
 * Keeps one connection to a Realtime server warm from turn to turn, and makes another when it is gone: lost, idle for
 * long, or near the end of its session. What the lost one knew is for its users to say again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { APIConnectionError, APIError } from 'openai';
import type { Fault } from '../../fault.ts';
import type { ModelStage } from '../../speech/call.ts';
import { type Addressee, providerFault } from './faults.ts';
import { RealtimeConnection, type RealtimeServer } from './realtime-connection.ts';

export interface RealtimeLinkConfig {
  readonly server: RealtimeServer;
  readonly stage: ModelStage;
  readonly model: string;
  /** `model=…` or `intent=transcription`. */
  readonly query: string;
  /** What each session is set up as; asked for with each connection. */
  readonly session: () => object;
}

const RETRY_PAUSE_MS = 200;
const IDLE_MS = 5 * 60_000;

export class RealtimeLink {
  readonly #config: RealtimeLinkConfig;
  #connection: RealtimeConnection | null = null;
  #connecting: Promise<RealtimeConnection> | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(config: RealtimeLinkConfig) {
    this.#config = config;
  }

  /** The connection that can be used at once, if there is one. */
  get current(): RealtimeConnection | null {
    if (!this.#connection?.usable) return null;
    this.#stayAwake();
    return this.#connection;
  }

  /** @throws Fault, or the signal's reason */
  async connect(signal: AbortSignal): Promise<RealtimeConnection> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return this.current ?? (await Promise.race([this.#open(), aborted]));
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Never throws. */
  warm(): void {
    // The turn that follows will tell what is wrong.
    if (!this.current) this.#open().catch(() => {});
  }

  fault(thrown: unknown): Fault {
    const { server, stage, model } = this.#config;
    const to: Addressee = { stage, model, baseUrl: server.baseUrl, hasKey: server.apiKey !== null };
    return providerFault(thrown, to);
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#connection?.close();
    this.#connection = null;
    this.#connecting?.then((connection) => connection.close()).catch(() => {});
  }

  #open(): Promise<RealtimeConnection> {
    this.#connecting ??= this.#dial().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #dial(): Promise<RealtimeConnection> {
    this.#connection?.close();
    for (let retried = false; ; retried = true) {
      try {
        const { server, query, session } = this.#config;
        this.#connection = await RealtimeConnection.open(server, query, session());
        this.#stayAwake();
        return this.#connection;
      } catch (thrown) {
        if (retried || !mayPass(thrown)) throw this.fault(thrown);
        await sleep(RETRY_PAUSE_MS);
      }
    }
  }

  #stayAwake(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#connection?.busy) this.#stayAwake();
      else this.#connection?.close();
    }, IDLE_MS).unref();
  }
}

/** Whether trying again at once may help. */
function mayPass(thrown: unknown): boolean {
  return thrown instanceof APIConnectionError || (thrown instanceof APIError && (thrown.status ?? 0) >= 500);
}
