/**
 * One tool server: started when it is first needed, and again when it has ended. What goes wrong with it is its state
 * and an error for the call, never more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { Fault, reportFault } from '../fault.ts';
import type { CallToolResult, Connection, ServerTool } from './connect.ts';
import { callFault, endedFault, LOCKED, LOCKED_HINT, reasonOf, startFault, type Trouble } from './faults.ts';

export interface McpLimits {
  /** How long a server may take to start. */
  readonly startMs: number;
  /** How long a call may take. */
  readonly callMs: number;
}

export interface McpServerOptions {
  readonly settings: McpServerSettings;
  readonly appVersion: string;
  readonly fetch: typeof fetch;
  readonly limits: McpLimits;
  readonly onChange: () => void;
}

/** Between two lists: a server that says at each that its tools are others would be asked without a pause. */
const LIST_PAUSE_MS = 500;

export class McpServer {
  readonly #options: McpServerOptions;
  /** A connection outlives the turn that needed it first, and is not logged as a part of it. */
  readonly #outsideTurns = AsyncLocalStorage.snapshot();
  #opening: Promise<Connection> | null = null;
  #giveUp = new AbortController();
  #listing = false;
  /** Whether its tools became others while they were listed. */
  #listStale = false;
  /** What is known of another is news of the past. */
  #current: Connection | null = null;
  #state: McpServerView['state'] = 'off';
  #tools: readonly ServerTool[] = [];
  #fault: Fault | null = null;
  #closed = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.settings.name;
  }

  get view(): McpServerView {
    return {
      name: this.name,
      state: this.#state,
      tools: this.#tools.map(({ name, description = '' }) => ({ name, description })),
      error: this.#fault && reportFault(this.#fault),
    };
  }

  /** Starts it if need be. @throws Fault when it can't be started */
  async tools(): Promise<readonly ServerTool[]> {
    await this.#connected();
    return this.#tools;
  }

  /** @throws Fault `mcp-…`, or the signal's reason */
  async call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    const request = (to: Connection) => to.call(tool, args, { signal, timeoutMs: this.#options.limits.callMs });
    let connection: Connection | null = null;
    try {
      connection = await this.#connected();
      return await request(connection);
    } catch (thrown) {
      const { troubleOf } = await import('./connect.ts');
      if (!connection || troubleOf(thrown) !== 'forgotten') throw this.#failed(thrown, troubleOf(thrown), signal);
      // Started anew since, it does not know us any more and has done nothing: the call is made again.
      if (connection === this.#current) this.#leave();
      const again = this.#connected().then(request);
      // Not before: calls beside this one may still wait on it to be told the same.
      void again.catch(() => {}).then(() => connection?.close().catch(() => {}));
      return await again.catch((failure) => {
        throw this.#failed(failure, troubleOf(failure), signal);
      });
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }

  #connected(): Promise<Connection> {
    this.#opening ??= this.#outsideTurns(() => this.#open());
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const { settings, appVersion, fetch, limits } = this.#options;
    const { connect, troubleOf } = await import('./connect.ts');
    let connection: Connection | null = null;
    this.#giveUp = new AbortController();
    this.#become('starting', null);
    try {
      connection = await connect({
        transport: settings.transport,
        appVersion,
        fetch,
        timeoutMs: limits.startMs,
        signal: this.#giveUp.signal,
        onClose: () => {
          if (connection) this.#lost(connection);
        },
        onToolsChanged: () => {
          if (connection) void this.#listAgain(connection);
        },
      });
      this.#current = connection;
      this.#tools = await connection.listTools();
      this.#become('ready', null);
      return connection;
    } catch (thrown) {
      this.#opening = null;
      const lost = connection;
      connection = null;
      await lost?.close().catch(() => {});
      const fault = startFault(this.name, thrown, troubleOf(thrown), limits.startMs);
      if (!this.#closed) this.#become('failed', fault);
      throw fault;
    }
  }

  /** One list after the other, however often it says that its tools are others. */
  async #listAgain(connection: Connection): Promise<void> {
    this.#listStale = true;
    if (this.#listing) return;
    this.#listing = true;
    while (this.#listStale && connection === this.#current) {
      this.#listStale = false;
      // A list that can't be had leaves the one that is known.
      const tools = await connection.listTools().catch(() => this.#tools);
      if (connection !== this.#current) break;
      this.#tools = tools;
      this.#options.onChange();
      await sleep(LIST_PAUSE_MS, null, { ref: false });
    }
    this.#listing = false;
  }

  /** It ended by itself: the next that needs it starts it again. */
  #lost(connection: Connection): void {
    if (connection !== this.#current) return;
    this.#leave();
    if (this.#closed || this.#state !== 'ready') return;
    this.#become('failed', endedFault(this.name, connection.ending()));
  }

  #leave(): void {
    this.#current = null;
    this.#opening = null;
  }

  async #drop(): Promise<void> {
    const opening = this.#opening;
    this.#leave();
    this.#giveUp.abort(new Error('It is not needed any more'));
    this.#become('off', null);
    const connection = await opening?.catch(() => null);
    await connection?.close().catch(() => {});
  }

  #failed(thrown: unknown, trouble: Trouble, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (thrown instanceof Fault) return thrown;
    if (trouble === 'closed') return this.#fault ?? endedFault(this.name, 'ended by itself');
    if (trouble === 'late') {
      const seconds = this.#options.limits.callMs / 1000;
      return callFault(
        'mcp-timeout',
        `${this.name} did not answer within ${seconds} s`,
        'Ask again, or for less.',
        thrown,
      );
    }
    const reason = reasonOf(thrown);
    if (trouble === 'refused') {
      return callFault('mcp-refused', `${this.name} refused the call: ${reason}`, 'Ask in other words.', thrown);
    }
    if (trouble === 'garbled') {
      return callFault('mcp-garbled', `${this.name} ${reason}`, 'Tell who made it; other tools may work.', thrown);
    }
    if (trouble === 'locked')
      return callFault('mcp-locked', `${this.name}: ${LOCKED} (${reason})`, LOCKED_HINT, thrown);
    void this.#drop();
    const hint = 'Check that it runs; the next call tries again.';
    return callFault('mcp-unreachable', `${this.name} could not be reached: ${reason}`, hint, thrown);
  }

  #become(state: McpServerView['state'], fault: Fault | null): void {
    this.#state = state;
    this.#fault = fault;
    if (!this.#closed) this.#options.onChange();
  }
}
