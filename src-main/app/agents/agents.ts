/** What the core has to do with agents: which there are, what they may call, and who allows it. */
import type { McpServerView } from '../../../src-preload/agents-contract.ts';
import type { AppView } from '../../../src-preload/contract.ts';
import type { McpServerSettings, Settings } from '../../../src-preload/settings.ts';
import type { Surroundings } from '../../agents/shipped.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { MCP_LIMITS, McpServers } from '../../mcp/servers.ts';
import type { SettingsStore } from '../../settings/store.ts';
import type { Notices } from '../notices.ts';
import type { Windows } from '../windows.ts';
import { Approvals } from './approvals.ts';
import { AgentCatalog, type Chosen } from './catalog.ts';
import { PersonaStore } from './persona-store.ts';
import { UserAgents } from './user/user-agents.ts';

export interface AgentsOptions {
  readonly home: string;
  readonly host: AppView['host'];
  readonly version: string;
  /** Given every request to tool servers over HTTP. */
  readonly fetch: typeof fetch;
  readonly log: Pick<AuditLog, 'record'>;
  readonly settings: SettingsStore;
  readonly notices: Notices;
  readonly windows: Windows;
}

export class Agents {
  readonly catalog: AgentCatalog;
  readonly approvals: Approvals;
  readonly mcp: McpServers;
  readonly #userAgents: UserAgents;
  /** Those that are open, the newest last, with the turn in which each tool server last failed them, by its name. */
  readonly #sessions = new Map<AgentSession, Map<string, string | null>>();
  readonly #log: AgentsOptions['log'];
  readonly #settings: SettingsStore;

  constructor({ home, host, version, fetch, log, settings, notices, windows }: AgentsOptions) {
    this.#settings = settings;
    this.#log = log;
    const personas = new PersonaStore(home, (notice) => notices.add({ level: 'warning', ...notice }));
    const surroundings = (): Surroundings => ({
      instructions: settings.current.llm.instructions,
      documentsFolder: () => settings.current.documents.folder,
      copy: (text) => {
        windows.send('clipboard.copy', { text });
        // The command line opens a window of its own, without a clipboard.
        return host !== 'cli' && windows.anyOpen;
      },
    });
    const changed = () => windows.send('agents.changed', this.catalog.all());
    this.#userAgents = new UserAgents({
      home,
      isTaken: (id) => this.catalog.isTaken(id),
      onChange: changed,
      onNotice: (message, hint) => notices.add({ level: 'warning', message, hint }),
    });
    this.catalog = new AgentCatalog({
      personas,
      userAgents: this.#userAgents,
      surroundings,
      mcpServers: () => settings.current.mcp.map(({ name }) => name),
      onChange: changed,
    });
    this.approvals = new Approvals(
      {
        requested: (approval) => windows.send('approval.requested', approval),
        closed: (approvalId) => windows.send('approval.closed', { approvalId }),
        decided: (turnId, callId, decision) => {
          const session = [...this.#sessions.keys()].find((one) => turnOf(one) === turnId);
          session?.announceDecision({ turnId, callId, decision });
        },
      },
      MCP_LIMITS.approvalMs,
    );
    this.mcp = new McpServers({
      appVersion: version,
      fetch,
      approve: (call, signal) => this.approvals.ask(call, signal),
      onChange: (servers) => {
        this.#logFailures(servers);
        windows.send('mcp.changed', servers);
      },
    });
    this.mcp.update(settings.current.mcp);
  }

  /** Runs the agent files that may run. */
  start(): Promise<void> {
    return this.#userAgents.watch();
  }

  /** Gives the agent the tools of its servers; they start with the conversation's first turn. */
  equip({ agent, mcpServers }: Chosen, session: AgentSession): void {
    this.#sessions.set(session, new Map());
    session.on('close', () => void this.#sessions.delete(session));
    agent.bringToolset({ tools: (signal) => this.mcp.tools(mcpServers(), signal) });
    session.on('turn_started', () => this.mcp.warm(mcpServers()));
  }

  settingsChanged({ mcp }: Settings): void {
    this.mcp.update(mcp);
  }

  /** The settings with which the calls of `server` need not be allowed any more. */
  allowing(server: string): McpServerSettings[] {
    return this.#settings.current.mcp.map((one) => (one.name === server ? { ...one, approval: 'always' } : one));
  }

  /** Of tool servers, each once in the turn, or the pause between two, in which it fails. */
  #logFailures(servers: readonly McpServerView[]): void {
    for (const [session, failedIn] of this.#concerned()) {
      const turnId = turnOf(session);
      for (const { name, state, error } of servers) {
        if (state === 'ready') failedIn.delete(name);
        if (!error || failedIn.get(name) === turnId) continue;
        failedIn.set(name, turnId);
        const about = { at: Date.now(), sessionId: session.id, turnId, error, participant: null };
        this.#log.record({ type: 'fault', source: 'tools', ...about });
      }
    }
  }

  /** Who may be using the tool servers: whoever is in a turn, or the session that was begun last. */
  #concerned() {
    const open = [...this.#sessions];
    const busy = open.filter(([session]) => turnOf(session) !== null);
    return busy.length > 0 ? busy : open.slice(-1);
  }

  close(): Promise<void> {
    this.#userAgents.close();
    return this.mcp.close();
  }
}

function turnOf({ state }: AgentSession): string | null {
  return state.phase === 'idle' ? null : state.turnId;
}
