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

/** What models take as a name. */
const LONGEST_NAME = 64;

export function serverTools(tools: readonly ServerTool[], options: ServerToolsOptions): Tool[] {
  const { server, approval, approve, timeoutMs } = options;
  const taken = new Set<string>();
  return tools.map(({ name, description = '', inputSchema }) => {
    const { $schema: _, ...parameters } = inputSchema as Record<string, unknown>;
    return {
      definition: { name: uniqueName(`${server.name}__${name}`, taken), description, parameters },
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
 * Takes the place of a server's tools while it can't be reached, so that the model can say so instead of guessing.
 * @param reason for people
 */
export function absentTool(server: string, reason: string): Tool {
  return {
    definition: {
      name: uniqueName(`${server}__unavailable`, new Set()),
      description: `The tools of ${server} can't be used now: ${reason}. Call this when they are needed, then tell the user.`,
      parameters: { type: 'object', properties: {} },
    },
    server,
    timeoutMs: 1_000,
    async run() {
      throw new ToolError(reason);
    },
  };
}

function uniqueName(wanted: string, taken: Set<string>): string {
  const base = wanted.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, LONGEST_NAME);
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base.slice(0, LONGEST_NAME - `${n}`.length - 1)}_${n}`;
  taken.add(name);
  return name;
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
  const text = texts.length === 0 && structuredContent ? JSON.stringify(structuredContent) : texts.join('\n');
  if (isError) throw new ToolError(text === '' ? 'The function failed.' : text);
  return text;
}
