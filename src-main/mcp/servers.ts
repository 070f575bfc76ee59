/** The tool servers of the settings, and the tools that an agent has from them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import type { Tool } from '../conversation/tool.ts';
import { toFault } from '../fault.ts';
import { offeredTools } from './offered-tools.ts';
import { type McpLimits, McpServer } from './server.ts';
import { type Approve, absentTool, serverTools } from './server-tools.ts';

export interface McpServersOptions {
  readonly appVersion: string;
  /** Given every request over HTTP. */
  readonly fetch: typeof fetch;
  readonly approve: Approve;
  readonly onChange: (servers: McpServerView[]) => void;
  readonly limits?: Partial<ServersLimits>;
}

interface ServersLimits extends McpLimits {
  /** How long a reply waits for a server that is starting; it is made without its tools then. */
  readonly waitMs: number;
  /** How long a call waits until somebody allows it. */
  readonly approvalMs: number;
}

export const MCP_LIMITS: ServersLimits = { startMs: 30_000, callMs: 60_000, waitMs: 4_000, approvalMs: 60_000 };

interface Entry {
  readonly settings: McpServerSettings;
  readonly server: McpServer;
}

export class McpServers {
  readonly #options: McpServersOptions;
  readonly #limits: ServersLimits;
  #entries: readonly Entry[] = [];

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.#limits = { ...MCP_LIMITS, ...options.limits };
  }

  get status(): McpServerView[] {
    return this.#entries.map(({ server }) => server.view);
  }

  /** Takes over the settings: servers that are gone or changed end, the others run on. */
  update(wanted: readonly McpServerSettings[]): void {
    const before = this.#entries;
    const { appVersion, fetch } = this.#options;
    const onChange = () => this.#options.onChange(this.status);
    this.#entries = wanted.map((settings) => {
      const kept = before.find((entry) => isSame(entry.settings, settings));
      const server = kept?.server ?? new McpServer({ settings, appVersion, fetch, limits: this.#limits, onChange });
      return { settings, server };
    });
    const ended = before.filter(({ server }) => !this.#entries.some((entry) => entry.server === server));
    for (const { server } of ended) void server.close();
    if (ended.length > 0 || before.length !== wanted.length) onChange();
  }

  /** Starts those of the servers that are not running, without waiting for them. */
  warm(names: readonly string[]): void {
    for (const { server } of this.#usable(names)) server.tools().catch(() => {});
  }

  /**
   * The tools of these servers, as the settings have them now. A server that can't be reached, or is slow to start, has
   * one in their stead that says so.
   * @throws the signal's reason
   */
  async tools(names: readonly string[], signal: AbortSignal): Promise<readonly Tool[]> {
    const lists = await Promise.all(this.#usable(names).map((entry) => this.#toolsOf(entry, signal)));
    return offeredTools(lists);
  }

  async close(): Promise<void> {
    await Promise.all(this.#entries.map(({ server }) => server.close()));
  }

  #usable(names: readonly string[]): readonly Entry[] {
    const isUsable = ({ enabled, approval, name }: McpServerSettings) =>
      enabled && approval !== 'never' && names.includes(name);
    return this.#entries.filter(({ settings }) => isUsable(settings));
  }

  async #toolsOf({ settings, server }: Entry, signal: AbortSignal): Promise<readonly Tool[]> {
    const { waitMs, approvalMs, callMs } = this.#limits;
    const waiting = new AbortController();
    const late = sleep(waitMs, null, { signal: AbortSignal.any([signal, waiting.signal]) });
    try {
      const tools = await Promise.race([server.tools(), late]);
      if (tools === null) return [absentTool(server.name, `${server.name} is still starting`)];
      const { approval } = settings;
      return serverTools(tools, {
        server,
        approval,
        approve: this.#options.approve,
        // The server's own limit comes first, and says more.
        timeoutMs: callMs + 1_000 + (approval === 'ask' ? approvalMs : 0),
      });
    } catch (thrown) {
      signal.throwIfAborted();
      return [absentTool(server.name, toFault(thrown).message)];
    } finally {
      waiting.abort();
      late.catch(() => {});
    }
  }
}

/** Whether a running server need not be started anew: who may call it is no matter of its own. */
function isSame(a: McpServerSettings, b: McpServerSettings): boolean {
  const matter = ({ name, transport, enabled }: McpServerSettings) => JSON.stringify([name, transport, enabled]);
  return matter(a) === matter(b);
}
