/** A real tool server of the official SDK, with tools that behave in every way that matters here. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

export interface ToolServerOptions {
  /** Ends the server as a crash would. */
  readonly die: () => void;
}

export function makeToolServer({ die }: ToolServerOptions): McpServer {
  const server = new McpServer({ name: 'test tools', version: '1.0.0' });
  const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
  server.registerTool(
    'add',
    { description: 'Adds two numbers.', inputSchema: { a: z.number(), b: z.number() } },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool('fail', { description: 'Fails.' }, () => ({ ...text('The disk is full.'), isError: true }));
  server.registerTool('large', { description: 'Answers with a megabyte.' }, () => text('x'.repeat(1_000_000)));
  server.registerTool('hang', { description: 'Never answers.' }, () => new Promise(() => {}));
  server.registerTool('environment', { description: 'Says what it was started with.' }, () =>
    text(JSON.stringify(process.env)),
  );
  server.registerTool('die', { description: 'Crashes in mid-call.' }, () => {
    die();
    return new Promise(() => {});
  });
  return server;
}
