/**
 * Opens a connection to one tool server, as its settings say: a program on this machine, or a URL. The only module that
 * loads the SDK, which takes longer than all the rest of the core: it is imported when the first server is started.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolResult,
  ErrorCode,
  McpError,
  type Tool as ServerTool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpServerSettings } from '../../src-preload/settings.ts';

export type { CallToolResult, ServerTool };

export interface Connection {
  /** All pages of the list. */
  listTools(): Promise<readonly ServerTool[]>;
  call(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult>;
  close(): Promise<void>;
  /** The last the program said on stderr: often the reason when it ends. Empty for a URL. */
  lastWords(): string;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * What an error of a connection means. `forgotten`: the server was started anew and does not know us. `refused`: it
 * answered with an error.
 */
export type Trouble = 'closed' | 'late' | 'forgotten' | 'refused' | 'unreachable';

export interface ConnectOptions {
  readonly transport: McpServerSettings['transport'];
  readonly appVersion: string;
  readonly fetch: typeof fetch;
  /** How long the server may take to answer the handshake, and to list its tools. */
  readonly timeoutMs: number;
  /** Called once, when the connection is gone, whoever ended it. */
  readonly onClose: () => void;
  readonly onToolsChanged: () => void;
}

const LAST_WORDS_LENGTH = 500;

/** @throws the SDK's or the system's error; nothing is left running then */
export async function connect({
  transport,
  appVersion,
  fetch,
  timeoutMs,
  ...events
}: ConnectOptions): Promise<Connection> {
  const client = new Client({ name: 'squelch', version: appVersion });
  let said = '';
  let open: Transport;
  if (transport.type === 'stdio') {
    const { command, args, env } = transport;
    const stdio = new StdioClientTransport({ command, args, env, stderr: 'pipe' });
    stdio.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-LAST_WORDS_LENGTH);
    });
    open = stdio;
  } else {
    // Its `sessionId` is declared a shade wider than the interface's.
    open = new StreamableHTTPClientTransport(new URL(transport.url), { fetch }) as Transport;
  }
  client.onclose = events.onClose;
  client.setNotificationHandler(ToolListChangedNotificationSchema, events.onToolsChanged);
  // A server that died behind its URL closes nothing by itself, and calls would wait for it.
  client.onerror = ({ message }) => {
    if (message.startsWith('Maximum reconnection attempts')) void client.close();
  };
  try {
    await client.connect(open, { timeout: timeoutMs });
  } catch (thrown) {
    await client.close().catch(() => {});
    const words = said.trim();
    if (words !== '' && thrown instanceof Error) thrown.message = `${thrown.message}: ${words.split('\n').at(-1)}`;
    throw thrown;
  }
  return {
    listTools: () => listTools(client, timeoutMs),
    async call(name, args, { signal, timeoutMs: timeout }) {
      return (await client.callTool({ name, arguments: args }, undefined, { signal, timeout })) as CallToolResult;
    },
    close: () => client.close(),
    lastWords: () => said.trim().split('\n').at(-1) ?? '',
  };
}

export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof StreamableHTTPError && thrown.code === 404) return 'forgotten';
  if (!(thrown instanceof McpError)) return 'unreachable';
  if (thrown.code === ErrorCode.ConnectionClosed) return 'closed';
  return thrown.code === ErrorCode.RequestTimeout ? 'late' : 'refused';
}

async function listTools(client: Client, timeout: number): Promise<ServerTool[]> {
  const tools: ServerTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}
