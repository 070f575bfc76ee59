/**
 * One tool server: started when it is first needed, and again when it has ended. What goes wrong with it is its state
 * and an error for the call, never more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  type CallToolResult,
  ErrorCode,
  McpError,
  type Tool as ServerTool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { Fault, reportFault } from '../fault.ts';
import { type Connection, connect } from './connect.ts';

export type { ServerTool };

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
    try {
      return await this.#request(tool, args, signal);
    } catch (thrown) {
      // Started anew since, it does not know us any more and has done nothing: the call is made again.
      if (!(thrown instanceof StreamableHTTPError && thrown.code === 404)) throw this.#failed(thrown, signal);
      await this.#drop();
      return await this.#request(tool, args, signal).catch((again) => {
        throw this.#failed(again, signal);
      });
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }

  async #request(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    const { client } = await this.#connected();
    const options = { signal, timeout: this.#options.limits.callMs };
    return (await client.callTool({ name: tool, arguments: args }, undefined, options)) as CallToolResult;
  }

  #connected(): Promise<Connection> {
    this.#opening ??= this.#outsideTurns(() => this.#open());
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const { settings, appVersion, fetch, limits } = this.#options;
    let connection: Connection | null = null;
    this.#become('starting', null);
    try {
      const { transport } = settings;
      const onClose = () => {
        if (connection) this.#lost(connection);
      };
      connection = await connect({ transport, appVersion, fetch, timeoutMs: limits.startMs, onClose });
      const { client } = connection;
      this.#tools = await listTools(connection, limits.startMs);
      client.setNotificationHandler(ToolListChangedNotificationSchema, async () => {
        if (connection) this.#tools = await listTools(connection, limits.startMs);
        this.#options.onChange();
      });
      this.#become('ready', null);
      return connection;
    } catch (thrown) {
      this.#opening = null;
      const lost = connection;
      connection = null;
      await lost?.client.close().catch(() => {});
      const fault = startFault(this.name, thrown, limits);
      this.#become('failed', fault);
      throw fault;
    }
  }

  /** It ended by itself: the next that needs it starts it again. */
  #lost(connection: Connection): void {
    this.#opening = null;
    if (this.#closed || this.#state !== 'ready') return;
    this.#become('failed', endedFault(this.name, connection.lastWords()));
  }

  async #drop(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    this.#become('off', null);
    const connection = await opening?.catch(() => null);
    await connection?.client.close().catch(() => {});
  }

  #failed(thrown: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (thrown instanceof Fault) return thrown;
    if (!(thrown instanceof McpError)) {
      void this.#drop();
      return new Fault('mcp-unreachable', `${this.name} could not be reached: ${reasonOf(thrown)}`, {
        hint: 'Check that it runs; the next call tries again.',
        stage: 'tool',
        cause: thrown,
      });
    }
    if (thrown.code === ErrorCode.ConnectionClosed) return this.#fault ?? endedFault(this.name, '');
    if (thrown.code === ErrorCode.RequestTimeout) {
      const seconds = this.#options.limits.callMs / 1000;
      return new Fault('mcp-timeout', `${this.name} did not answer within ${seconds} s`, {
        hint: 'Ask again, or for less.',
        stage: 'tool',
        cause: thrown,
      });
    }
    return new Fault('mcp-refused', `${this.name} refused the call: ${reasonOf(thrown)}`, {
      hint: 'Ask in other words.',
      stage: 'tool',
      cause: thrown,
    });
  }

  #become(state: McpServerView['state'], fault: Fault | null): void {
    this.#state = state;
    this.#fault = fault;
    if (!this.#closed) this.#options.onChange();
  }
}

/** All pages of the list. */
async function listTools({ client }: Connection, timeout: number): Promise<ServerTool[]> {
  const tools: ServerTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

function startFault(name: string, thrown: unknown, { startMs }: McpLimits): Fault {
  const late = thrown instanceof McpError && thrown.code === ErrorCode.RequestTimeout;
  const missing = (thrown as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  const reason = late
    ? `it did not answer within ${startMs / 1000} s`
    : missing
      ? 'its command was not found'
      : reasonOf(thrown);
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
