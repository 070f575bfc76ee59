/** The tools of a server as tools of an agent: their names, the leave that a call needs, their results as text. */
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { type Tool, ToolError } from '../conversation/tool.ts';
import { Fault } from '../fault.ts';
import type { CallToolResult, ServerTool } from './connect.ts';
import type { McpServer } from './server.ts';

export interface ToolCallRequest {
  readonly turnId: string;
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  /** JSON. */
  readonly arguments: string;
}

/** Resolves when the call may be made. @throws ToolError that says why not, or the signal's reason */
export type Approve = (call: ToolCallRequest, signal: AbortSignal) => Promise<void>;

export interface ServerToolsOptions {
  readonly server: McpServer;
  readonly approval: McpServerSettings['approval'];
  readonly approve: Approve;
  /** For a call and for the leave to make it. */
  readonly timeoutMs: number;
}

export function serverTools(tools: readonly ServerTool[], options: ServerToolsOptions): Tool[] {
  const { server, approval, approve, timeoutMs } = options;
  return tools.map(({ name, description = '', inputSchema }) => {
    const { $schema: _, ...schema } = inputSchema as Record<string, unknown>;
    return {
      // Some models refuse an object without properties.
      definition: { name: `${server.name}__${name}`, description, parameters: { properties: {}, ...schema } },
      server: server.name,
      timeoutMs,
      async run(input, { turnId, callId, signal }) {
        const args = (input ?? {}) as Record<string, unknown>;
        const request = { turnId, callId, server: server.name, tool: name, arguments: JSON.stringify(args) };
        if (approval === 'ask') await approve(request, signal);
        return outcomeOf(await asToolError(server.call(name, args, signal)));
      },
    };
  });
}

/**
 * Takes the place of tools that a server has but a model can't use, so that it can say so instead of guessing.
 * @param reason for people
 */
export function absentTool(server: string, reason: string): Tool {
  return {
    definition: {
      name: `${server}__unavailable`,
      description: `Tools of ${server} can't be used now: ${reason}. Call this when they are needed, then tell the user.`,
      parameters: { type: 'object', properties: {} },
    },
    server,
    timeoutMs: 1_000,
    async run() {
      throw new ToolError(reason);
    },
  };
}

/** The model is told what went wrong with the server, and what to do. */
async function asToolError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof Fault) throw new ToolError(`${thrown.message}. ${thrown.hint}`);
    throw thrown;
  }
}

function outcomeOf({ content, structuredContent, isError }: CallToolResult): string {
  const texts = content.map((part) => {
    if (part.type === 'text') return part.text;
    if (part.type === 'resource') return 'text' in part.resource ? part.resource.text : `[${part.resource.uri}]`;
    if (part.type === 'resource_link') return `[${part.name}: ${part.uri}]`;
    return `[${part.mimeType}, ${Math.ceil((part.data.length * 3) / 4)} bytes]`;
  });
  // What has a structure is said in a text as well, or else here.
  if (structuredContent && !content.some(({ type }) => type === 'text')) texts.push(JSON.stringify(structuredContent));
  const text = texts.join('\n');
  if (isError) throw new ToolError(text === '' ? 'The function failed.' : text);
  return text;
}
