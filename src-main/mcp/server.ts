/**
 * One tool server: started when it is first needed, and again when it has ended. What goes wrong with it is its state
 * and an error for the call, never more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { Fault, reportFault } from '../fault.ts';
import type { CallToolResult, Connection, ServerTool, Trouble } from './connect.ts';

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

export class McpServer {
  readonly #options: McpServerOptions;
  /** A connection outlives the turn that needed it first, and is not logged as a part of it. */
  readonly #outsideTurns = AsyncLocalStorage.snapshot();
  #opening: Promise<Connection> | null = null;
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
    this.#become('starting', null);
    try {
      connection = await connect({
        transport: settings.transport,
        appVersion,
        fetch,
        timeoutMs: limits.startMs,
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
      const fault = startFault(this.name, thrown, troubleOf(thrown) === 'late' ? limits.startMs : null);
      this.#become('failed', fault);
      throw fault;
    }
  }

  async #listAgain(connection: Connection): Promise<void> {
    // A list that can't be had leaves the one that is known.
    this.#tools = await connection.listTools().catch(() => this.#tools);
    this.#options.onChange();
  }

  /** It ended by itself: the next that needs it starts it again. */
  #lost(connection: Connection): void {
    if (connection !== this.#current) return;
    this.#leave();
    if (this.#closed || this.#state !== 'ready') return;
    this.#become('failed', endedFault(this.name, connection.lastWords()));
  }

  #leave(): void {
    this.#current = null;
    this.#opening = null;
  }

  async #drop(): Promise<void> {
    const opening = this.#opening;
    this.#leave();
    this.#become('off', null);
    const connection = await opening?.catch(() => null);
    await connection?.close().catch(() => {});
  }

  #failed(thrown: unknown, trouble: Trouble, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (thrown instanceof Fault) return thrown;
    if (trouble === 'closed') return this.#fault ?? endedFault(this.name, '');
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

function callFault(code: string, message: string, hint: string, cause: unknown): Fault {
  return new Fault(code, message, { hint, stage: 'tool', cause });
}

/** @param lateMs how long it was waited for, if it did not answer */
function startFault(name: string, thrown: unknown, lateMs: number | null): Fault {
  const missing = (thrown as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  let reason = missing ? 'its command was not found' : reasonOf(thrown);
  if (lateMs !== null) reason = `it did not answer within ${lateMs / 1000} s`;
  return new Fault('mcp-not-started', `${name} could not be started: ${reason}`, {
    hint: missing
      ? 'Install it, or mend its command in the settings; a full path always works.'
      : 'Mend it or its settings; the next turn tries again.',
    stage: 'tool',
    cause: thrown,
  });
}

function endedFault(name: string, lastWords: string): Fault {
  return new Fault('mcp-ended', `${name} ended by itself${lastWords === '' ? '' : `: ${lastWords}`}`, {
    hint: 'It is started again when it is needed.',
    stage: 'tool',
  });
}

/** In one line, and with what is behind it: `fetch failed` alone says nothing. */
function reasonOf(thrown: unknown): string {
  const { message = String(thrown), cause } = thrown as { message?: string; cause?: { message?: string } };
  return [message.replace(/^MCP error -?\d+: /, ''), cause?.message].filter(Boolean).join(': ');
}
