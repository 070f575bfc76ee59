/** Every agent that can be talked to: those that ship, the user's personas, the user's own code. */
import type { AgentView, Persona } from '../../../src-preload/agents-contract.ts';
import { SHIPPED_AGENTS, type ShippedAgent, type Surroundings } from '../../agents/shipped.ts';
import { Agent } from '../../conversation/agent.ts';
import { Fault } from '../../fault.ts';
import type { ModelNames } from '../stages.ts';
import { overridesOf } from './overrides.ts';
import type { PersonaStore, StoredPersona } from './persona-store.ts';

/** An agent made for one conversation, with what the app must give it. */
export interface Chosen {
  readonly agent: Agent;
  /** What it shares with those it hands over to. */
  readonly userData: unknown;
  /** Names of models instead of the settings' own. */
  readonly models: ModelNames;
  /** Tool servers of the settings whose tools it may call. */
  readonly mcpServers: readonly string[];
}

export interface CatalogOptions {
  readonly personas: PersonaStore;
  /** What the agents that ship are given. */
  readonly surroundings: () => Surroundings;
  /** Names of the tool servers in the settings. */
  readonly mcpServers: () => readonly string[];
  /** Called when the list became another. */
  readonly onChange: (agents: AgentView[]) => void;
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
    ];
  }

  /** A new instance, for one conversation. @throws Fault when there is none of that id, or it can't be talked to */
  make(id: string): Chosen {
    const { personas, surroundings } = this.#options;
    const shipped = SHIPPED_AGENTS.find((one) => one.id === id);
    if (shipped) {
      const userData = shipped.makeUserData?.() ?? null;
      return { agent: shipped.make(surroundings()), userData, models: OWN_MODELS, mcpServers: this.#mcpOf(id) };
    }
    const persona = personas.all.find((one) => one.id === id);
    if (!persona) throw unknown(id);
    const { models, mcpServers } = persona;
    return { agent: personaAgent(persona), userData: null, models, mcpServers };
  }

  /** @throws Fault */
  savePersona(id: string | null, persona: Persona): AgentView {
    const saved = this.#options.personas.save(id, persona);
    this.#options.onChange(this.all());
    return personaView(saved);
  }

  /** @throws Fault */
  deletePersona(id: string): void {
    this.#options.personas.delete(id);
    this.#options.onChange(this.all());
  }

  /** @throws Fault when it is not a file of the user's */
  setEnabled(id: string, _enabled: boolean): void {
    if (!this.all().some((agent) => agent.id === id)) throw unknown(id);
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
