/** Opens a connection to one tool server, as its settings say: a program on this machine, or a URL. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerSettings } from '../../src-preload/settings.ts';

export interface Connection {
  readonly client: Client;
  /** The last the program said on stderr: often the reason when it ends. Empty for a URL. */
  lastWords(): string;
}

export interface ConnectOptions {
  readonly transport: McpServerSettings['transport'];
  readonly appVersion: string;
  readonly fetch: typeof fetch;
  /** How long the server may take to answer the handshake. */
  readonly timeoutMs: number;
  /** Called once, when the connection is gone, whoever ended it. */
  readonly onClose: () => void;
}

const LAST_WORDS_LENGTH = 500;

/** @throws the SDK's or the system's error; nothing is left running then */
export async function connect({
  transport,
  appVersion,
  fetch,
  timeoutMs,
  onClose,
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
  client.onclose = onClose;
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
  return { client, lastWords: () => said.trim().split('\n').at(-1) ?? '' };
}
