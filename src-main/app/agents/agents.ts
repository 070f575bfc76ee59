/** What the core has to do with agents: which there are, what they may call, and who allows it. */
import type { McpServerView } from '../../../src-preload/agents-contract.ts';
import type { Surroundings } from '../../agents/shipped.ts';
import type { SettingsStore } from '../../settings/store.ts';
import type { Notices } from '../notices.ts';
import type { Windows } from '../windows.ts';
import { Approvals } from './approvals.ts';
import { AgentCatalog } from './catalog.ts';
import { PersonaStore } from './persona-store.ts';

export interface AgentsOptions {
  readonly home: string;
  readonly settings: SettingsStore;
  readonly notices: Notices;
  readonly windows: Windows;
}

export class Agents {
  readonly catalog: AgentCatalog;
  readonly approvals: Approvals;
  readonly #settings: SettingsStore;

  constructor({ home, settings, notices, windows }: AgentsOptions) {
    this.#settings = settings;
    const personas = new PersonaStore(home);
    if (personas.setAside) notices.add(personasNotice(personas.setAside));
    const surroundings = (): Surroundings => ({
      instructions: settings.current.llm.instructions,
      documentsFolder: settings.current.documents.folder,
      copy: (text) => windows.send('clipboard.copy', { text }),
    });
    this.catalog = new AgentCatalog({
      personas,
      surroundings,
      mcpServers: () => settings.current.mcp.map(({ name }) => name),
      onChange: (agents) => windows.send('agents.changed', agents),
    });
    this.approvals = new Approvals({
      requested: (approval) => windows.send('approval.requested', approval),
      closed: (approvalId) => windows.send('approval.closed', { approvalId }),
    });
  }

  get mcpStatus(): McpServerView[] {
    return this.#settings.current.mcp.map(({ name }) => ({ name, state: 'off', tools: [], error: null }));
  }
}

function personasNotice({ reason, keptAs }: { reason: string; keptAs: string }) {
  return {
    level: 'warning',
    message: `The file of your personas could not be used (${reason}).`,
    hint: `It is kept as ${keptAs}.`,
  } as const;
}
