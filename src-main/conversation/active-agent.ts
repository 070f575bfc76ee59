/** The agent whom the user talks to: it enters before it answers, and leaves before another takes over. */
import { randomUUID } from 'node:crypto';
import type { AgentHandoff } from '../speech/llm/chat.ts';
import type { Agent } from './agent.ts';
import type { ChatContext } from './chat-context.ts';
import { runHook } from './hooks.ts';
import type { AgentSession } from './session.ts';

export class ActiveAgent<UserData> {
  readonly #session: AgentSession<UserData>;
  #agent: Agent<UserData>;
  #entering: Promise<void> | null = null;

  /** @param context the conversation as the agent finds it */
  constructor(session: AgentSession<UserData>, agent: Agent<UserData>, context: ChatContext) {
    this.#session = session;
    this.#agent = agent;
    agent.attach(session, context);
  }

  get current(): Agent<UserData> {
    return this.#agent;
  }

  /** Lets it enter, once. @throws Fault of its hook, the first time; the agent is in force all the same */
  enter(): Promise<void> {
    const agent = this.#agent;
    this.#entering ??= runHook(`${agent.id}.onEnter`, () => agent.onEnter()).catch((thrown: unknown) => {
      this.#entering = Promise.resolve();
      throw thrown;
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
    // An agent that brings no conversation of its own carries on with this one.
    const brought = agent.chatCtx;
    agent.attach(this.#session, brought.items.length > 0 ? brought : from.chatCtx);
    return { type: 'agent_handoff', id: randomUUID(), createdAt: Date.now(), from: from.id, to: agent.id };
  }

  /** Lets it leave, if it ever entered; that its hook fails then interests nobody any more. */
  async leave(): Promise<void> {
    const agent = this.#agent;
    if (this.#entering) await runHook(`${agent.id}.onExit`, () => agent.onExit()).catch(() => {});
  }
}
