/** The agent whom the user talks to: it enters before it answers, and leaves before another takes over. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { AgentHandoff } from '../speech/llm/chat.ts';
import type { Agent } from './agent.ts';
import type { ChatContext } from './chat-context.ts';
import { runHook } from './hooks.ts';
import type { Session } from './session-interface.ts';

export interface ActiveAgentOptions<UserData> {
  readonly session: Session<UserData>;
  /** Whether the conversation is one that goes on: who comes back is not greeted again. */
  readonly returns: boolean;
  instructionsChanged(instructions: string): void;
  /** @returns when onExit has run, and what it says in farewell is made: that is in the voice of the agent that leaves */
  leaving(onExit: Promise<void>): Promise<void>;
  handedOver(handoff: AgentHandoff): void;
}

/** Set for what the hook of an agent calls that leaves. */
const leaving = new AsyncLocalStorage<{ over: boolean }>();

export class ActiveAgent<UserData> {
  readonly #options: ActiveAgentOptions<UserData>;
  #agent: Agent<UserData>;
  #entering: Promise<void> | null = null;
  #returns: boolean;
  #greets = true;
  /** One after the other. */
  #handovers: Promise<unknown> = Promise.resolve();
  #over = false;

  /** @param context the conversation as the agent finds it */
  constructor(options: ActiveAgentOptions<UserData>, agent: Agent<UserData>, context: ChatContext) {
    this.#options = options;
    this.#agent = agent;
    this.#returns = options.returns;
    this.#attach(agent, context);
  }

  get current(): Agent<UserData> {
    return this.#agent;
  }

  /** False while an agent that comes back enters: what its hook wants to say is left out. */
  get greets(): boolean {
    return this.#greets;
  }

  /** Lets it enter, once. @throws Fault of its hook, the first time; the agent is in force all the same */
  enter(): Promise<void> {
    const agent = this.#agent;
    if (this.#entering) return this.#entering;
    this.#greets = !this.#returns;
    this.#entering = runHook(`${agent.id}.onEnter`, () => agent.onEnter())
      .catch((thrown: unknown) => {
        this.#entering = Promise.resolve();
        throw thrown;
      })
      .finally(() => {
        this.#greets = true;
      });
    return this.#entering;
  }

  /** @returns when the other has entered. @throws Fault of a hook, or when there is nobody to hand over any more */
  async handOver(agent: Agent<UserData>): Promise<void> {
    const leaves = leaving.getStore();
    if (leaves && !leaves.over) {
      throw new Fault('agent-leaving', `${this.#agent.id} is leaving already`, {
        hint: 'Hand over before that, or from onEnter of the agent that follows.',
        stage: 'hook',
      });
    }
    const replaced = this.#handovers.then(() => this.#replace(agent));
    this.#handovers = replaced.catch(() => {});
    await (await replaced).entering;
  }

  /** @returns that the agent enters, which is not waited for: it may hand over in its turn */
  async #replace(agent: Agent<UserData>): Promise<{ entering: Promise<void> | null }> {
    const { leaving: untilSaid, handedOver } = this.#options;
    const from = this.#agent;
    if (this.#over) throw new Fault('session-closed', 'The conversation is over', { hint: 'Begin another one.' });
    if (agent === from) return { entering: null };
    await untilSaid(exit(from));
    from.leave();
    this.#agent = agent;
    this.#entering = null;
    this.#returns = false;
    // An agent that brings no conversation of its own carries on with this one.
    const brought = agent.chatCtx;
    this.#attach(agent, brought.items.length > 0 ? brought : from.liveContext);
    handedOver({ type: 'agent_handoff', id: randomUUID(), createdAt: Date.now(), from: from.id, to: agent.id });
    return { entering: this.enter() };
  }

  /** Lets it leave, if it ever entered, for good. @throws Fault of its hook */
  async leave(): Promise<void> {
    this.#over = true;
    await this.#handovers;
    if (this.#entering) await exit(this.#agent);
  }

  #attach(agent: Agent<UserData>, context: ChatContext): void {
    const { session, instructionsChanged } = this.#options;
    agent.attach(session, context, instructionsChanged);
  }
}

async function exit(agent: Pick<Agent, 'id' | 'onExit'>): Promise<void> {
  const leaves = { over: false };
  try {
    await leaving.run(leaves, () => runHook(`${agent.id}.onExit`, () => agent.onExit()));
  } finally {
    leaves.over = true;
  }
}
