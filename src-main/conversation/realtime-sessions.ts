/**
 * The realtime models of a conversation. An agent that does part of the work itself, by a node or a model of its own,
 * keeps the pipeline: speech to speech is for agents that leave all of it to the session, or ask for it.
 */
import type { Llm } from '../speech/llm/llm.ts';
import { isRealtime, type RealtimeModel, type RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import type { Models } from './models.ts';

export class RealtimeSessions {
  readonly #sessions = new Map<RealtimeModel, Map<string | null, RealtimeSession>>();

  /** @returns null for an agent that is served by the pipeline */
  of(agent: Agent, models: Models): RealtimeSession | null {
    const model = realtimeModelOf(agent, models);
    if (!model) return null;
    const voices = this.#sessions.get(model) ?? new Map<string | null, RealtimeSession>();
    this.#sessions.set(model, voices);
    const session = voices.get(agent.voice) ?? model.open(agent.voice);
    voices.set(agent.voice, session);
    return session;
  }

  close(): void {
    for (const voices of this.#sessions.values()) for (const session of voices.values()) session.close();
    this.#sessions.clear();
  }
}

export function realtimeModelOf(agent: Agent, { realtime }: Models): RealtimeModel | null {
  if (agent.llm) return isRealtime(agent.llm) ? agent.llm : null;
  const { stt, llm, tts, worksItself } = agent;
  return worksItself || stt !== undefined || llm !== undefined || tts !== undefined ? null : realtime;
}

/** The language model of an agent's pipeline: its own, or the session's. */
export function llmOf(agent: Agent, models: Models): Llm | null {
  if (agent.llm === undefined) return models.llm;
  return agent.llm && !isRealtime(agent.llm) ? agent.llm : null;
}
