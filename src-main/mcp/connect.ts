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
import { boundedFetch } from './bounded-fetch.ts';
import { FLOODED, issueOf, type Trouble } from './faults.ts';

export type { CallToolResult, ServerTool };

export interface Connection {
  /** All pages of the list. */
  listTools(): Promise<readonly ServerTool[]>;
  call(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult>;
  close(): Promise<void>;
  /** Why it is over, to be read after the server's name: a program often says so on stderr. */
  ending(): string;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface ConnectOptions {
  readonly transport: McpServerSettings['transport'];
  readonly appVersion: string;
  readonly fetch: typeof fetch;
  /** How long the server may take to answer the handshake, and to list its tools. */
  readonly timeoutMs: number;
  /** Gives up before that. */
  readonly signal: AbortSignal;
  /** Called once, when the connection is gone, whoever ended it. */
  readonly onClose: () => void;
  readonly onToolsChanged: () => void;
}

const LAST_WORDS_LENGTH = 500;
/** A list that is longer will never end. */
const MOST_PAGES = 100;

/** @throws the SDK's or the system's error; nothing is left running then */
export async function connect({
  transport,
  appVersion,
  fetch,
  timeoutMs,
  signal,
  ...events
}: ConnectOptions): Promise<Connection> {
  const client = new Client({ name: 'squelch', version: appVersion });
  let said = '';
  let flooded = false;
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
    open = new StreamableHTTPClientTransport(new URL(transport.url), {
      fetch: boundedFetch(fetch, () => {
        flooded = true;
        void client.close();
      }),
      requestInit: { headers: transport.headers ?? {} },
    }) as Transport;
  }
  client.onclose = events.onClose;
  client.setNotificationHandler(ToolListChangedNotificationSchema, events.onToolsChanged);
  // A server that died behind its URL closes nothing by itself, and calls would wait for it.
  client.onerror = ({ message }) => {
    if (message.startsWith('Maximum reconnection attempts')) void client.close();
    if (message.startsWith('ReadBuffer exceeded')) flooded = true;
  };
  /** A start that failed, with what is known of the reason. */
  const explained = (thrown: unknown) => {
    if (flooded) return new Error(FLOODED, { cause: thrown });
    const words = lastLine(said);
    if (words !== '' && thrown instanceof Error) thrown.message = `${thrown.message}: ${words}`;
    return thrown;
  };
  try {
    await client.connect(open, { timeout: timeoutMs, signal });
  } catch (thrown) {
    await client.close().catch(() => {});
    throw explained(thrown);
  }
  return {
    listTools: () =>
      listTools(client, { timeout: timeoutMs, signal }).catch((thrown: unknown) => {
        throw explained(thrown);
      }),
    async call(name, args, { timeoutMs: timeout, ...call }) {
      return (await client.callTool({ name, arguments: args }, undefined, { ...call, timeout })) as CallToolResult;
    },
    close: () => client.close(),
    ending() {
      if (flooded) return `was ended: ${FLOODED}`;
      return ['ended by itself', lastLine(said)].filter(Boolean).join(': ');
    },
  };
}

export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof StreamableHTTPError) return troubleOfStatus(thrown);
  if (!(thrown instanceof McpError)) return issueOf(thrown) ? 'garbled' : 'unreachable';
  if (thrown.code === ErrorCode.ConnectionClosed) return 'closed';
  return thrown.code === ErrorCode.RequestTimeout ? 'late' : 'refused';
}

/** Some servers have 400 for a session that they do not know. */
function troubleOfStatus({ code = 0, message }: StreamableHTTPError): Trouble {
  if (code === 404 || (code === 400 && /session/i.test(message))) return 'forgotten';
  return code === 401 || code === 403 ? 'locked' : 'unreachable';
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

async function listTools(
  client: Client,
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<ServerTool[]> {
  const tools: ServerTool[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, options);
    tools.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) return tools;
  }
  throw new Error('its list of tools does not end');
}
