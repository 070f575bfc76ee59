/**
 * The realtime models of a conversation. An agent keeps the pipeline if it has a model of its own for one of its stages,
 * or overrides a node whose work would be lost: speech to speech takes nothing away from an agent.
 */
import type { Llm } from '../speech/llm/llm.ts';
import { isRealtime, type RealtimeModel, type RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Models, OwnModels } from './models.ts';

export class RealtimeSessions {
  readonly #sessions = new Map<RealtimeModel, Map<string | null, RealtimeSession>>();

  /** @returns null for an agent that is served by the pipeline */
  of(agent: OwnModels, models: Models): RealtimeSession | null {
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

export function realtimeModelOf(agent: OwnModels, { realtime }: Models): RealtimeModel | null {
  if (agent.llm) return isRealtime(agent.llm) ? agent.llm : null;
  const { stt, llm, tts, needsPipeline } = agent;
  return needsPipeline || stt !== undefined || llm !== undefined || tts !== undefined ? null : realtime;
}

/** The language model of an agent's pipeline: its own, or the session's. */
export function llmOf(agent: OwnModels, models: Models): Llm | null {
  if (agent.llm === undefined) return models.llm;
  return agent.llm && !isRealtime(agent.llm) ? agent.llm : null;
}
