/** The agent whom the user talks to: it enters before it answers, and leaves before another takes over. */
import { randomUUID } from 'node:crypto';
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
}

export class ActiveAgent<UserData> {
  readonly #options: ActiveAgentOptions<UserData>;
  #agent: Agent<UserData>;
  #entering: Promise<void> | null = null;
  #returns: boolean;
  #greets = true;

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

  /**
   * @param leaving runs onExit, until what it says in farewell is made: that is in its own voice
   * @returns the item of the conversation that says so; null when nothing changes. @throws Fault of onExit
   */
  async replace(
    agent: Agent<UserData>,
    leaving: (onExit: Promise<void>) => Promise<void>,
  ): Promise<AgentHandoff | null> {
    const from = this.#agent;
    if (agent === from) return null;
    await leaving(runHook(`${from.id}.onExit`, () => from.onExit()));
    from.detach();
    this.#agent = agent;
    this.#entering = null;
    this.#returns = false;
    // An agent that brings no conversation of its own carries on with this one.
    const brought = agent.chatCtx;
    this.#attach(agent, brought.items.length > 0 ? brought : from.chatCtx);
    return { type: 'agent_handoff', id: randomUUID(), createdAt: Date.now(), from: from.id, to: agent.id };
  }

  /** Lets it leave, if it ever entered. @throws Fault of its hook */
  async leave(): Promise<void> {
    const agent = this.#agent;
    if (this.#entering) await runHook(`${agent.id}.onExit`, () => agent.onExit());
  }

  #attach(agent: Agent<UserData>, context: ChatContext): void {
    const { session, instructionsChanged } = this.#options;
    agent.attach(session, context, instructionsChanged);
  }
}
