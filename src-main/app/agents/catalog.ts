/** Every agent that can be talked to: those that ship, the user's personas, the user's own code. */
import type { AgentView, Persona } from '../../../src-preload/agents-contract.ts';
import { SHIPPED_AGENTS, type ShippedAgent, type Surroundings } from '../../agents/shipped.ts';
import { Agent } from '../../conversation/agent.ts';
import { Fault, reportFault, toFault } from '../../fault.ts';
import { digestOf } from '../digest.ts';
import type { ModelNames } from '../stages.ts';
import { overridesOf } from './overrides.ts';
import type { PersonaStore, StoredPersona } from './persona-store.ts';
import type { LoadedAgent } from './user/load-agent.ts';
import type { UserAgent, UserAgents } from './user/user-agents.ts';

/** An agent made for one conversation, with what the app must give it. */
export interface Chosen {
  readonly agent: Agent;
  /** What it shares with those it hands over to. */
  readonly userData: unknown;
  /** Names of models instead of the settings' own. */
  readonly models: ModelNames;
  /** Tool servers of the settings whose tools it may call, as it is now. */
  mcpServers(): readonly string[];
}

/** An agent that is no part of the catalog. */
export function outsider(agent: Agent): Chosen {
  return { agent, userData: null, models: OWN_MODELS, mcpServers: () => [] };
}

export interface CatalogOptions {
  readonly personas: PersonaStore;
  readonly userAgents: UserAgents;
  /** What the agents that ship are given. */
  readonly surroundings: () => Surroundings;
  /** Names of the tool servers in the settings. */
  readonly mcpServers: () => readonly string[];
  /** Called when the list became another. */
  readonly onChange: () => void;
}

/** The agent that may call the tools of every server in the settings. */
const GENERAL_AGENT = 'assistant';
const OWN_MODELS: AgentView['models'] = { stt: null, llm: null, tts: null };

export class AgentCatalog {
  readonly #options: CatalogOptions;

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  all(): AgentView[] {
    return [
      ...SHIPPED_AGENTS.map((shipped) => this.#shippedView(shipped)),
      ...this.#options.personas.all.map((persona) => personaView(persona)),
      ...this.#options.userAgents.all.map(userView),
    ];
  }

  /** A new instance, for one conversation. @throws Fault when there is none of that id, or it can't be talked to */
  make(id: string): Chosen {
    const { personas, userAgents, surroundings } = this.#options;
    const shipped = SHIPPED_AGENTS.find((one) => one.id === id);
    if (shipped) {
      const userData = shipped.makeUserData?.() ?? null;
      return { agent: shipped.make(surroundings()), userData, models: OWN_MODELS, mcpServers: () => this.#mcpOf(id) };
    }
    const persona = personas.all.find((one) => one.id === id);
    if (persona) {
      const { models, mcpServers } = persona;
      return { agent: personaAgent(persona), userData: null, models, mcpServers: () => mcpServers };
    }
    const own = userAgents.all.find((one) => one.id === id);
    if (!own) throw unknown(id);
    const { mcpServers, make } = loadedOf(own);
    return { agent: make(), userData: null, models: OWN_MODELS, mcpServers: () => mcpServers };
  }

  /** Where its behaviour comes from. A digest of the persona or the file; null for those that come with Squelch. */
  originOf(id: string): { kind: AgentView['kind']; sha256: string | null } {
    const { personas, userAgents } = this.#options;
    const persona = personas.all.find((one) => one.id === id);
    if (persona) return { kind: 'persona', sha256: digestOf(persona) };
    const own = userAgents.all.find((one) => one.id === id);
    return own ? { kind: 'user', sha256: own.sha256 } : { kind: 'shipped', sha256: null };
  }

  /** @throws Fault */
  savePersona(id: string | null, persona: Persona): AgentView {
    try {
      return personaView(this.#options.personas.save(id, persona));
    } finally {
      // Also when it failed: the file may have been edited meanwhile.
      this.#options.onChange();
    }
  }

  /** @throws Fault */
  deletePersona(id: string): void {
    try {
      this.#options.personas.delete(id);
    } finally {
      this.#options.onChange();
    }
  }

  /** Whether an agent that is no file of the user's has this id. */
  isTaken(id: string): boolean {
    return SHIPPED_AGENTS.some((one) => one.id === id) || this.#options.personas.all.some((one) => one.id === id);
  }

  /** @throws Fault when there is none of that id */
  refuseUnknown(id: string): void {
    if (!this.all().some((one) => one.id === id)) throw unknown(id);
  }

  /** @throws Fault when it is not a file of the user's */
  setEnabled(id: string, enabled: boolean): Promise<void> {
    if (!this.isTaken(id)) return this.#options.userAgents.setEnabled(id, enabled);
    throw new Fault('agent-always-on', `${id} is no file of yours and is always on`, {
      hint: 'Only agents from the agents folder are switched on and off.',
    });
  }

  #mcpOf(id: string): string[] {
    return id === GENERAL_AGENT ? [...this.#options.mcpServers()] : [];
  }

  #shippedView({ id, name, description, make }: ShippedAgent): AgentView {
    const agent = make(this.#options.surroundings());
    const models = labelsOf(agent);
    return { ...viewOf(agent), id, name, description, kind: 'shipped', models, mcpServers: this.#mcpOf(id) };
  }
}

function personaAgent({ id, instructions, voice }: StoredPersona): Agent {
  return new Agent({ id, instructions, ...(voice === null ? {} : { voice }) });
}

function personaView(persona: StoredPersona): AgentView {
  const { id, name, instructions, models, mcpServers } = persona;
  const [description = ''] = instructions.split('\n', 1);
  return { ...viewOf(personaAgent(persona)), id, name, description, kind: 'persona', models, mcpServers };
}

/** @throws Fault that says why it can't be talked to */
function loadedOf({ id, loaded, fault }: UserAgent): LoadedAgent {
  if (loaded) return loaded;
  throw (
    fault ??
    new Fault('agent-off', `${id} is switched off`, {
      hint: `Read its code, then switch it on in Agents or with \`squelch agents enable ${id}\`.`,
    })
  );
}

function userView(own: UserAgent): AgentView {
  const { id, path: file, enabled, loaded, fault } = own;
  const shared = { id, kind: 'user' as const, file, enabled, error: fault && reportFault(fault) };
  const nothing = { nodes: [], hooks: [], tools: [], instructions: '', voice: null, models: OWN_MODELS };
  if (!loaded) return { ...nothing, ...shared, name: id, description: '', mcpServers: [] };
  const { name, description, mcpServers, make } = loaded;
  const about = { name, description, mcpServers: [...mcpServers] };
  try {
    const agent = make();
    return { ...viewOf(agent), ...shared, ...about, models: labelsOf(agent) };
  } catch (thrown) {
    return { ...nothing, ...shared, ...about, error: reportFault(toFault(thrown)) };
  }
}

/** What an agent says of itself. */
function viewOf(agent: Agent) {
  return {
    enabled: true,
    error: null,
    ...overridesOf(agent),
    tools: agent.tools.map(({ definition: { name, description } }) => ({ name, description })),
    instructions: agent.instructions,
    voice: agent.voice,
    file: null,
  };
}

function labelsOf({ stt, llm, tts }: Agent): AgentView['models'] {
  return { stt: stt?.label ?? null, llm: llm?.label ?? null, tts: tts?.label ?? null };
}

function unknown(id: string): Fault {
  return new Fault('agent-unknown', `There is no agent ${JSON.stringify(id)}`, {
    hint: 'Choose one of those that `squelch agents` lists.',
  });
}
